"""Sets of reasons, numbered: two changes differ just where the numbers of their sets do (rule 6.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from streams.window.compiled import compiled, entry
from streams.window.hashing import A, product
from streams.window.shapes import Sets
from streams.window.signals import ARRIVED, GREEN, NO_SIGNAL

if TYPE_CHECKING:
    from streams.domain.records import Colour
    from streams.window.shapes import Array

COLOURS: Final[tuple[Colour, ...]] = ("red", "yellow", "green", "unknown")
RED: Final = 0
YELLOW: Final = 1
CLEARED: Final = 2
UNKNOWN: Final = 3
"""Numbers of colours, by their place in COLOURS."""
FIRST: Final = 64
SETS: Final = 0
ITEMS: Final = 1
"""Places in `taken`."""


class KnownSets:
    """Every set of reasons met so far; number 0 is {NO_SIGNAL}, number 1 {CLEAR}."""

    def __init__(self) -> None:
        self.sets = Sets(
            base=np.zeros(FIRST, np.int64),
            start=np.zeros(FIRST, np.int64),
            count=np.zeros(FIRST, np.int64),
            items=np.zeros(FIRST, np.int64),
            colour=np.zeros(FIRST, np.uint8),
            table=np.full(FIRST * 2, -1, np.int32),
            taken=np.zeros(2, np.int64),
        )
        self.number(NO_SIGNAL, ())
        self.number(GREEN, ())

    def listed(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Return the sets by number: base and items."""
        return tuple(self.one(number) for number in range(int(self.sets.taken[SETS])))

    def one(self, number: int) -> tuple[int, tuple[int, ...]]:
        """Return a set: base and items."""
        sets, start = self.sets, int(self.sets.start[number])
        items = sets.items[start : start + int(sets.count[number])]
        return int(sets.base[number]), tuple(items.tolist())

    def colour(self, number: int) -> Colour:
        """Return the colour that a set of reasons stands for."""
        return COLOURS[int(self.sets.colour[number])]

    def number(self, base: int, items: tuple[int, ...]) -> int:
        """Return the number of a set, a new one if it was never met; items in order."""
        self.reserve(1, len(items))
        return number_of(self.sets, base, np.array(items, np.int64), 0, len(items))

    def reserve(self, sets: int, items: int) -> None:
        """Make sure that there is room for so many new sets, and items of theirs."""
        known = self.sets
        base, start, count, colour = (
            _room(column, int(known.taken[SETS]) + sets)
            for column in (known.base, known.start, known.count, known.colour)
        )
        made = Sets(
            base,
            start,
            count,
            _room(known.items, int(known.taken[ITEMS]) + items),
            colour,
            known.table,
            known.taken,
        )
        if len(base) * 2 > len(known.table):
            made = made._replace(table=np.full(len(base) * 2, -1, np.int32))
            index_sets(made)
        self.sets = made


def _room(column: Array, rows: int) -> Array:
    """Return a column with room for so many rows, at least twice as long where it has to grow."""
    if rows <= len(column):
        return column
    size = len(column)
    while size < rows:
        size *= 2
    grown = np.zeros(size, column.dtype)
    grown[: len(column)] = column
    return grown


@compiled
def place_of(sets: Sets, base: int, items: Array, begin: int, end: int) -> int:
    """Return where a set stands in the table, or where it goes."""
    mask = len(sets.table) - 1
    mixed = product(base, A)
    for i in range(begin, end):
        mixed = product(mixed ^ (mixed >> 29) ^ items[i], A)
    at = (mixed >> 32) & mask
    while sets.table[at] >= 0:
        number = sets.table[at]
        if sets.base[number] == base and sets.count[number] == end - begin:
            same, start = True, sets.start[number]
            for i in range(end - begin):
                if sets.items[start + i] != items[begin + i]:
                    same = False
                    break
            if same:
                return at
        at = (at + 1) & mask
    return at


@compiled
def colour_of(base: int, items: Array, begin: int, end: int) -> int:
    """Return the colour of a set of reasons (rules 5.1 to 5.6); an item's kind 0 is a stay."""
    for i in range(begin, end):
        if items[i] % 4 == 0:
            return RED
    if end > begin or base & ARRIVED:
        return YELLOW
    return CLEARED if base == GREEN else UNKNOWN


@entry
def number_of(sets: Sets, base: int, items: Array, begin: int, end: int) -> int:
    """Return the number of the set of `base` and items `begin` to before `end`; a new one has room."""
    at = place_of(sets, base, items, begin, end)
    number = int(sets.table[at])
    if number < 0:
        number, start = int(sets.taken[SETS]), int(sets.taken[ITEMS])
        sets.table[at] = number
        sets.base[number], sets.start[number], sets.count[number] = base, start, end - begin
        sets.colour[number] = colour_of(base, items, begin, end)
        for i in range(begin, end):
            sets.items[start + i - begin] = items[i]
        sets.taken[SETS] = number + 1
        sets.taken[ITEMS] = start + end - begin
    return number


@entry
def index_sets(sets: Sets) -> None:
    """Let the sets be found in a table that was made anew."""
    for number in range(sets.taken[SETS]):
        start = sets.start[number]
        at = place_of(sets, sets.base[number], sets.items, start, start + sets.count[number])
        sets.table[at] = number
