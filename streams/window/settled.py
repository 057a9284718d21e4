"""What of a phone's past is settled: whatever comes, only a sighting about its end or before changes it.

A sighting at slot s changes what rules 3.2 and 3.3 say of slots up to jump + support + pingpong before it, of
no earlier ones. So each area's visits are kept as they stood at slot UNTIL, and judging goes on from there: a
phone that is seen again is judged from its last hours (`tail.py`). Kept of a visit are not its slots but its
kind, good until VALID at least, when the window's start may cut it; in any doubt a phone is judged wholly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from streams.window.compiled import compiled, leaf
from streams.window.growing import Growing
from streams.window.shapes import ABSENT, NEVER, Kept
from streams.window.visiting import KINDS, NEAR, PASSAGE, STAY, joined

if TYPE_CHECKING:
    from streams.window.gathering import Scratch
    from streams.window.shapes import Areas, Array, Days, Limits, Links, Places

RULES: Final = 0
"""A row's columns: the number of the rules it was made by;"""
UNTIL: Final = 1
"""the slot up to which visits are followed;"""
VALID: Final = 2
"""the slot from which the window may have cut something off;"""
AWAY: Final = 3
"""whether there was an absence long enough (rule 5.4);"""
RUN: Final = 4
"""observed slots of the absence that goes on, its first and its last;"""
RUN_FIRST: Final = 5
RUN_LAST: Final = 6
AREAS: Final = 7
"""how many areas follow, each in SIZE columns:"""
HEAD: Final = 8

AREA: Final = 0
"""the area's number;"""
CLOSED: Final = 1
"""a bit for each kind of visit that is over;"""
OPEN: Final = 2
"""the kind of the visit that may go on, KINDS for none yet;"""
HELD: Final = 3
"""its held slots, the first and the last of them;"""
HELD_FIRST: Final = 4
HELD_LAST: Final = 5
CORES: Final = 6
"""its slots in the core, the first and the last;"""
CORE_FIRST: Final = 7
CORE_LAST: Final = 8
SINCE: Final = 9
"""a slot from which on alone the visit that may go on is of its kind."""
SIZE: Final = 10

MOST: Final = 3
"""Areas that there is room for; a phone that met more is judged wholly."""
WIDTH: Final = HEAD + MOST * SIZE
SLACK: Final = 4
"""Slots that sightings may come late without unsettling anything."""


class Settled:
    """Rows of what is settled; row 0 is none."""

    def __init__(self) -> None:
        self._kept = Growing(Kept, {"rows": (np.int32, WIDTH)})
        self.count = np.ones(1, np.int64)
        self.rules = 0
        """The number of the rules in force: a new one forgets everything."""

    @property
    def rows(self) -> Array:
        """Return the rows."""
        return self._kept.view.rows

    def nbytes(self) -> int:
        """Return the bytes that the rows take."""
        return self._kept.nbytes()

    def reserve(self, more: int) -> None:
        """Make sure that there is room for so many more."""
        self._kept.reserve(int(self.count[0]) + more)


@leaf
def margin(limits: Limits) -> int:
    """Return how many slots before a sighting rules 3.2 and 3.3 may change what they say."""
    return limits.jump + limits.support + limits.pingpong


@leaf
def settled_until(limits: Limits, now: int) -> int:
    """Return the slot up to which things are settled at `now`, sightings late by SLACK allowed for."""
    return now - margin(limits) - SLACK


@leaf
def copy(source: Array, target: Array, begin: int, end: int) -> None:
    """Copy columns `begin` to before `end`; a slice would ask for memory (`compiled.py`)."""
    for i in range(begin, end):
        target[i] = source[i]


@compiled
def clear(state: Array, until: int) -> None:
    """Begin a state without anything seen."""
    state[:] = 0
    state[UNTIL], state[VALID] = until, NEVER


@compiled
def area_in(state: Array, area: int) -> int:
    """Return where an area stands in a state, made where it did not; 0 where there is no room."""
    at = HEAD
    for _ in range(state[AREAS]):
        if state[at + AREA] == area:
            return at
        at += SIZE
    if state[AREAS] == MOST:
        return 0
    state[AREAS] += 1
    state[at : at + SIZE] = 0
    state[at + AREA], state[at + OPEN] = area, KINDS
    return at


@compiled
def rank(limits: Limits, state: Array, at: int, edge: int) -> bool:
    """Find the kind of the visit that goes on (rule 4.3); say no where the window's start may have cut it.

    `edge` is the last slot before the window. Once a stay is found, the next is counted from here on:
    so what carries it moves with the window.
    """
    kind, since = KINDS, 0
    cores = state[at + CORES]
    if cores >= limits.least_slots and state[at + CORE_LAST] - state[at + CORE_FIRST] >= limits.stay:
        kind, since = STAY, state[at + CORE_FIRST]
    elif state[at + HELD_LAST] - state[at + HELD_FIRST] >= limits.stay:
        kind, since = NEAR, state[at + HELD_FIRST]
    elif cores:
        kind, since = PASSAGE, state[at + CORE_LAST]
    if kind == KINDS or kind > state[at + OPEN]:
        return True
    if since <= edge:
        return bool(kind == state[at + OPEN])
    state[at + OPEN], state[at + SINCE] = kind, since
    if kind == STAY:
        state[at + CORES] = 0
    elif kind == NEAR:
        state[at + HELD_FIRST] = state[at + HELD_LAST]
    return True


@compiled
def valid_until(limits: Limits, state: Array) -> int:
    """Return the slot from which the window may have cut off something that a state holds."""
    until = state[VALID]
    at = HEAD
    for _ in range(state[AREAS]):
        if state[at + OPEN] < KINDS:
            until = min(until, state[at + SINCE] + limits.window)
        at += SIZE
    return int(until)


@compiled
def follow(
    places: Places,
    links: Links,
    areas: Areas,
    limits: Limits,
    days: Days,
    scratch: Scratch,
    state: Array,
    at: int,
    begin: int,
    end: int,
    edge: int,
) -> bool:
    """Take observed slots number `begin` to before `end` into an area's state; say no where that fails."""
    last = begin - 1
    while last >= 0 and scratch.seen[last] > state[at + HELD_LAST]:
        last -= 1
    for i in range(begin, end):
        if not scratch.inside[i] or scratch.contested[i]:
            continue
        goes_on = (
            last >= 0
            and scratch.seen[last] == state[at + HELD_LAST]
            and joined(places, links, areas, limits, days, scratch, state[at + AREA], last, i)
        )
        if state[at + HELD] and not goes_on:
            close(limits, state, at)
        last = i
        extend(state, at + HELD, scratch.seen[i])
        if scratch.inside[i] == 2:  # noqa: PLR2004 - in the core, see Scratch
            extend(state, at + CORES, scratch.seen[i])
        if not rank(limits, state, at, edge):
            return False
    return True


@leaf
def extend(state: Array, at: int, slot: int) -> None:
    """Count a slot into three columns: how many, the first, the last."""
    if not state[at]:
        state[at + 1] = slot
    state[at] += 1
    state[at + 2] = slot


@compiled
def close(limits: Limits, state: Array, at: int) -> None:
    """End the visit that went on."""
    if state[at + OPEN] < KINDS:
        state[at + CLOSED] |= 1 << state[at + OPEN]
        state[VALID] = min(state[VALID], state[at + SINCE] + limits.window)
    state[at + OPEN], state[at + HELD], state[at + CORES] = KINDS, 0, 0


@compiled
def follow_absences(
    places: Places, limits: Limits, scratch: Scratch, state: Array, begin: int, end: int, edge: int
) -> bool:
    """Take observed slots into the absences (rule 5.4); say no where the window may have cut one."""
    for at in range(begin, end):
        if is_absent(places, scratch, at):
            extend(state, RUN, scratch.seen[at])
        elif state[RUN]:
            long = state[RUN_LAST] - state[RUN_FIRST] >= limits.absence
            if long and state[RUN] >= limits.least_slots and not state[AWAY]:
                state[AWAY] = 1
                state[VALID] = min(state[VALID], state[RUN_FIRST] + limits.window)
                if state[RUN_FIRST] <= edge:
                    return False
            state[RUN] = 0
    return True


@leaf
def is_absent(places: Places, scratch: Scratch, at: int) -> bool:
    """Say whether all sightings of an observed slot are away from the jurisdiction (rule 5.4)."""
    for i in range(scratch.first[at], scratch.first[at + 1]):
        if not places.flags[scratch.marks[i] >> 1] & ABSENT:
            return False
    return True
