"""Avro's binary encoding, compiled: numbers of variable length, pseudonyms of 16 bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from streams.columns.words import word_at
from streams.window.compiled import compiled, leaf

if TYPE_CHECKING:
    from streams.window.shapes import Array

ODD: Final = -1
"""Where reading would go on, if there is nothing that this reader reads."""
PHONE: Final = 16
"""Bytes of a pseudonym."""
HALF: Final = 8
LONGEST: Final = 10
"""Bytes of the longest number."""


@compiled
def number_at(data: Array, at: int, end: int) -> tuple[int, int]:
    """Return the number that begins at `at`, and where the next begins; ODD if it is cut off or no long."""
    found, shift = 0, 0
    while at != ODD and at < end and shift < LONGEST * 7:
        byte = int(data[at])
        at += 1
        if shift == (LONGEST - 1) * 7 and byte > 1:
            return 0, ODD
        found |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:  # noqa: PLR2004 - the last of a number
            # The bits are those of an unsigned number, whose sign is the lowest.
            return ((found >> 1) & 0x7FFFFFFFFFFFFFFF) ^ -(found & 1), at
    return 0, ODD


@compiled
def block_at(data: Array, at: int, end: int) -> tuple[int, int]:
    """Return how many items the block of an array has that begins at `at`, and where they begin."""
    count, at = number_at(data, at, end)
    if count < 0:
        count = -count
        _, at = number_at(data, at, end)
    # An item takes a byte at least, so more is odd; so is the lowest number, whose minus is itself.
    return (count, at) if 0 <= count <= end - at else (0, ODD)


@leaf
def half_at(data: Array, at: int) -> int:
    """Return half a pseudonym as a big-endian number."""
    return int(np.int64(word_at(data, at)))


@compiled
def put_number(out: Array, at: int, number: int) -> int:
    """Write a number and return where the next goes."""
    left = (number << 1) ^ (number >> 63)
    while left & ~0x7F:
        out[at] = (left & 0x7F) | 0x80
        at += 1
        left = (left >> 7) & 0x01FFFFFFFFFFFFFF
    out[at] = left
    return at + 1


@compiled
def put_half(out: Array, at: int, half: int) -> int:
    """Write half a pseudonym and return where the next byte goes."""
    for place in range(HALF):
        out[at + place] = (half >> (56 - 8 * place)) & 0xFF
    return at + HALF
