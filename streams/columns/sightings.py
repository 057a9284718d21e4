"""The journal's records of sightings, compiled: bytes in, columns out, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from streams.columns.avro import HALF, ODD, PHONE, half_at, number_at, put_half, put_number
from streams.columns.cells import is_cell
from streams.columns.events import numbers_at
from streams.window.compiled import entry

if TYPE_CHECKING:
    from streams.window.shapes import Array

LATEST: Final = 253_402_300_799
"""The last second of the year 9999: a time after it is no time."""
ROOM: Final = PHONE + 2 * 10 + 1
"""Bytes that a sighting takes at most."""
RECORD_ROOM: Final = 64
"""Bytes that a record takes at most beside its head and its sightings: seven numbers of at most nine."""


@entry
def read_sightings(
    data: Array, at: int, end: int, most: int
) -> tuple[int, int, Array, Array, Array, Array, Array]:
    """Read the body of a record of at most `most` sightings.

    Returns how many there are, ODD for a record that the codecs must read, and what `SightingColumns` holds.
    """
    clock, at = number_at(data, at, end)
    size, at = number_at(data, at, end)
    count = size // PHONE if at != ODD and 0 <= size <= end - at and size % PHONE == 0 else ODD
    if count > most or not 0 <= clock <= LATEST:
        count = ODD
    room = max(count, 0)
    high, low = np.empty(room, np.int64), np.empty(room, np.int64)
    hexes, slots, coarse = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64)
    if count == ODD:
        return ODD, clock, high, low, hexes, slots, coarse
    for i in range(count):
        high[i], low[i] = half_at(data, at), half_at(data, at + HALF)
        at += PHONE
    at = numbers_at(data, at, end, hexes)
    at = numbers_at(data, at, end, slots)
    size, at = number_at(data, at, end)
    if at == ODD or size != count or end - at != count:
        return ODD, clock, high, low, hexes, slots, coarse
    for i in range(count):
        coarse[i] = 1 if data[at + i] != 0 else 0
    return count, clock, high, low, hexes, slots, coarse


@entry
def all_cells(hexes: Array, resolution: int) -> bool:
    """Say whether all numbers are cells of a resolution."""
    for i in range(len(hexes)):
        if not (i and hexes[i] == hexes[i - 1]) and not is_cell(hexes[i], resolution):
            return False
    return True


@entry
def write_sightings(
    head: Array,
    high: Array,
    low: Array,
    hexes: Array,
    coarse: Array,
    seconds: Array,
    order: Array,
    ends: Array,
    slot_seconds: int,
) -> tuple[Array, Array]:
    """Write records of sightings, which stand in `order`, each up to one of `ends`; `head` begins each value.

    A record's clock is the largest time seen in it (rule 1.2). Returns the bytes of all, and where each ends.
    """
    out = np.empty(len(order) * ROOM + len(ends) * (len(head) + RECORD_ROOM), np.uint8)
    ended = np.empty(len(ends), np.int64)
    at, first = 0, 0
    for record in range(len(ends)):
        last = ends[record]
        some = order[first:last]
        clock = seconds[some[0]]
        for one in some:
            clock = max(clock, seconds[one])
        out[at : at + len(head)] = head
        at = put_number(out, at + len(head), clock)
        at = put_number(out, at, len(some) * PHONE)
        for one in some:
            at = put_half(out, put_half(out, at, high[one]), low[one])
        at = put_number(out, at, len(some))
        for one in some:
            at = put_number(out, at, hexes[one])
        at = put_number(out, put_number(out, at, 0), len(some))
        for one in some:
            at = put_number(out, at, seconds[one] // slot_seconds)
        at = put_number(out, put_number(out, at, 0), len(some))
        for one in some:
            out[at] = coarse[one]
            at += 1
        ended[record], first = at, last
    return out, ended


@entry
def cut(order: Array, numbers: Array, seconds: Array, slot_seconds: int, most: int) -> Array:
    """Return where the records end into which sightings are cut that stand in `order`, by partition.

    A record ends with its partition (`numbers`), with `most` sightings, and before one that would move the
    partition's latest time into another slot, as `replay` cuts.
    """
    ends = np.empty(len(order), np.int64)
    count, begun, latest = 0, 0, 0
    for i in range(len(order)):
        slot = seconds[order[i]] // slot_seconds
        if i == 0 or numbers[order[i]] != numbers[order[i - 1]]:
            whole, latest = i > 0, slot
        else:
            whole = slot > latest or i - begun == most
            latest = max(latest, slot)
        if whole:
            ends[count] = i
            count, begun = count + 1, i
    if len(order):
        ends[count] = len(order)
        count += 1
    return ends[:count]
