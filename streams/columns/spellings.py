"""A table of short texts, compiled: which of them a stretch of bytes is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from streams.window.compiled import compiled, entry

if TYPE_CHECKING:
    from streams.window.shapes import Array

UNKNOWN: Final = -1
_BASIS: Final = -3_750_763_034_362_895_579
_PRIME: Final = 1_099_511_628_211
"""FNV-1a's, of 64 bits."""


@compiled
def place_of(data: Array, start: int, size: int, mask: int) -> int:
    """Return where in a table a text is looked for first."""
    mixed = _BASIS
    for at in range(start, start + size):
        mixed = (mixed ^ int(data[at])) * _PRIME
    return (mixed ^ (mixed >> 32)) & mask


@compiled
def same(text: Array, begin: int, data: Array, start: int, size: int) -> bool:
    """Say whether two stretches are of the same bytes."""
    i = 0
    while i < size and text[begin + i] == data[start + i]:
        i += 1
    return i == size


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
