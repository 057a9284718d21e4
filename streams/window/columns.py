"""Sightings in arrays: what decoders hand the window, without an object a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from streams.domain.records import Sightings
from streams.window.book import halves

if TYPE_CHECKING:
    from streams.domain.records import Record
    from streams.window.shapes import Array


class SightingColumns(NamedTuple):
    """A journal record of sightings (`streams.domain.records.Sightings`) in arrays of one length.

    `clock` in seconds by rule 1.2; `high` and `low` (int64) the pseudonyms' halves as big-endian numbers;
    `hexes` (int64), `slots` (int64) by rule 1.1, `coarse` (int64, 0 or 1).
    """

    clock: int
    high: Array
    low: Array
    hexes: Array
    slots: Array
    coarse: Array


def columns_of(record: Sightings) -> SightingColumns:
    """Return a record's columns."""
    return SightingColumns(
        record.clock,
        *halves(record.phones),
        np.array(record.hexes, np.int64),
        np.array(record.slots, np.int64),
        np.array(record.coarse, np.int64),
    )


def one_kind(column: Array) -> Array:
    """Return a column as compiled code that looks at no types takes it: int64, without gaps."""
    return np.ascontiguousarray(column, np.int64)


def record_of(columns: Record | SightingColumns) -> Record:
    """Return the record of these columns, for those who want an object a phone; any other is returned."""
    if not isinstance(columns, SightingColumns):
        return columns
    return Sightings(
        columns.clock,
        pseudonyms(columns.high, columns.low),
        columns.hexes.tolist(),
        columns.slots.tolist(),
        columns.coarse.astype(bool).tolist(),
    )


def pseudonyms(high: Array, low: Array) -> list[bytes]:
    """Return the pseudonyms that have these halves."""
    whole = np.stack((high, low), 1).astype(">i8").tobytes()
    return [whole[at : at + 16] for at in range(0, len(whole), 16)]
