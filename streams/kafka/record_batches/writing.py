"""Records written into a batch, compiled: what `records.py` reads.

The records of a batch are all of one time, so that the delta of their time is 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.window.compiled import compiled, entry

if TYPE_CHECKING:
    from streams.window.shapes import Array

A_RECORD: Final = 24
"""Bytes of a record that suffice for what is neither key, value nor headers."""


@compiled
def size_of(number: int) -> int:
    """Return how many bytes a number takes that is not negative."""
    size, left = 1, number >> 6
    while left:
        size, left = size + 1, left >> 7
    return size


@compiled
def put_number(out: Array, at: int, number: int) -> int:
    """Write a number that is not negative and return where the next byte goes."""
    left = number << 1
    while left & ~0x7F:
        out[at] = (left & 0x7F) | 0x80
        at += 1
        left >>= 7
    out[at] = left
    return at + 1


@compiled
def put_bytes(out: Array, at: int, data: Array, begin: int, end: int) -> int:
    """Write bytes and return where the next go."""
    for i in range(end - begin):
        out[at + i] = data[begin + i]
    return at + end - begin


@entry
def put_records(data: Array, spans: Array, first: int, count: int, out: Array, at: int) -> tuple[int, int]:
    """Write records from number `first` on, after `count` others, while there is room in `out` from `at` on.

    `spans` has a row for each: where key, value and headers begin and end in `data` (both uint8), headers as
    a record has them. Returns the number of the first record left, and where the next one goes. As with
    aiokafka's compiled builder, no record that others stand before takes the last byte.
    """
    for number in range(first, len(spans)):
        key, key_end, value, value_end, headers, headers_end = spans[number]
        size = (
            2
            + size_of(count)
            + size_of(key_end - key)
            + (key_end - key)
            + size_of(value_end - value)
            + (value_end - value)
            + (headers_end - headers)
        )
        if at + size_of(size) + size >= len(out):
            return number, at
        at = put_number(out, at, size)
        out[at] = out[at + 1] = 0
        at = put_number(out, at + 2, count)
        at = put_bytes(out, put_number(out, at, key_end - key), data, key, key_end)
        at = put_bytes(out, put_number(out, at, value_end - value), data, value, value_end)
        at = put_bytes(out, at, data, headers, headers_end)
        count += 1
    return len(spans), at
