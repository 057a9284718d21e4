"""Sets of reasons, numbered, and change events written out (rules 6.1, 6.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from streams.domain.colours import ORDER
from streams.domain.records import Reason
from streams.domain.slots import start_of
from streams.window.shapes import Sets
from streams.window.signals import ARRIVED, GREEN, NO_SIGNAL, STALE, TOO_LITTLE
from streams.window.world import Judged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.domain.records import Colour, ReasonCode

KIND_CODES: Final[tuple[ReasonCode, ...]] = ("STAYED", "NEAR_BOUNDARY", "PASSED_THROUGH")
_BASES: Final[tuple[tuple[int, ReasonCode], ...]] = (
    (ARRIVED, "RECENT_ARRIVAL"),
    (NO_SIGNAL, "NO_SIGNAL"),
    (STALE, "STALE"),
    (TOO_LITTLE, "TOO_LITTLE"),
    (GREEN, "CLEAR"),
)


class KnownSets:
    """Every set of reasons met so far; number 0 is {NO_SIGNAL}, number 1 {CLEAR}."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, tuple[int, ...]], int] = {}
        self._items: list[int] = []
        self._rows: list[tuple[int, int, int]] = []
        self.colours: list[Colour] = []
        self._made: Sets | None = None
        self.number(NO_SIGNAL, ())
        self.number(GREEN, ())

    @property
    def sets(self) -> Sets:
        """Return the sets as compiled code reads them."""
        if self._made is None:
            base, start, count = np.array(self._rows, np.int64).T.copy()
            self._made = Sets(base, start, count, np.array(self._items, np.int64))
        return self._made

    def listed(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Return the sets by number: base and items."""
        return tuple(self._numbers)

    def number(self, base: int, items: tuple[int, ...]) -> int:
        """Return the number of a set, a new one if it was never met."""
        key = base, items
        if key not in self._numbers:
            self._numbers[key] = len(self._rows)
            self._rows.append((base, len(self._items), len(items)))
            self._items += items
            self.colours.append(_colour(base, items))
            self._made = None
        return self._numbers[key]


def _colour(base: int, items: tuple[int, ...]) -> Colour:
    if any(item % 4 == 0 for item in items):
        return "red"
    if items or base & ARRIVED:
        return "yellow"
    return "green" if base == GREEN else "unknown"


def judged(rows: int, items: int) -> Judged:
    """Return room for so many phones that changed, and their items."""
    return Judged(
        phone=np.empty(rows, np.int64),
        base=np.empty(rows, np.int64),
        lasts=np.empty(rows, np.int64),
        start=np.empty(rows + 1, np.int64),
        items=np.empty(items, np.int64),
        first=np.empty(items, np.int64),
        last=np.empty(items, np.int64),
    )


class Verdict(NamedTuple):
    """A phone that changed: its row, what `reasons` takes, and the slot its colour lasts to."""

    row: int
    base: int
    lasts: int
    items: list[tuple[int, int, int]]

    @property
    def keys(self) -> tuple[int, ...]:
        """Return the set's items."""
        return tuple(item for item, _, _ in self.items)


def verdict(found: Judged, number: int) -> Verdict:
    """Return one of the phones that compiled code found changed."""
    row, base, lasts = (int(column[number]) for column in (found.phone, found.base, found.lasts))
    begin, end = found.start[number], found.start[number + 1]
    items, first, last = (column[begin:end].tolist() for column in (found.items, found.first, found.last))
    return Verdict(row, base, lasts, list(zip(items, first, last, strict=True)))


def reasons(
    base: int,
    items: Sequence[tuple[int, int, int]],
    named: Sequence[tuple[str, int]],
    slot_minutes: int,
) -> tuple[Reason, ...]:
    """Write out reasons in the order of rule 6.2; an item is serial * 4 + kind, first and last slot."""
    found = [Reason(code) for bit, code in _BASES if base & bit]
    for item, first, last in items:
        area, version = named[item // 4]
        found.append(
            Reason(
                KIND_CODES[item % 4],
                area,
                version,
                start_of(first, slot_minutes),
                start_of(last + 1, slot_minutes),
                (last - first) * slot_minutes,
            )
        )
    if len(found) > 1:
        found.sort(key=lambda reason: (ORDER.index(reason.code), (reason.area or "").encode()))
    return tuple(found)
