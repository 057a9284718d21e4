"""Observed slots alone: no signal, stale, too little (rule 5.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from streams.window.compiled import compiled, leaf
from streams.window.gathering import between, highest
from streams.window.shapes import AT_HOME, BITS, NEXT, NOTHING, WORD
from streams.window.visiting import day_of

if TYPE_CHECKING:
    from streams.window.gathering import Scratch
    from streams.window.shapes import Array, Days, Entries, Limits, Phones, Places, Sets
    from streams.window.visiting import Found
    from streams.window.world import Judged

NO_SIGNAL: Final = 1
STALE: Final = 2
TOO_LITTLE: Final = 4
GREEN: Final = 8
ARRIVED: Final = 16
"""Bits of a set of reasons' `base`."""


class Room(NamedTuple):
    """Room for the work; `state` and `ahead` are as wide as a row of what is settled."""

    scratch: Scratch
    found: Found
    last_of_day: Array
    """The latest observed slot of each of the latest civil days, and which days these are."""
    civil: Array
    state: Array
    ahead: Array


@compiled
def note_day(days: Days, room: Room, slot: int, known: int) -> int:
    """Take an observed slot, the latest first; return how many civil days are known."""
    day = day_of(days, slot)
    for i in range(known):
        if room.civil[i] == day:
            return known
    room.civil[known], room.last_of_day[known] = day, slot
    return known + 1


@compiled
def look_back(
    phones: Phones, entries: Entries, limits: Limits, days: Days, room: Room, phone: int, now: int
) -> tuple[int, int]:
    """Return the latest slot of the window with a sighting (NOTHING for none), and the civil days noted."""
    ring_days = phones.heads.shape[1]
    edge = now - limits.window
    latest, known = NOTHING, 0
    for day in range(now // limits.day, (edge + 1) // limits.day - 1, -1):
        head = phones.heads[phone, day % ring_days]
        if head == 0:
            continue
        begin = day * limits.day
        low, high = max(edge + 1 - begin, 0), min(now - begin, limits.day - 1)
        for word in range(high // WORD, low // WORD - 1, -1):
            bits = 0
            entry = head
            while entry != 0:
                bits |= int(entries.rows[entry, BITS + word])
                entry = entries.rows[entry, NEXT]
            bits = between(bits, word, low, high)
            while bits:
                bit = highest(bits)
                bits ^= 1 << bit
                slot = begin + word * WORD + bit
                latest = max(latest, slot)
                if known < limits.least_days:
                    known = note_day(days, room, slot, known)
                if known >= limits.least_days:
                    return latest, known
    return latest, known


@compiled
def unseen(limits: Limits, room: Room, now: int, latest: int, known: int) -> tuple[int, int]:
    """Return what stands of STALE and TOO_LITTLE (rule 5.5), and the slot at which that may change."""
    base, due = 0, latest + limits.window
    stale_at = latest + limits.stale + 1
    if now >= stale_at:
        base |= STALE
    else:
        due = min(due, stale_at)
    if limits.least_days:
        if known < limits.least_days:
            base |= TOO_LITTLE
        else:
            due = min(due, room.last_of_day[limits.least_days - 1] + limits.window)
    return base, due


@leaf
def home(places: Places, scratch: Scratch, at: int) -> bool:
    """Say whether an observed slot has a sighting in the jurisdiction."""
    for i in range(scratch.first[at], scratch.first[at + 1]):
        if places.flags[scratch.marks[i] >> 1] & AT_HOME:
            return True
    return False


@compiled
def differs(sets: Sets, known: int, base: int, judged: Judged, begin: int, end: int) -> bool:
    """Say whether a set of reasons is another one than set number `known`."""
    if sets.base[known] != base or sets.count[known] != end - begin:
        return True
    start = sets.start[known]
    for i in range(end - begin):  # noqa: SIM110 - a generator is not compiled
        if sets.items[start + i] != judged.items[begin + i]:
            return True
    return False
