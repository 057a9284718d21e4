"""Colours of phones (rule 5), as `streams.domain.colours` finds them; those that differ from the last event.

A set of reasons is `base`, the bits below, and items: area serial * 4 + kind, in order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.window.borders import find_contested, find_inside
from streams.window.compiled import compiled, entry
from streams.window.gathering import gather, observe, strike
from streams.window.plausible import discount
from streams.window.shapes import ABSENT, AT_HOME, CALM, INSIDE, NEVER, RANGING, SPECIAL, STRUCK, TOUCHED
from streams.window.signals import NO_SIGNAL, look_back, note_day, unseen
from streams.window.visiting import KINDS, NEAR, NOTHING, PASSAGE, STAY, carrier, visit

if TYPE_CHECKING:
    from streams.window.gathering import Scratch
    from streams.window.shapes import (
        Array,
        Phones,
        Sets,
    )
    from streams.window.signals import Room
    from streams.window.world import Judged, World

GREEN: Final = 8
ARRIVED: Final = 16


@compiled
def home(world: World, scratch: Scratch, at: int) -> bool:
    """Say whether an observed slot has a sighting in the jurisdiction."""
    for i in range(scratch.first[at], scratch.first[at + 1]):
        if world.places.flags[scratch.marks[i] >> 1] & AT_HOME:
            return True
    return False


@compiled
def arrival(world: World, scratch: Scratch, begin: int, seen: int) -> int:
    """Return the slot that carries RECENT_ARRIVAL (rule 5.4), NOTHING where it does not hold."""
    limits, places = world.limits, world.places
    if not home(world, scratch, seen - 1):
        return NOTHING
    best, run = NOTHING, 0
    for at in range(begin, seen + 1):
        absent = at < seen
        if absent:
            for i in range(scratch.first[at], scratch.first[at + 1]):
                if not places.flags[scratch.marks[i] >> 1] & ABSENT:
                    absent = False
                    break
        if absent:
            scratch.held[run] = scratch.seen[at]
            run += 1
        elif run:
            best = max(best, carrier(scratch.held, run, limits.absence, limits.least_slots))
            run = 0
    return best


@compiled
def areas_met(world: World, scratch: Scratch, count: int) -> int:
    """Put the areas in whose S a pair lies into `scratch.areas`; return how many."""
    found = 0
    for i in range(count):
        place = scratch.marks[i] >> 1
        first = world.places.first_link[place]
        for link in range(first, first + world.places.links[place]):
            area = world.links.area[link]
            if world.links.flags[link] & INSIDE and not scratch.met[area]:
                scratch.met[area] = True
                scratch.areas[found] = area
                found += 1
    for i in range(found):
        scratch.met[scratch.areas[i]] = False
    return found


@compiled
def visits(world: World, room: Room, count: int, begin: int, seen: int, judged: Judged, free: int) -> int:
    """Judge the areas met, from observed slot number `begin` on; return where the items put end."""
    scratch, found, at = room.scratch, room.found, free
    found.due[0] = NEVER
    found.carrier[:] = NOTHING
    places, links, areas = world.places, world.links, world.areas
    for number in range(areas_met(world, scratch, count)):
        area = scratch.areas[number]
        found.last[:] = NOTHING
        find_inside(places, links, areas, scratch, area, seen)
        find_contested(places, links, areas, world.limits, scratch, area, seen)
        visit(places, links, areas, world.limits, world.days, scratch, area, begin, seen, found)
        for kind in range(KINDS):
            if found.last[kind] != NOTHING:
                put(judged, free, at, areas.serial[area] * 4 + kind, found.first[kind], found.last[kind])
                at += 1
    return at


@compiled
def put(judged: Judged, begin: int, at: int, item: int, first: int, last: int) -> None:
    """Put an item where the order wants it among those of its phone: from `begin` to before `at`."""
    while at > begin and judged.items[at - 1] > item:
        judged.items[at] = judged.items[at - 1]
        judged.first[at], judged.last[at] = judged.first[at - 1], judged.last[at - 1]
        at -= 1
    judged.items[at], judged.first[at], judged.last[at] = item, first, last


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


@compiled
def judge_plainly(phones: Phones, world: World, room: Room, phone: int, now: int) -> tuple[int, int]:
    """Judge a phone that only rules 5.5 and 5.6 concern; return its base, and when to look again."""
    limits = world.limits
    latest, known = look_back(phones, world.entries, limits, world.days, room, phone, now)
    if latest == NOTHING:
        return NO_SIGNAL, NEVER
    base, due = unseen(limits, room, now, latest, known)
    return base or GREEN, due


@compiled
def discounted(phones: Phones, world: World, room: Room, phone: int, pairs: int) -> tuple[int, bool]:
    """Leave away what rules 3.1 and 3.2 discount, and flag the phone if more than rule 5.5 concerns it.

    Returns the pairs left, and whether anything was discounted or two sightings conflict.
    """
    scratch, hot = room.scratch, phones.hot[phone]
    hot.special = -NEVER
    for i in range(pairs - 1, -1, -1):
        if world.places.flags[scratch.marks[i] >> 1] & SPECIAL:
            hot.special = scratch.slots[i]
            break
    count = strike(phones, world.places, world.of_phones, world.of_places, phone, pairs, scratch)
    some = count < pairs
    if hot.flags & RANGING:
        count, met = discount(world.places, world.limits, world.chords, hot.anchor, count, scratch)
        some = some or met
    hot.flags &= ~(TOUCHED | CALM)
    if some or hot.special > -NEVER:
        hot.flags |= TOUCHED
    return count, some


@compiled
def judge_wholly(
    phones: Phones, world: World, room: Room, phone: int, pairs: int, now: int, judged: Judged, free: int
) -> tuple[int, int, int, int]:
    """Judge a phone, whose pairs are gathered, by all rules.

    Returns its base, the slot its colour lasts to, when to look again, and where its items, put into `judged`
    from `free` on, end.
    """
    limits, scratch, found = world.limits, room.scratch, room.found
    count, some = discounted(phones, world, room, phone, pairs)
    seen = observe(count, scratch)
    begin, known = seen, 0
    while begin > 0 and scratch.seen[begin - 1] > now - limits.window:
        begin -= 1
        if known < limits.least_days:
            known = note_day(world.days, room, scratch.seen[begin], known)
    if begin == seen:
        return NO_SIGNAL, NEVER, NEVER, free
    base, due = unseen(limits, room, now, scratch.seen[seen - 1], known)
    end = visits(world, room, count, begin, seen, judged, free)
    arrived = arrival(world, scratch, begin, seen) if limits.jurisdiction else NOTHING
    touches = end > free or arrived != NOTHING
    calm = not some and scratch.seen[seen - 1] > phones.hot[phone].special + limits.pingpong
    if calm and (touches or not base) and (not limits.jurisdiction or home(world, scratch, seen - 1)):
        phones.hot[phone].flags |= CALM
    if not touches:
        return base or GREEN, NEVER, due, end
    due = min(due, found.due[0] + limits.window)
    if arrived != NOTHING:
        due = min(due, arrived + limits.window)
    lasts = found.carrier[STAY]
    if lasts == NOTHING:
        lasts = max(found.carrier[NEAR], found.carrier[PASSAGE], arrived)
    return ARRIVED if arrived != NOTHING else 0, lasts + limits.window, due, end


@entry
def judge(
    phones: Phones, world: World, room: Room, numbers: Array, begin: int, now: int, judged: Judged
) -> tuple[int, int, int]:
    """Judge phones `numbers` from number `begin` on at slot `now` and put those that changed into `judged`.

    Returns how far it came, how many changed, and how many pairs there must be room for to go on (0 where
    there is enough): it stops where `judged` or the room is full.
    """
    changed = free = 0
    most = KINDS * len(world.areas.serial)
    for i in range(begin, len(numbers)):
        if changed == len(judged.phone) or free + most > len(judged.items):
            return i, changed, 0
        phone = numbers[i]
        end, lasts = free, NEVER
        if phones.hot[phone].flags & (TOUCHED | STRUCK):
            low = now - world.limits.window - world.limits.day
            pairs = gather(phones, world.entries, world.limits, phone, low, now, room.scratch)
            if pairs >= len(room.scratch.slots):
                return i, changed, pairs + 1
            base, lasts, due, end = judge_wholly(phones, world, room, phone, pairs, now, judged, free)
        else:
            base, due = judge_plainly(phones, world, room, phone, now)
        phones.due[phone] = due
        if differs(world.sets, phones.hot[phone].keys, base, judged, free, end):
            judged.phone[changed], judged.base[changed], judged.lasts[changed] = phone, base, lasts
            judged.start[changed], judged.start[changed + 1] = free, end
            changed += 1
            free = end
    return len(numbers), changed, 0
