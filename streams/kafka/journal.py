"""The journal as it is read: which values are admitted, and that it is whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from streams import codecs
from streams.columns.sightings import all_cells
from streams.domain.records import Sightings
from streams.kafka.errors import UnusableError
from streams.window.columns import SightingColumns, columns_of

if TYPE_CHECKING:
    from streams.domain.records import Record

Admitted: TypeAlias = "Record | SightingColumns"
"""A journal record as it is admitted: sightings in columns."""
MILLISECONDS: Final = 1000


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a journal value is a dead letter."""

    reason: str


def admit(value: bytes | None, append_ms: int, max_skew: int, resolution: int) -> Admitted | Refused:
    """Return the record of a journal value, or why it must not enter.

    A clock more than `max_skew` seconds after the append would age diaries that are not old (rule 1.4); a hex
    that is no cell of the deployment's resolution would break the fold. Live folding and `replay --journal`
    both ask here, so both see the same records.
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
    return record


def check_whole(journal: str, partition: int, first: int) -> None:
    """Raise UnusableError where a journal partition does not begin at its first record."""
    if first > 0:
        raise UnusableError(
            f"{journal}-{partition} begins at {first}, not at 0: what stood before is needed to tell all "
            f"changes again; a journal that shall be replayed is kept whole (retention.ms=-1)"
        )
