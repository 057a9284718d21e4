"""Texts eight bytes at a time, compiled: a word is eight bytes as a big-endian number.

Words are unsigned: numba tells LLVM that signed numbers never overflow, and these would in the highest byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from streams.window.compiled import leaf

if TYPE_CHECKING:
    from streams.window.shapes import Array

    Word = Any
    """An np.uint64."""

WORD: Final = 8
"""Bytes of a word."""
BYTE: Final = np.uint64(8)
"""Bits of a byte."""
FIRST_BYTE: Final = np.uint64(0x80 << 56)
"""The mark of a word's first byte."""
_PLACE: Final = (1 << 62) - 1
_NINE: Final = np.uint64(9)
_FOUR: Final = np.uint64(4)
_SIX: Final = np.uint64(6)
_SIXTEEN: Final = np.uint64(16)
_TO_LETTER: Final = np.uint64(ord("a") - ord("9") - 1)
_ONES: Final = np.uint64(0x0101010101010101)
_SIXES: Final = np.uint64(0x0606060606060606)
_ZEROS: Final = np.uint64(0x3030303030303030)
_COMMAS: Final = np.uint64(0x2C2C2C2C2C2C2C2C)
_ENDS: Final = np.uint64(0x0A0A0A0A0A0A0A0A)
_LOW_BITS: Final = np.uint64(0x7F7F7F7F7F7F7F7F)
_LOW_HALVES: Final = np.uint64(0x0F0F0F0F0F0F0F0F)
_IN_PAIRS: Final = np.uint64(0x00FF00FF00FF00FF)
_IN_FOURS: Final = np.uint64(0x0000FFFF0000FFFF)
_TOGETHER: Final = np.uint64(0x00000000FFFFFFFF)


@leaf
def from_start(at: int) -> int:
    """Return a place as one that is not negative, so that nobody looks whether it counts from the end."""
    return at & _PLACE


@leaf
def word_at(data: Array, at: int) -> Word:
    """Return the eight bytes from `at` on. LLVM makes one load of it."""
    at = from_start(at)
    high = np.uint64(data[at]) << np.uint64(56) | np.uint64(data[at + 1]) << np.uint64(48)
    high |= np.uint64(data[at + 2]) << np.uint64(40) | np.uint64(data[at + 3]) << np.uint64(32)
    low = np.uint64(data[at + 4]) << np.uint64(24) | np.uint64(data[at + 5]) << np.uint64(16)
    return high | low | np.uint64(data[at + 6]) << np.uint64(8) | np.uint64(data[at + 7])


@leaf
def part_at(data: Array, at: int, size: int) -> Word:
    """Return fewer than eight bytes from `at` on, followed by zeros."""
    word = np.uint64(0)
    for i in range(WORD):
        word = word << BYTE | (np.uint64(data[from_start(at) + i]) if i < size else np.uint64(0))
    return word


@leaf
def last_at(data: Array, at: int, size: int) -> Word:
    """Return the last eight bytes of `size` from `at` on; of fewer than eight all, followed by zeros."""
    return word_at(data, at + size - WORD) if size >= WORD else part_at(data, at, size)


@leaf
def _zero_bytes(word: Word) -> Word:
    return ~(((word & _LOW_BITS) + _LOW_BITS) | word | _LOW_BITS)


@leaf
def separators(word: Word) -> Word:
    """Return the marks, a byte's highest bit each, of those bytes that are commas or ends of lines."""
    return _zero_bytes(word ^ _COMMAS) | _zero_bytes(word ^ _ENDS)


@leaf
def hex_of(word: Word) -> tuple[Word, bool]:
    """Return the number of eight hex digits, and whether they are such, all in lower case."""
    digits = (word & _LOW_HALVES) + ((word >> _SIX) & _ONES) * _NINE
    letters = ((digits + _SIXES) >> _FOUR) & _ONES
    # What is spelt again as it was, and as digits below 16, was read rightly.
    good = digits & _LOW_HALVES == digits and digits + _ZEROS + letters * _TO_LETTER == word
    pairs = (digits | digits >> _FOUR) & _IN_PAIRS
    fours = (pairs | pairs >> BYTE) & _IN_FOURS
    return (fours | fours >> _SIXTEEN) & _TOGETHER, good
