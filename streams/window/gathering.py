"""A phone's diary out of the panes: pairs of slot and mark in order, without what is struck out (3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from streams.window.compiled import compiled, leaf
from streams.window.shapes import BITS, INSIDE, MARK, NEXT, STRUCK, WORD

if TYPE_CHECKING:
    from streams.window.shapes import Array, Entries, Limits, Links, Phones, Places, Strikes


_BIT: Final = np.zeros(37, np.int64)
_BIT[[(1 << bit) % 37 for bit in range(WORD)]] = range(WORD)


class Scratch(NamedTuple):
    """Room for one phone's work; `slots`, `marks` and what is as long hold a pair each."""

    slots: Array
    marks: Array
    support: Array
    dropped: Array
    seen: Array
    """The observed slots, in order."""
    first: Array
    """Where each one's pairs begin; one more than there are observed slots."""
    inside: Array
    """By observed slot, for the area at hand: 0 not in it, 1 in it, 2 in its core."""
    contested: Array
    held: Array
    core: Array
    areas: Array
    """The areas met, and by area whether it was met already."""
    met: Array
    counts: Array
    """Pairs a slot of one day, then where each slot's pairs go."""


@leaf
def lowest(bits: int) -> int:
    """Return the number of the lowest bit set of a word that is not 0: the powers of 2 differ modulo 37."""
    return int(_BIT[(bits & -bits) % 37])


@leaf
def between(bits: int, word: int, first: int, last: int) -> int:
    """Return those bits of a word that are of slots `first` to `last` of the day."""
    return bits & ((2 << min(last - word * WORD, WORD - 1)) - (1 << max(first - word * WORD, 0)))


@leaf
def highest(bits: int) -> int:
    """Return the number of the highest bit set of a word of 32 that is not 0."""
    at = 0
    if bits >> 16:
        at, bits = 16, bits >> 16
    if bits >> 8:
        at, bits = at + 8, bits >> 8
    if bits >> 4:
        at, bits = at + 4, bits >> 4
    if bits >> 2:
        at, bits = at + 2, bits >> 2
    return at + (bits >> 1)


@leaf
def count_slots(entries: Entries, head: int, first: int, last: int, counts: Array) -> None:
    """Count the pairs of each slot of a day into the number after its own, from the entries at `head`."""
    counts[first : last + 2] = 0
    entry = head
    while entry != 0:
        for word in range(first // WORD, last // WORD + 1):
            bits = between(entries.rows[entry, BITS + word], word, first, last)
            while bits:
                counts[word * WORD + lowest(bits) + 1] += 1
                bits &= bits - 1
        entry = entries.rows[entry, NEXT]


@leaf
def put_pairs(entries: Entries, head: int, first: int, last: int, begin: int, scratch: Scratch) -> None:
    """Put the pairs of a day that begins at slot `begin` where `counts` says that those of each slot go."""
    entry = head
    while entry != 0:
        mark = entries.rows[entry, MARK]
        for word in range(first // WORD, last // WORD + 1):
            bits = between(entries.rows[entry, BITS + word], word, first, last)
            while bits:
                bit = word * WORD + lowest(bits)
                bits &= bits - 1
                at = scratch.counts[bit]
                scratch.counts[bit] = at + 1
                scratch.slots[at], scratch.marks[at] = begin + bit, mark
        entry = entries.rows[entry, NEXT]


@compiled
def gather(
    phones: Phones, entries: Entries, limits: Limits, phone: int, low: int, high: int, scratch: Scratch
) -> int:
    """Put the pairs of slots after `low` and up to `high` in order of slots; return how many there are.

    Where there is no room for them, fewer than all are put and the number returned is too large for the room.
    """
    counts = scratch.counts
    total = 0
    for day in range((low + 1) // limits.day, high // limits.day + 1):
        head = phones.heads[phone, day % phones.heads.shape[1]]
        if head == 0:
            continue
        begin = day * limits.day
        first, last = max(low + 1 - begin, 0), min(high - begin, limits.day - 1)
        count_slots(entries, head, first, last, counts)
        counts[first] = total
        for bit in range(first, last + 1):
            counts[bit + 1] += counts[bit]
        total = int(counts[last + 1])
        if total >= len(scratch.slots):
            return total
        put_pairs(entries, head, first, last, begin, scratch)
    return total


@leaf
def struck(strikes: Strikes, of: int, slot: int) -> bool:
    """Say whether a case strikes a slot of a phone or a place out."""
    for i in range(len(strikes.of)):
        if strikes.of[i] == of and strikes.first[i] <= slot < strikes.end[i]:
            return True
    return False


@leaf
def strike(
    phones: Phones,
    places: Places,
    of_phones: Strikes,
    of_places: Strikes,
    phone: int,
    count: int,
    scratch: Scratch,
) -> int:
    """Leave away what rule 3.1 strikes out; return how many pairs are left."""
    if len(of_phones.of) == 0 and len(of_places.of) == 0:
        return count
    named = phones.hot[phone].flags & STRUCK
    left = 0
    for i in range(count):
        slot, mark = scratch.slots[i], scratch.marks[i]
        if named and struck(of_phones, phone, slot):
            continue
        if places.flags[mark >> 1] & STRUCK and struck(of_places, mark >> 1, slot):
            continue
        scratch.slots[left], scratch.marks[left] = slot, mark
        left += 1
    return left


@leaf
def observe(count: int, scratch: Scratch) -> int:
    """Work out the observed slots of the pairs there are; return how many."""
    seen = 0
    for i in range(count):
        if i == 0 or scratch.slots[i] != scratch.slots[i - 1]:
            scratch.seen[seen], scratch.first[seen] = scratch.slots[i], i
            seen += 1
    scratch.first[seen] = count
    return seen


@leaf
def areas_met(places: Places, links: Links, scratch: Scratch, count: int) -> int:
    """Put the areas in whose S a pair lies into `scratch.areas`; return how many."""
    found = 0
    for i in range(count):
        place = scratch.marks[i] >> 1
        first = places.first_link[place]
        for link in range(first, first + places.links[place]):
            area = links.area[link]
            if links.flags[link] & INSIDE and not scratch.met[area]:
                scratch.met[area] = True
                scratch.areas[found] = area
                found += 1
    for i in range(found):
        scratch.met[scratch.areas[i]] = False
    return found
