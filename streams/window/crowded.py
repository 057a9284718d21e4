"""Finding a phone's entry of a day: along a list, or by a table where it was at very many places that day.

A list is put into the table when it is first found to be long; a day that goes empties the table, and so does
its growing. What is in it can be worked out anew at any time and is no part of the state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from streams.window.compiled import compiled, leaf
from streams.window.hashing import A, B, product
from streams.window.shapes import BLOCK, MARK, NEXT, PHONE, Crowded

if TYPE_CHECKING:
    from streams.window.shapes import Entries, Panes, Phones, Places

WALKED: Final = 16
"""Entries of a list that are looked at one after the other."""
FIRST: Final = 1 << 10
"""Places in the table at first."""
TAKEN: Final = 0
DAYS: Final = 1
KEPT_FREE: Final = 2
WANTED: Final = 3
"""The numbers in `count`."""
_DAY: Final = 0
"""Instead of a mark, for a day itself: no place has row 0."""


def emptied(places: int) -> Crowded:
    """Return an empty table of so many places."""
    days = places // (2 * WALKED) + 1
    return Crowded(
        np.zeros(places, np.int64), np.zeros((days, 2), np.int32), np.zeros((days, 6)), np.zeros(4, np.int64)
    )


def reserved(crowded: Crowded, more: int) -> Crowded:
    """Return a table that takes so many entries more, if any are in it, and what was wanted before."""
    taken, places = int(crowded.count[TAKEN]), len(crowded.table)
    wanted = max(int(crowded.count[WANTED]), taken + more if taken else 0)
    while wanted * 2 > places:
        places *= 2
    made = crowded if places == len(crowded.table) else emptied(places)
    made.count[KEPT_FREE], made.count[WANTED] = more, 0
    return made


def forget(crowded: Crowded) -> None:
    """Empty the table."""
    if crowded.count[TAKEN]:
        crowded.table[:] = 0
        crowded.count[[TAKEN, DAYS]] = 0


@leaf
def place_in(crowded: Crowded, phone: int, ring: int, mark: int) -> int:
    """Return where in the table to look first."""
    mixed = product(product(phone << 16 | ring, A) ^ mark, B)
    return int((mixed ^ (mixed >> 32)) & (len(crowded.table) - 1))


@compiled
def place_of(entries: Entries, panes: Panes, crowded: Crowded, phone: int, ring: int, mark: int) -> int:
    """Return where in the table an entry stands, or would."""
    at = place_in(crowded, phone, ring, mark)
    while crowded.table[at] != 0:
        entry = crowded.table[at]
        if (
            entry > 0
            and entries.rows[entry, MARK] == mark
            and entries.rows[entry, PHONE] == phone
            and panes.owner[entry // BLOCK] == ring
        ):
            return at
        at = (at + 1) & (len(crowded.table) - 1)
    return at


@compiled
def crowded_day(crowded: Crowded, phone: int, ring: int) -> int:
    """Return the row of a phone's day that is in the table, 0 where it is not."""
    at = place_in(crowded, phone, ring, _DAY)
    while crowded.table[at] != 0:
        day = -crowded.table[at]
        if day > 0 and crowded.days[day, 0] == phone and crowded.days[day, 1] == ring:
            return int(day)
        at = (at + 1) & (len(crowded.table) - 1)
    return 0


@compiled
def put_in(entries: Entries, panes: Panes, places: Places, crowded: Crowded, day: int, entry: int) -> None:
    """Put an entry of a day into the table; there must be room."""
    mark = int(entries.rows[entry, MARK])
    at = place_of(entries, panes, crowded, crowded.days[day, 0], crowded.days[day, 1], mark)
    crowded.table[at] = entry
    crowded.count[TAKEN] += 1
    for axis in range(3):
        x = places.xyz[mark >> 1, axis]
        crowded.boxes[day, axis] = min(crowded.boxes[day, axis], x)
        crowded.boxes[day, axis + 3] = max(crowded.boxes[day, axis + 3], x)


@compiled
def begin_day(
    phones: Phones, entries: Entries, panes: Panes, places: Places, crowded: Crowded, phone: int, ring: int
) -> int:
    """Put a phone's day into the table; return its row, 0 where there is not room enough."""
    wanted = 1
    entry = phones.heads[phone, ring]
    while entry != 0:
        wanted += 1
        entry = entries.rows[entry, NEXT]
    wanted += crowded.count[TAKEN] + crowded.count[KEPT_FREE]
    if wanted * 2 > len(crowded.table):
        crowded.count[WANTED] = max(crowded.count[WANTED], wanted)
        return 0
    crowded.count[DAYS] += 1
    day = crowded.count[DAYS]
    crowded.days[day, 0], crowded.days[day, 1] = phone, ring
    crowded.boxes[day, :3], crowded.boxes[day, 3:] = 1.0, -1.0
    at = place_in(crowded, phone, ring, _DAY)
    while crowded.table[at] != 0:
        at = (at + 1) & (len(crowded.table) - 1)
    crowded.table[at] = -day
    crowded.count[TAKEN] += 1
    entry = phones.heads[phone, ring]
    while entry != 0:
        put_in(entries, panes, places, crowded, day, entry)
        entry = entries.rows[entry, NEXT]
    return int(day)


@compiled
def find(
    phones: Phones,
    entries: Entries,
    panes: Panes,
    places: Places,
    crowded: Crowded,
    phone: int,
    mark: int,
    ring: int,
) -> tuple[int, int]:
    """Return a phone's entry of a day, 0 for none, and the day's row where a new one goes into the table."""
    entry = int(phones.heads[phone, ring])
    for _ in range(WALKED):
        if entry == 0 or entries.rows[entry, MARK] == mark:
            return entry, 0
        entry = int(entries.rows[entry, NEXT])
    if entry == 0:
        return 0, 0
    day = crowded_day(crowded, phone, ring)
    if day == 0:
        day = begin_day(phones, entries, panes, places, crowded, phone, ring)
    if day > 0:
        return int(crowded.table[place_of(entries, panes, crowded, phone, ring, mark)]), day
    while entry != 0 and entries.rows[entry, MARK] != mark:
        entry = int(entries.rows[entry, NEXT])
    return entry, 0


@compiled
def within(places: Places, crowded: Crowded, day: int, place: int, reach: float) -> bool:
    """Say whether surely no place of a day is as far as a chord, given by its square, from a place."""
    most = 0.0
    for axis in range(3):
        x = places.xyz[place, axis]
        apart = max(abs(x - crowded.boxes[day, axis]), abs(crowded.boxes[day, axis + 3] - x))
        most += apart * apart
    return most < reach
