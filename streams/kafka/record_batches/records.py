"""The records of batches, compiled: where each key and value stands, its offset and its time.

A record is its length, attributes (a byte), the deltas of time and offset, key, value and headers; numbers
are zigzag varints: https://kafka.apache.org/documentation/#record
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from streams.window.compiled import compiled, entry

if TYPE_CHECKING:
    from streams.window.shapes import Array

NONE: Final = -1
"""The size of a key or value that is null; where reading would go on, if it cannot; no batch."""
LEAST: Final = 7
"""Bytes that a record takes at least: one for each of its seven parts."""
LONGEST: Final = 10
"""Bytes of the longest number."""


@compiled
def number_at(data: Array, at: int, end: int) -> tuple[int, int]:
    """Return the number that begins at `at`, and where the next begins; NONE if it is cut off or too long."""
    found, shift = 0, 0
    while at != NONE and at < end and shift < LONGEST * 7:
        byte = int(data[at])
        at += 1
        found |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 - the last of a number
            # The bits are those of an unsigned number, whose sign is the lowest.
            return ((found >> 1) & 0x7FFFFFFFFFFFFFFF) ^ -(found & 1), at
        shift += 7
    return 0, NONE


@compiled
def bytes_at(data: Array, at: int, end: int) -> tuple[int, int, int]:
    """Return where the bytes begin whose size stands at `at`, their size, and where the next begins."""
    size, at = number_at(data, at, end)
    if at == NONE or size > end - at:
        return NONE, NONE, NONE
    return (at, size, at + size) if size >= 0 else (at, NONE, at)


@compiled
def after_headers(data: Array, at: int, end: int) -> int:
    """Return where the headers end that begin at `at`; a key of theirs is never null."""
    count, at = number_at(data, at, end)
    if count < 0:
        return NONE
    while count > 0 and at != NONE:
        _, size, at = bytes_at(data, at, end)
        if size == NONE:
            return NONE
        _, _, at = bytes_at(data, at, end)
        count -= 1
    return at


@entry
def read_records(
    data: Array, batches: Array, room: int
) -> tuple[int, int, Array, Array, Array, Array, Array, Array, Array]:
    """Read the records of `batches`, `room` at most.

    A batch is seven numbers (int64): where its records begin and end in `data` (uint8), their count, the
    offset and the time (ms) the deltas are from, the lowest offset wanted, and its append time (ms), NONE if
    it has none. Returns how many records were wanted, the number of the first broken batch (NONE: all are
    whole), then offset, time (ms), whether that is an append time (uint8), start and size of key, start and
    size of value.
    """
    offset, timestamp, by_broker = (
        np.empty(room, np.int64),
        np.empty(room, np.int64),
        np.empty(room, np.uint8),
    )
    key, key_size = np.empty(room, np.int64), np.empty(room, np.int64)
    value, value_size = np.empty(room, np.int64), np.empty(room, np.int64)
    found, broken = 0, NONE
    for number in range(len(batches)):
        at, end, count, base, begun, due, appended = batches[number]
        for _ in range(count):
            length, at = number_at(data, at, end)
            if at == NONE or not 0 < length <= end - at:
                at = NONE
                break
            stop = at + length
            passed, at = number_at(data, at + 1, stop)
            delta, at = number_at(data, at, stop)
            key[found], key_size[found], at = bytes_at(data, at, stop)
            value[found], value_size[found], at = bytes_at(data, at, stop)
            at = after_headers(data, at, stop)
            if at != stop:
                at = NONE
                break
            if base + delta >= due:
                offset[found] = base + delta
                timestamp[found] = begun + passed if appended == NONE else appended
                by_broker[found] = appended != NONE
                due = base + delta + 1
                found += 1
        if at != end:
            broken = number
            break
    return found, broken, offset, timestamp, by_broker, key, key_size, value, value_size
