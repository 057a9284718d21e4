"""Colour changes in columns (rule 6.2): an object a phone is made only for who wants one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, overload

import numpy as np

from streams.domain import fold
from streams.domain.records import ColourChanged, Reason
from streams.window.columns import pseudonyms
from streams.window.counting import BITS, count
from streams.window.sets import COLOURS
from streams.window.shapes import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.domain.records import Colour, ReasonCode
    from streams.window.headcount import HexSnapshot
    from streams.window.naming import AreaNames
    from streams.window.shapes import Array

KIND_CODES: Final[tuple[ReasonCode, ...]] = ("STAYED", "NEAR_BOUNDARY", "PASSED_THROUGH")
"""Codes that name an area, by an item's kind; in the order of rule 6.2."""
BASES: Final[tuple[tuple[int, ReasonCode], ...]] = tuple(
    zip(BITS, ("RECENT_ARRIVAL", "NO_SIGNAL", "STALE", "TOO_LITTLE", "CLEAR"), strict=True)
)
"""Codes that name none, by their bit of a set's `base`; they stand behind those that do."""
CODES: Final = (*KIND_CODES, *(code for _, code in BASES))
"""All codes, in the order of rule 6.2."""
CHANGE: Final = np.dtype(
    [
        *((name, np.int64) for name in ("high", "low", "sequence", "policy_version", "effective_at")),
        *(("valid_until", np.int64), ("end", np.int32)),
        *(("base", np.uint8), ("colour", np.uint8), ("previous", np.int8)),
    ],
    align=True,
)
"""A change: the pseudonym's halves; seconds, `valid_until` NOTHING for none; where its reasons that name an
area end; the bits of those that do not; colours by their numbers, `previous` FIRST for none."""
REASON: Final = np.dtype(
    [("from_", np.int64), ("until", np.int64), ("dwell", np.int32), ("kind", np.int32), ("area", np.int64)]
)
"""A reason that names an area, by its serial: seconds, dwell in minutes; a change's stand in their order."""
FIRST: Final = -1
"""The previous colour of a phone's first change."""


class ChangeColumns(NamedTuple):
    """Changes of one journal record: `rows` of CHANGE, and their reasons that name an area, of REASON."""

    rows: Array
    reasons: Array
    areas: AreaNames
    partition: int
    offset: int | None


class Changes(Sequence[ColourChanged]):
    """A record's changes in columns; as a sequence it is one of objects, made when first asked for."""

    def __init__(self, columns: Iterable[ChangeColumns] = ()) -> None:
        self.columns = tuple(columns)
        self._made: list[ColourChanged] | None = None

    def __len__(self) -> int:
        return sum(len(one.rows) for one in self.columns)

    @overload
    def __getitem__(self, at: int) -> ColourChanged: ...
    @overload
    def __getitem__(self, at: slice) -> list[ColourChanged]: ...
    def __getitem__(self, at: int | slice) -> ColourChanged | list[ColourChanged]:
        return self._objects()[at]

    def __iter__(self) -> Iterator[ColourChanged]:
        return iter(self._objects())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._objects() == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self._objects())

    def tally(self) -> Counter[tuple[Colour, ReasonCode]]:
        """Count the changes by colour and first reason."""
        found = np.zeros((len(COLOURS), len(CODES)), np.int64)
        for rows, reasons, *_ in self.columns:
            count(rows, reasons, found)
        return Counter(
            {(COLOURS[at], CODES[code]): int(found[at, code]) for at, code in np.argwhere(found).tolist()}
        )

    def _objects(self) -> list[ColourChanged]:
        if self._made is None:
            self._made = [change for one in self.columns for change in changes_of(one)]
        return self._made


@dataclass(slots=True, eq=False)
class Outcome(fold.Outcome):
    """What applying one record did, its changes in columns; equal to the fold's that says the same."""

    changes: Changes = field(default_factory=Changes)
    counts: list[HexSnapshot] = field(default_factory=list)
    """The snapshots taken on the way, where phones are counted (`headcount.py`)."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, fold.Outcome) and all(
            getattr(self, name) == getattr(other, name) for name in fold.Outcome.__slots__
        )

    __hash__ = None  # type: ignore[assignment]


def changes_of(columns: ChangeColumns) -> Iterator[ColourChanged]:
    """Yield the changes as objects."""
    named, rows = columns.areas.listed(), columns.rows
    phones, reasons = pseudonyms(rows["high"], rows["low"]), columns.reasons.tolist()
    begin = 0
    for phone, (*_, sequence, version, at, until, end, base, colour, previous) in zip(
        phones, rows.tolist(), strict=True
    ):
        yield ColourChanged(
            phone=phone,
            sequence=sequence,
            previous=None if previous == FIRST else COLOURS[previous],
            colour=COLOURS[colour],
            reasons=(*_naming(reasons[begin:end], named), *_bare(base)),
            policy_version=version,
            effective_at=at,
            valid_until=None if until == NOTHING else until,
            partition=columns.partition,
            offset=columns.offset,
        )
        begin = end


def _naming(reasons: list[Any], named: list[tuple[str, int]]) -> Iterator[Reason]:
    for from_, until, dwell, kind, area in reasons:
        name, version = named[area]
        yield Reason(KIND_CODES[kind], name, version, from_, until, dwell)


def _bare(base: int) -> Iterator[Reason]:
    return (Reason(code) for bit, code in BASES if base & bit)
