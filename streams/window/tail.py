"""Judging a phone from its last hours: what was settled before is taken as it stood (`settled.py`).

It answers only where the set of reasons stays what it was; anything else is judged wholly, which also writes
the reasons out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.window.borders import find_contested, find_inside
from streams.window.compiled import compiled, leaf
from streams.window.gathering import areas_met, gather, observe, strike
from streams.window.plausible import discount
from streams.window.settled import (
    AREA,
    AREAS,
    AWAY,
    CLOSED,
    HEAD,
    OPEN,
    RULES,
    SIZE,
    UNTIL,
    VALID,
    WIDTH,
    area_in,
    copy,
    follow,
    follow_absences,
    margin,
    settled_until,
    valid_until,
)
from streams.window.shapes import CALM, NEVER, NOTHING, RANGING, SETTLED
from streams.window.signals import ARRIVED, GREEN, differs, home, note_day
from streams.window.visiting import KINDS

if TYPE_CHECKING:
    from streams.window.gathering import Scratch
    from streams.window.shapes import Array, Limits, Phones
    from streams.window.signals import Room
    from streams.window.world import Judged, World


@leaf
def number_after(scratch: Scratch, seen: int, slot: int) -> int:
    """Return the number of the first observed slot after a slot."""
    at = seen
    while at > 0 and scratch.seen[at - 1] > slot:
        at -= 1
    return at


@leaf
def in_doubt(limits: Limits, dropped: int) -> int:
    """Return the slot that is to be as `special` is, given the latest slot with an implausible sighting.

    What that one conflicts with is at most `jump` later, and what is up to `support` after that supports it.
    """
    return dropped + limits.jump + limits.support - limits.pingpong


@leaf
def recent(phones: Phones, world: World, room: Room, phone: int, low: int, now: int) -> tuple[int, int]:
    """Gather the pairs after slot `low` and leave away what is discounted.

    Returns the observed slots there are, -1 where there is no room, and the latest slot left away.
    """
    scratch = room.scratch
    count = gather(phones, world.entries, world.limits, phone, low, now, scratch)
    if count >= len(scratch.slots):
        return -1, NOTHING
    count = strike(phones, world.places, world.of_phones, world.of_places, phone, count, scratch)
    dropped = NOTHING
    if phones.hot[phone].flags & RANGING:
        anchor = phones.hot[phone].anchor
        count, dropped = discount(world.places, world.limits, world.chords, anchor, count, scratch)
    return observe(count, scratch), dropped


@leaf
def go_on(world: World, room: Room, seen: int, middle: int, edge: int) -> bool:
    """Follow visits and absences: `state` up to observed slot number `middle`, `ahead` from there to the end.

    Says no where the state cannot tell.
    """
    scratch, state, ahead = room.scratch, room.state, room.ahead
    places, links, areas, limits, days = world.places, world.links, world.areas, world.limits, world.days
    begin = number_after(scratch, seen, state[UNTIL])
    copy(state, ahead, 0, WIDTH)
    ahead[VALID] = NEVER
    met = areas_met(world.places, world.links, scratch, scratch.first[seen])
    for number in range(met):
        area = scratch.areas[number]
        at = area_in(state, area)
        if not at:
            return False
        find_inside(places, links, areas, scratch, area, seen)
        find_contested(places, links, areas, limits, scratch, area, seen)
        if not follow(places, links, areas, limits, days, scratch, state, at, begin, middle, edge):
            return False
        copy(state, ahead, at, at + SIZE)
        if not follow(places, links, areas, limits, days, scratch, ahead, at, middle, seen, edge):
            return False
    ahead[AREAS] = state[AREAS]
    if not limits.jurisdiction:
        return True
    if not follow_absences(places, limits, scratch, state, begin, middle, edge):
        return False
    copy(state, ahead, AWAY, AREAS)
    return follow_absences(places, limits, scratch, ahead, middle, seen, edge)


@leaf
def list_items(world: World, state: Array, judged: Judged, free: int) -> int:
    """Put the items that stand in a state into `judged` from `free` on, in order; return where they end."""
    end = free
    for number in range(state[AREAS]):
        at = HEAD + number * SIZE
        for kind in range(KINDS):
            if state[at + CLOSED] >> kind & 1 or state[at + OPEN] == kind:
                item = world.areas.serial[state[at + AREA]] * 4 + kind
                place = end
                while place > free and judged.items[place - 1] > item:
                    judged.items[place] = judged.items[place - 1]
                    place -= 1
                judged.items[place] = item
                end += 1
    return end


@leaf
def judge_lately(
    phones: Phones, world: World, room: Room, phone: int, now: int, judged: Judged, free: int
) -> bool:
    """Judge a phone that has a row of what is settled; say whether its reasons are surely the same as before.

    Where they are, the row and when to look again are brought up to date.
    """
    limits, scratch, state, hot = world.limits, room.scratch, room.state, phones.hot[phone]
    row = phones.settled[phone]
    copy(world.settled[row], state, 0, WIDTH)
    edge = now - limits.window
    reached = state[UNTIL] - limits.gap
    if state[RULES] != world.rules or valid_until(limits, state) <= now or reached <= edge:
        return False
    seen, dropped = recent(phones, world, room, phone, reached - margin(limits) - 1, now)
    if seen <= 0 or scratch.seen[seen - 1] < reached:
        return False
    latest = scratch.seen[seen - 1]
    until = max(state[UNTIL], settled_until(limits, now))
    if now > latest + limits.stale or not go_on(world, room, seen, number_after(scratch, seen, until), edge):
        return False
    end = list_items(world, room.ahead, judged, free)
    at_home = limits.jurisdiction and home(world.places, scratch, seen - 1)
    base = ARRIVED if at_home and room.ahead[AWAY] else 0
    if end == free and not base:
        base = GREEN
    if differs(world.sets, hot.keys, base, judged, free, end):
        return False
    due = min(valid_until(limits, state), valid_until(limits, room.ahead))
    phones.due[phone] = min(due, latest + min(limits.stale + 1, limits.window))
    state[UNTIL] = until
    copy(state, world.settled[row], 0, WIDTH)
    if dropped != NOTHING:
        hot.special = max(hot.special, in_doubt(limits, dropped))
    if at_home or not limits.jurisdiction:
        hot.flags |= CALM
    return True


@compiled
def settle(phones: Phones, world: World, room: Room, phone: int, begin: int, middle: int, edge: int) -> None:
    """Keep the state of a phone judged wholly, its visits followed from observed slot `begin` to `middle`.

    Not where it was seen on too few days up to there, or there is no room for it.
    """
    limits, scratch, state, known = world.limits, room.scratch, room.state, 0
    for at in range(middle - 1, begin - 1, -1):
        if known >= limits.least_days:
            break
        known = note_day(world.days, room, scratch.seen[at], known)
    if known < limits.least_days:
        return
    if known:
        state[VALID] = min(state[VALID], room.last_of_day[known - 1] + limits.window)
    if limits.jurisdiction and not follow_absences(world.places, limits, scratch, state, begin, middle, edge):
        return
    row = phones.settled[phone]
    if not row:
        row = world.settled_count[0]
        if row == len(world.settled):
            return
        world.settled_count[0] += 1
        phones.settled[phone] = row
    state[RULES] = world.rules
    copy(state, world.settled[row], 0, WIDTH)
    phones.hot[phone].flags |= SETTLED
