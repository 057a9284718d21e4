"""The journal as it is read: which values are admitted, and that it is whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from streams import codecs
from streams.columns.sightings import all_cells
from streams.domain.records import Excluded, Sightings, TimeAdvanced
from streams.kafka.errors import UnusableError
from streams.window.columns import SightingColumns, columns_of

if TYPE_CHECKING:
    from streams.domain.records import Record

Admitted: TypeAlias = "Record | SightingColumns"
"""A journal record as it is admitted: sightings in columns."""
MILLISECONDS: Final = 1000
EPOCH_BITS: Final = 56
"""Bits of a pseudonym's upper half behind its epoch."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a journal value is a dead letter."""

    reason: str


def admit(
    value: bytes | None,
    append_ms: int,
    max_skew: int,
    resolution: int,
    retired: frozenset[int] = frozenset(),
) -> Admitted | Refused:
    """Return the record of a journal value, or why it must not enter.

    A clock more than `max_skew` seconds after the append would age diaries that are not old (rule 1.4); a hex
    that is no cell of the deployment's resolution would break the fold. Live folding and `replay --journal`
    both ask here, so both see the same records. What is of `retired` key epochs is left out (rule 6.7).
    """
    try:
        record = codecs.decode_columns(value) or codecs.decode_record(value)
    except codecs.CodecError as error:
        return Refused(error.reason)
    if isinstance(record, Sightings):
        record = columns_of(record)
    if record.clock * MILLISECONDS > append_ms + max_skew * MILLISECONDS:
        return Refused("future")
    if isinstance(record, SightingColumns) and not all_cells(record.hexes, resolution):
        return Refused("bad_value")
    return without(record, retired) if retired else record


def without(record: Admitted, retired: frozenset[int]) -> Admitted:
    """Return a record without what it says of phones of retired epochs; its time passes all the same."""
    if isinstance(record, Excluded):
        phone = record.exclusion.phone
        return TimeAdvanced(record.clock) if phone is not None and phone[0] in retired else record
    if not isinstance(record, SightingColumns):
        return record
    kept = ~np.isin(epochs(record.high), list(retired))
    if not kept.any():
        return TimeAdvanced(record.clock)
    return record if kept.all() else SightingColumns(record.clock, *(column[kept] for column in record[1:]))


def epochs(high: Any) -> Any:
    """Return the key epochs of pseudonyms, given their upper halves (int64)."""
    return (high >> EPOCH_BITS) & 0xFF


def check_whole(journal: str, partition: int, first: int) -> None:
    """Raise UnusableError where a journal partition does not begin at its first record."""
    if first > 0:
        raise UnusableError(
            f"{journal}-{partition} begins at {first}, not at 0: what stood before is needed to tell all "
            f"changes again; a journal that shall be replayed is kept whole (retention.ms=-1)"
        )
