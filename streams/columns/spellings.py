"""A table of short texts, compiled: which of them a stretch of bytes is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from streams.columns.words import WORD, last_at, word_at
from streams.window.compiled import entry, leaf

if TYPE_CHECKING:
    from streams.window.shapes import Array

UNKNOWN: Final = -1
_BASIS: Final = np.uint64(0xCBF29CE484222325)
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
_HIGH_HALF: Final = np.uint64(32)


@leaf
def place_of(data: Array, start: int, size: int, mask: int) -> int:
    """Return where in a table a text is looked for first."""
    mixed = _BASIS
    for at in range(0, size - WORD + 1, WORD):
        mixed = mixed_with(mixed, word_at(data, start + at))
    mixed = mixed_with(mixed, last_at(data, start, size))
    return int(np.int64(mixed >> _HIGH_HALF)) & mask


@leaf
def mixed_with(mixed: Any, word: Any) -> Any:
    """Return a hash with one more word taken into it."""
    mixed = (mixed ^ word) * _FACTOR
    return mixed ^ mixed >> _HIGH_HALF


@leaf
def same(text: Array, begin: int, data: Array, start: int, size: int) -> bool:
    """Say whether two stretches are of the same bytes."""
    for at in range(0, size - WORD + 1, WORD):
        if word_at(text, begin + at) != word_at(data, start + at):
            return False
    return bool(last_at(text, begin, size) == last_at(data, start, size))


@entry
def find(
    table: Array, text: Array, begin: Array, length: Array, data: Array, start: Array, size: Array
) -> tuple[Array, int]:
    """Return the number of each text of `data`, UNKNOWN for one that has none, and how many have none.

    `table` (of a power of two places) holds the known ones' numbers plus one, 0 for an empty place; each
    stands in `text`, from `begin`, `length` bytes long.
    """
    found = np.empty(len(start), np.int64)
    unknown = 0
    mask = len(table) - 1
    for i in range(len(start)):
        at = place_of(data, start[i], size[i], mask)
        number = table[at] - 1
        while number != UNKNOWN and not (
            length[number] == size[i] and same(text, begin[number], data, start[i], size[i])
        ):
            at = (at + 1) & mask
            number = table[at] - 1
        found[i] = number
        if number == UNKNOWN:
            unknown += 1
    return found, unknown


@entry
def enter(table: Array, text: Array, begin: Array, length: Array, first: int, end: int) -> None:
    """Put the texts numbered from `first` to before `end` into a table in which they do not stand yet."""
    mask = len(table) - 1
    for number in range(first, end):
        at = place_of(text, begin[number], length[number], mask)
        while table[at] != 0:
            at = (at + 1) & mask
        table[at] = number + 1
