"""Phones and entries packed into bytes and back: numbers in sevens of bits, slots without their empty bytes.

A number is written lowest seven bits first, the eighth bit of a byte saying that more come; one that may be
negative has its sign in the lowest bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from streams.window.compiled import compiled, entry
from streams.window.shapes import BITS, BLOCK, CALM, MARK, NEVER, NEXT, PHONE, RANGING, STRUCK, TOUCHED, WORD

if TYPE_CHECKING:
    from streams.window.shapes import Array

LASTING: Final = TOUCHED | RANGING | STRUCK | CALM
"""The phones' flags that are part of the state; the others are of the work at hand."""
LONGEST: Final = 5
"""Bytes of the longest number of 32 bits."""
A_PHONE: Final = 16 + 6 * LONGEST
"""The most bytes of a phone."""
BYTES: Final = WORD // 8
NO_ROOM: Final = -1
"""What unpacking returns where the bytes cannot be of this state."""


def an_entry(words: int) -> int:
    """Return the most bytes of an entry whose day has so many words."""
    return 2 * LONGEST + -(-words * BYTES // 8) + words * BYTES


@compiled
def put(out: Array, at: int, number: int) -> int:
    """Write a number that is not negative; return where the next one goes."""
    while number > 0x7F:  # noqa: PLR2004 - seven bits
        out[at] = (number & 0x7F) | 0x80
        number >>= 7
        at += 1
    out[at] = number
    return at + 1


@compiled
def take(given: Array, at: int) -> tuple[int, int]:
    """Read a number; return it and where the next one begins."""
    number = shift = 0
    while at < len(given):
        byte = int(given[at])
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 - the eighth bit
            break
        shift += 7
    return number, at


@compiled
def signed(number: int) -> int:
    """Return a number with its sign in the lowest bit."""
    return (number << 1) ^ (number >> 63)


@compiled
def unsigned(number: int) -> int:
    """Undo `signed`."""
    return (number >> 1) ^ -(number & 1)


@entry
def pack_phones(hot: Array, sequence: Array, due: Array, now: int, out: Array) -> int:
    """Write phones, slots as counted from `now`; return the bytes written."""
    at = 0
    for row in range(len(hot)):
        high, low = hot[row].high, hot[row].low
        for byte in range(8):
            out[at + byte] = (high >> (8 * byte)) & 0xFF
            out[at + 8 + byte] = (low >> (8 * byte)) & 0xFF
        at = put(out, at + 16, int(hot[row].flags & LASTING))
        at = put(out, at, int(hot[row].keys))
        at = put(out, at, int(hot[row].anchor))
        at = put(out, at, int(sequence[row]))
        special, looked_at = int(hot[row].special), int(due[row])
        at = put(out, at, 0 if special == -NEVER else 1 + signed(special - now))
        at = put(out, at, 0 if looked_at == NEVER else 1 + signed(looked_at - now))
    return at


@entry
def unpack_phones(given: Array, now: int, hot: Array, sequence: Array, due: Array) -> int:
    """Read what `pack_phones` wrote into as many rows; return the bytes read, NO_ROOM if they end before."""
    at = 0
    for row in range(len(hot)):
        if at + 16 >= len(given):
            return NO_ROOM
        high = low = 0
        for byte in range(8):
            high |= int(given[at + byte]) << (8 * byte)
            low |= int(given[at + 8 + byte]) << (8 * byte)
        hot[row].high, hot[row].low = high, low
        flags, at = take(given, at + 16)
        keys, at = take(given, at)
        anchor, at = take(given, at)
        count, at = take(given, at)
        special, at = take(given, at)
        looked_at, at = take(given, at)
        hot[row].flags, hot[row].keys, hot[row].anchor, sequence[row] = flags, keys, anchor, count
        hot[row].special = now + unsigned(special - 1) if special else -NEVER
        due[row] = now + unsigned(looked_at - 1) if looked_at else NEVER
    return at


@entry
def pack_entries(rows: Array, owner: Array, used: Array, out: Array) -> int:
    """Write blocks of entries: to which day of the ring each belongs, and its entries; return the bytes."""
    words = rows.shape[1] - BITS
    masks = (words * BYTES + 7) // 8
    at = 0
    for block in range(len(owner)):
        at = put(out, at, int(owner[block]) + 1)
        if owner[block] < 0:
            continue
        at = put(out, at, int(used[block]))
        before = 0
        for row in range(block * BLOCK, block * BLOCK + used[block]):
            phone = int(rows[row, PHONE])
            at = put(out, at, signed(phone - before))
            before = phone
            at = put(out, at, int(rows[row, MARK]))
            mask, mask_at, seen = 0, at, 0
            at += masks
            for word in range(words):
                bits = int(rows[row, BITS + word])
                for _ in range(BYTES):
                    if bits & 0xFF:
                        mask |= 1 << (seen & 7)
                        out[at] = bits & 0xFF
                        at += 1
                    bits >>= 8
                    seen += 1
                    if not seen & 7:
                        out[mask_at] = mask
                        mask, mask_at = 0, mask_at + 1
            if seen & 7:
                out[mask_at] = mask
    return at


@entry
def unpack_entries(
    given: Array, phones: int, places: int, rows: Array, owner: Array, used: Array, ring: int
) -> int:
    """Read what `pack_entries` wrote into as many blocks; return the bytes read.

    NO_ROOM where they name a phone, a place or a day that there is not, or end before.
    """
    words = rows.shape[1] - BITS
    masks = (words * BYTES + 7) // 8
    at = 0
    for block in range(len(owner)):
        day, at = take(given, at)
        owner[block] = day - 1
        if day > ring:
            return NO_ROOM
        if not day:
            continue
        count, at = take(given, at)
        if count > BLOCK:
            return NO_ROOM
        used[block] = count
        phone = 0
        for row in range(block * BLOCK, block * BLOCK + count):
            step, at = take(given, at)
            phone += unsigned(step)
            mark, at = take(given, at)
            if not (0 < phone <= phones and 0 < mark >> 1 <= places) or at + masks > len(given):
                return NO_ROOM
            rows[row, PHONE], rows[row, MARK] = phone, mark
            mask_at, seen = at, 0
            at += masks
            for word in range(words):
                bits = np.uint32(0)
                for byte in range(BYTES):
                    if given[mask_at + (seen >> 3)] >> (seen & 7) & 1 and at < len(given):
                        bits |= np.uint32(given[at]) << np.uint32(8 * byte)
                        at += 1
                    seen += 1
                rows[row, BITS + word] = bits
    return at


@entry
def link(rows: Array, first: int, owner: Array, used: Array, heads: Array) -> None:
    """Put the entries of blocks, `first` the number of the first one, before those of their phone and day."""
    for block in range(len(owner)):
        ring = owner[block]
        if ring < 0:
            continue
        begin = (first + block) * BLOCK
        for row in range(begin, begin + used[block]):
            phone = rows[row, PHONE]
            rows[row, NEXT] = heads[phone, ring]
            heads[phone, ring] = row
