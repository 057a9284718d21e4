"""Phones counted by colour and hex as hours begin: the exact counts, which nobody publishes (rule 17.3).

The twin of `streams.domain.headcount`: a phone is where its latest observed slot has it. Where that is, is
worked out again only for phones of which something was entered since; counting is one pass over all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from streams.domain.headcount import RESOLUTION
from streams.window.compiled import compiled, direct, entry, leaf
from streams.window.sets import COLOURS
from streams.window.shapes import BITS, MARK, MOVED, NEXT, NOTHING, RANGING, STRUCK, TOUCHED, WORD
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
        self._within: Array = np.zeros(1, np.int64)
        """By place: the number of its hex."""

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
        phones = np.zeros((len(self._hexes), len(COLOURS)), np.int64)
        self._assessing.count(slot, self._within, phones)
        some = phones.any(axis=1)
        self._snapshots.append(HexSnapshot(slot, self._hexes[some], phones[some]))

    def taken(self) -> list[HexSnapshot]:
        """Return the snapshots since last asked, in order."""
        found, self._snapshots = self._snapshots, []
        return found

    def _know(self, cells: Array) -> None:
        """Take the places there are: rows are only ever added, and 0 is none."""
        if len(cells) + 1 != len(self._within):
            self._hexes, within = np.unique(parents(cells), return_inverse=True)
            self._within = np.concatenate((np.zeros(1, np.int64), within))


def parents(cells: Array) -> Array:
    """Return the hexes of RESOLUTION that cells of one resolution lie in."""
    if not len(cells) or (int(cells[0]) & _NIBBLE) >> _SHIFT <= RESOLUTION:
        return cells
    finer = (1 << 3 * (FINEST - RESOLUTION)) - 1
    return cells & ~np.int64(_NIBBLE) | np.int64(RESOLUTION << _SHIFT) | np.int64(finer)


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
    return 0, NOTHING


@leaf
def lowest_of(places: Places, scratch: Scratch, at: int) -> int:
    """Return the place of an observed slot, the lowest hex of several."""
    found = scratch.marks[scratch.first[at]] >> 1
    for i in range(scratch.first[at] + 1, scratch.first[at + 1]):
        place = scratch.marks[i] >> 1
        if places.cell[place] < places.cell[found]:
            found = place
    return int(found)


@compiled
def last_observed(phones: Phones, world: World, room: Room, phone: int, now: int) -> int:
    """Return the place of a phone's latest observed slot, 0 for none, -1 where its pairs have no room.

    Whether the latest sightings are implausible hangs on those of jump + support before them (rule 3.2), so
    that the whole diary is needed only where they are, or where something may be struck out.
    """
    limits, scratch, flags = world.limits, room.scratch, phones.hot[phone].flags
    place, latest = last_seen(phones, world, phone, now)
    struck = flags & STRUCK != 0 or (flags & TOUCHED != 0 and len(world.of_places.of) > 0)
    if not place or not (struck or (flags & TOUCHED != 0 and flags & RANGING != 0)):
        return place
    for low in (latest - limits.jump - limits.support - 1, now - limits.window - limits.day):
        seen, _ = recent(phones, world, room, phone, low, now)
        if seen < 0:
            return -1
        if seen and not struck and scratch.seen[seen - 1] == latest:
            break
    return lowest_of(world.places, scratch, seen - 1) if seen else 0


@direct
@entry
def count(
    phones: Phones, world: World, room: Room, rows: int, now: int, within: Array, counts: Array
) -> bool:
    """Put phones 1 to `rows` into `counts` by hex (`within` says which a place has) and colour.

    Those without a signal are left out.
    Says no, and is to be asked again, where there is no room for a phone's pairs.
    """
    for phone in range(1, rows + 1):
        if phones.hot[phone].flags & MOVED:
            place = last_observed(phones, world, room, phone, now)
            if place < 0:
                return False
            phones.seat[phone] = place
            phones.hot[phone].flags &= ~MOVED
    counts[:] = 0
    for phone in range(1, rows + 1):
        keys = phones.hot[phone].keys
        if not world.sets.base[keys] & NO_SIGNAL:
            counts[within[phones.seat[phone]], world.sets.colour[keys]] += 1
    return True
