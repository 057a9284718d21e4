"""Sightings in arrays: what decoders hand the window, without an object a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from streams.window.book import halves

if TYPE_CHECKING:
    from streams.domain.records import Sightings
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
