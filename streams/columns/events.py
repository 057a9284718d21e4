"""LocationEvents and LocationBatches, compiled: many values in, columns out (D7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from streams.columns.avro import HALF, ODD, PHONE, block_at, half_at, number_at
from streams.window.compiled import compiled, entry

if TYPE_CHECKING:
    from streams.window.shapes import Array

EVENT: Final = 1
"""The kind of a head before a LocationEvent."""
BATCH: Final = 2
"""The kind of a head before a LocationBatch."""
ASCII: Final = 0x80


@compiled
def text_at(data: Array, at: int, end: int) -> tuple[int, int]:
    """Return where a text begins and where it ends; ODD for both unless it is there and ASCII."""
    length, at = number_at(data, at, end)
    if at == ODD or not 0 <= length <= end - at:
        return ODD, ODD
    for place in range(at, at + length):
        if data[place] >= ASCII:
            return ODD, ODD
    return at, at + length


@compiled
def headed(data: Array, start: int, size: int, heads: Array, lengths: Array) -> int:
    """Return the number of the head with which a value begins, ODD for none."""
    for head in range(len(lengths)):
        length = lengths[head]
        place = 0
        while place < length and place < size and data[start + place] == heads[head, place]:
            place += 1
        if place == length:
            return head
    return ODD


@entry
def read_events(
    data: Array,
    start: Array,
    size: Array,
    heads: Array,
    lengths: Array,
    kinds: Array,
    most: Array,
) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Read the LocationEvents among values; a row a value.

    `heads` (uint8, a row each, of `lengths`) are what values may begin with, `kinds` what stands behind
    each, `most` the largest value with it that is read. Returns by value its kind (EVENT, BATCH, or 0 for one
    that the codecs must read), the pseudonym's halves, where the cell's text begins and how long it is, and
    milliseconds; of a batch where the body begins, in place of the text.
    """
    count = len(start)
    kind = np.zeros(count, np.int64)
    high, low = np.empty(count, np.int64), np.empty(count, np.int64)
    text, length = np.zeros(count, np.int64), np.zeros(count, np.int64)
    seen_ms = np.empty(count, np.int64)
    for i in range(count):
        head = headed(data, start[i], size[i], heads, lengths)
        if head == ODD or size[i] > most[head]:
            continue
        at, end = start[i] + lengths[head], start[i] + size[i]
        if kinds[head] == BATCH:
            kind[i], text[i] = BATCH, at
        elif end - at > PHONE:
            first, last = text_at(data, at + PHONE, end)
            seen, after = number_at(data, last, end)
            if after == end:
                kind[i], seen_ms[i] = EVENT, seen
                high[i], low[i] = half_at(data, at), half_at(data, at + HALF)
                text[i], length[i] = first, last - first
    return kind, high, low, text, length, seen_ms


@entry
def read_batch(
    data: Array, at: int, end: int, most: int
) -> tuple[int, Array, Array, Array, Array, Array, Array]:
    """Read the body of a LocationBatch of at most `most` sightings.

    Returns how many there are, ODD for a batch that the codecs must read; the pseudonyms' halves; by tower
    where its text begins and how long it is; by sighting the tower's number and milliseconds.
    """
    size, at = number_at(data, at, end)
    count = size // PHONE if at != ODD and 0 <= size <= end - at and size % PHONE == 0 else ODD
    room = count if 0 <= count <= most else 0
    high, low = np.empty(room, np.int64), np.empty(room, np.int64)
    cell, seen_ms = np.empty(room, np.int64), np.empty(room, np.int64)
    if count != room:
        text, length, _ = texts_at(data, ODD, end)
        return ODD, high, low, text, length, cell, seen_ms
    for i in range(count):
        high[i], low[i] = half_at(data, at), half_at(data, at + HALF)
        at += PHONE
    text, length, at = texts_at(data, at, end)
    at = numbers_at(data, at, end, cell)
    at = numbers_at(data, at, end, seen_ms)
    for i in range(count):
        if not 0 <= cell[i] < len(text):
            at = ODD
    return (count if at == end else ODD), high, low, text, length, cell, seen_ms


@compiled
def texts_at(data: Array, at: int, end: int) -> tuple[Array, Array, int]:
    """Return where each text of an array begins, how long it is, and where reading goes on."""
    begin, length = np.empty(0, np.int64), np.empty(0, np.int64)
    while at != ODD:
        count, at = block_at(data, at, end)
        if at == ODD or count == 0:
            break
        known = len(begin)
        begin = np.concatenate((begin, np.empty(count, np.int64)))
        length = np.concatenate((length, np.empty(count, np.int64)))
        for i in range(known, known + count):
            first, at = text_at(data, at, end)
            if at == ODD:
                break
            begin[i], length[i] = first, at - first
    return begin, length, at


@compiled
def numbers_at(data: Array, at: int, end: int, numbers: Array) -> int:
    """Read an array of exactly as many numbers as there is room for; return where reading goes on."""
    done = 0
    while at != ODD:
        count, at = block_at(data, at, end)
        if at == ODD or count == 0:
            break
        if count > len(numbers) - done:
            return ODD
        for i in range(done, done + count):
            numbers[i], at = number_at(data, at, end)
        done += count
    return at if done == len(numbers) else ODD
