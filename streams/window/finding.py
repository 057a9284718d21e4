"""Phones' rows by pseudonym: an open-addressed table of row numbers, 0 for an empty place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.window.compiled import compiled, entry, leaf
from streams.window.hashing import A, B, product
from streams.window.shapes import MARK, NEXT

if TYPE_CHECKING:
    from streams.window.shapes import Array, Entries, Limits, Phones

AHEAD: Final = 64
"""Sightings whose phones are looked at at once before they are entered."""


@leaf
def first_place(table: Array, high: int, low: int) -> int:
    """Return where in the table a phone is looked for first."""
    mixed = product(high ^ product(low, A), B)
    return (mixed ^ (mixed >> 32)) & (len(table) - 1)


@entry
def row_of(table: Array, phones: Phones, high: int, low: int) -> int:
    """Return a phone's row, or minus its place in the table less one if it is not known."""
    mask = len(table) - 1
    at = first_place(table, high, low)
    while True:
        row = table[at]
        if row == 0:
            return -at - 1
        if phones.hot[row].low == low and phones.hot[row].high == high:
            return int(row)
        at = (at + 1) & mask


@entry
def index_again(table: Array, phones: Phones, count: int) -> None:
    """Put the phones of rows 1 to `count` into an empty table."""
    for row in range(1, count + 1):
        table[-row_of(table, phones, phones.hot[row].high, phones.hot[row].low) - 1] = row


@compiled
def look_ahead(
    table: Array,
    phones: Phones,
    entries: Entries,
    limits: Limits,
    highs: Array,
    lows: Array,
    slots: Array,
    begin: int,
    end: int,
    room: Array,
) -> None:
    """Read what entering some sightings will read; nothing hangs on it, but it is in the cache then.

    Each load of a phone's needs the one before, and none those of another phone: read side by side they wait
    for memory together (a fourth of entering 20,000 phones' sightings, measured). What was read goes into
    `room`, lest the compiler leave it out.
    """
    ring_days = phones.heads.shape[1]
    for i in range(begin, end):
        room[i] = table[first_place(table, highs[i], lows[i])]
    read = 0
    for i in range(begin, end):
        phone = room[i]
        read ^= phones.hot[phone].low ^ phones.seats[phone].latest
        room[i] = phones.heads[phone, slots[i] // limits.day % ring_days]
    for i in range(begin, end):
        room[i] = entries.rows[room[i], NEXT]
    for i in range(begin, end):
        room[i] = entries.rows[room[i], MARK] ^ read
