"""Phones counted by colour and hex as hours begin: the exact counts, which nobody publishes (rule 17.3).

The twin of `streams.domain.headcount`: a phone is where its latest observed slot has it. The sums stay from
hour to hour; phones that were seen or whose colour changed since are taken out of them and put in anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from streams.domain.headcount import RESOLUTION
from streams.window.compiled import compiled, direct, entry, leaf
from streams.window.gathering import highest
from streams.window.sets import COLOURS
from streams.window.shapes import BITS, LOST, MARK, MOVED, NEVER, NEXT, RANGING, STRUCK, TOUCHED, WORD
from streams.window.signals import NO_SIGNAL
from streams.window.tail import recent

if TYPE_CHECKING:
    from streams.window.assessing import Assessing, Parts
    from streams.window.gathering import Scratch
    from streams.window.shapes import Array, Phones, Places
    from streams.window.signals import Room
    from streams.window.world import World

_SHIFT: Final = 52
_NIBBLE: Final = 0xF << _SHIFT
"""Where H3 keeps a cell's resolution; each finer one takes three bits below, ones where it has none."""
FINEST: Final = 15


class HexSnapshot(NamedTuple):
    """The phones of one partition as slot `slot` begins: `hexes` (int64) in order, none without phones.

    `phones` has a row a hex and a column a colour, as COLOURS has them.
    """

    slot: int
    hexes: Array
    phones: Array


class Counting:
    """Takes snapshots as slots begin of which `every` one is counted, where `on`; `taken` hands them out."""

    def __init__(self, parts: Parts, assessing: Assessing, every: int) -> None:
        self.on = False
        self._every = every
        self._parts, self._assessing = parts, assessing
        self._snapshots: list[HexSnapshot] = []
        self._hexes: Array = np.zeros(0, np.int64)
        """In the order in which they were first seen."""
        self._order: Array = np.zeros(0, np.int64)
        """Their numbers in the order of the hexes."""
        self._within: Array = np.zeros(1, np.int64)
        """By place: the number of its hex."""
        self._phones: Array = np.zeros((0, len(COLOURS)), np.int64)

    def take_first(self, first: int, last: int) -> None:
        """Count once in slots `first` through `last`, everything due by then judged, where one is counted."""
        slot = -(-first // self._every) * self._every
        if self.on and slot <= last:
            self._take(slot)

    def take_ends(self, first: int, last: int) -> None:
        """Count as `take_first`, and at the last that is counted: others then know how far this one is."""
        self.take_first(first, last)
        slot = last // self._every * self._every
        if self.on and slot - self._every >= first:
            self._take(slot)

    def _take(self, slot: int) -> None:
        parts, atlas = self._parts, self._parts.atlas
        parts.diaries.roll(slot // self._assessing.limits.day, parts.book.phones.heads)
        self._know(atlas.places.cell[1 : atlas.count + 1])
        self._assessing.count(slot, self._within, self._phones)
        phones = self._phones[self._order]
        some = phones.any(axis=1)
        self._snapshots.append(HexSnapshot(slot, self._hexes[self._order[some]], phones[some]))

    def taken(self) -> list[HexSnapshot]:
        """Return the snapshots since last asked, in order."""
        found, self._snapshots = self._snapshots, []
        return found

    def _know(self, cells: Array) -> None:
        """Take the places there are: rows are only ever added, and 0 is none."""
        fresh = cells[len(self._within) - 1 :]
        if not len(fresh):
            return
        known = len(self._hexes)
        hexes, first, number = np.unique(
            np.concatenate((self._hexes, parents(fresh))), return_index=True, return_inverse=True
        )
        seen = np.argsort(first)
        self._hexes, self._order = hexes[seen], np.argsort(seen)
        self._within = np.concatenate((self._within, self._order[number[known:]]))
        more = np.zeros((len(hexes) - known, len(COLOURS)), np.int64)
        self._phones = np.concatenate((self._phones, more))


def parents(cells: Array) -> Array:
    """Return the hexes of RESOLUTION that cells of one resolution lie in."""
    if not len(cells) or (int(cells[0]) & _NIBBLE) >> _SHIFT <= RESOLUTION:
        return cells
    finer = (1 << 3 * (FINEST - RESOLUTION)) - 1
    return cells & ~np.int64(_NIBBLE) | np.int64(RESOLUTION << _SHIFT) | np.int64(finer)


@compiled
def last_seen(phones: Phones, world: World, phone: int, now: int) -> tuple[int, int]:
    """Return the place of the latest slot in a phone's diary, its lowest hex, 0 for none; and the slot."""
    entries, cells, limits, ring = world.entries, world.places.cell, world.limits, phones.heads.shape[1]
    for day in range(now // limits.day, (now - limits.window + 1) // limits.day - 1, -1):
        latest, found = -1, 0
        at = phones.heads[phone, day % ring]
        while at != 0:
            place, slot = int(np.int64(entries.rows[at, MARK] >> 1)), -1
            for word in range(entries.rows.shape[1] - BITS - 1, -1, -1):
                bits = int(np.int64(entries.rows[at, BITS + word]))
                if bits:
                    slot = word * WORD + highest(bits)
                    break
            if slot > latest or (slot == latest and cells[place] < cells[found]):
                latest, found = slot, place
            at = entries.rows[at, NEXT]
        if found:
            return int(found), day * limits.day + latest
    return 0, -NEVER


@leaf
def lowest_of(places: Places, scratch: Scratch, at: int) -> int:
    """Return the place of an observed slot, the lowest hex of several."""
    found = scratch.marks[scratch.first[at]] >> 1
    for i in range(scratch.first[at] + 1, scratch.first[at + 1]):
        place = scratch.marks[i] >> 1
        if places.cell[place] < places.cell[found]:
            found = place
    return int(found)


@leaf
def hidden(phones: Phones, world: World, phone: int) -> int:
    """Return the flags by which sightings of a phone may be left out (rules 3.1, 3.2), 0 where none is."""
    flags = phones.hot[phone].flags
    if not flags & TOUCHED:
        return int(flags & STRUCK)
    return int(flags & (STRUCK | RANGING)) | (STRUCK if len(world.of_places.of) else 0)


@compiled
def observed_last(phones: Phones, world: World, room: Room, phone: int, now: int, hiding: int) -> int:
    """Return the place of a phone's latest observed slot, 0 for none, -1 where its pairs have no room.

    Whether the latest sightings are implausible hangs on those of jump + support before them (rule 3.2), so
    that the whole diary is needed only where they are, or where something may be struck out.
    """
    limits, scratch, latest = world.limits, room.scratch, int(phones.seats[phone].latest)
    for low in (latest - limits.jump - limits.support - 1, now - limits.window - limits.day):
        seen, _ = recent(phones, world, room, phone, low, now)
        if seen < 0:
            return -1
        if seen and not hiding & STRUCK and scratch.seen[seen - 1] == latest:
            break
    return lowest_of(world.places, scratch, seen - 1) if seen else 0


@direct
@entry
def count(
    phones: Phones, world: World, room: Room, rows: int, now: int, within: Array, counts: Array
) -> bool:
    """Put phones 1 to `rows` into `counts` by hex (`within` says which a place has) and colour.

    `counts` holds what was counted last: only phones that may be counted otherwise by now are looked at.
    Those without a signal are left out.
    Says no, and is to be asked again, where there is no room for a phone's pairs.
    """
    for phone in range(1, rows + 1):
        seat = phones.seats[phone]
        if not seat.moved:
            continue
        keys = phones.hot[phone].keys
        if seat.moved & LOST:
            seat.place, seat.latest = last_seen(phones, world, phone, now)
            seat.moved = MOVED
        counted = 0
        if not world.sets.base[keys] & NO_SIGNAL:
            place, hiding = int(seat.place), hidden(phones, world, phone)
            if place and hiding:
                place = observed_last(phones, world, room, phone, now, hiding)
                if place < 0:
                    return False
            counted = within[place] * len(COLOURS) + world.sets.colour[keys] + 1
        if counted != seat.counted:
            sit(counts, seat.counted, -1)
            sit(counts, counted, 1)
            seat.counted = counted
        seat.moved = 0
    return True


@compiled
def sit(counts: Array, counted: int, more: int) -> None:
    """Count so many more under a hex and colour, 0 for none."""
    if counted:
        counts[(counted - 1) // len(COLOURS), (counted - 1) % len(COLOURS)] += more
