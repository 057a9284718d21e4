"""Colours of phones (rule 5), as `streams.domain.colours` finds them; those that differ from the last event.

A set of reasons is `base`, the bits below, and items: area serial * 4 + kind, in order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.window.borders import find_contested, find_inside
from streams.window.compiled import compiled, direct, entry, leaf
from streams.window.gathering import areas_met, gather, observe, strike
from streams.window.plausible import discount
from streams.window.settled import area_in, clear, follow, is_absent, settled_until
from streams.window.shapes import CALM, NEVER, NOTHING, RANGING, SETTLED, SLICE, SPECIAL, STRUCK, TOUCHED
from streams.window.signals import ARRIVED, GREEN, NO_SIGNAL, differs, home, look_back, note_day, unseen
from streams.window.tail import in_doubt, judge_lately, number_after, settle
from streams.window.visiting import KINDS, NEAR, PASSAGE, STAY, carrier, visit

if TYPE_CHECKING:
    from streams.window.gathering import Scratch
    from streams.window.shapes import Array, Phones
    from streams.window.signals import Room
    from streams.window.world import Judged, World


@compiled
def arrival(world: World, scratch: Scratch, begin: int, seen: int) -> int:
    """Return the slot that carries RECENT_ARRIVAL (rule 5.4), NOTHING where it does not hold."""
    limits = world.limits
    if not home(world.places, scratch, seen - 1):
        return NOTHING
    best, run = NOTHING, 0
    for at in range(begin, seen + 1):
        if at < seen and is_absent(world.places, scratch, at):
            scratch.held[run] = scratch.seen[at]
            run += 1
        elif run:
            best = max(best, carrier(scratch.held, run, limits.absence, limits.least_slots))
            run = 0
    return best


@leaf
def visits(
    world: World,
    room: Room,
    count: int,
    begin: int,
    middle: int,
    seen: int,
    edge: int,
    judged: Judged,
    free: int,
) -> tuple[int, bool]:
    """Judge the areas met, from observed slot number `begin` on; return where the items put end.

    Also follows their visits up to observed slot number `middle` into `room.state`; returns whether it could.
    """
    scratch, found, at = room.scratch, room.found, free
    found.due[0] = NEVER
    found.carrier[:] = NOTHING
    places, links, areas, limits, state = world.places, world.links, world.areas, world.limits, room.state
    keeps = not limits.span
    for number in range(areas_met(places, links, scratch, count)):
        area = scratch.areas[number]
        found.last[:] = NOTHING
        find_inside(places, links, areas, scratch, area, seen)
        find_contested(places, links, areas, limits, scratch, area, seen)
        visit(places, links, areas, limits, world.days, scratch, area, begin, seen, found)
        for kind in range(KINDS):
            if found.last[kind] != NOTHING:
                put(judged, free, at, areas.serial[area] * 4 + kind, found.first[kind], found.last[kind])
                at += 1
        stands = area_in(state, area) if keeps else 0
        keeps = stands > 0 and follow(
            places, links, areas, limits, world.days, scratch, state, stands, begin, middle, edge
        )
    return at, keeps


@compiled
def put(judged: Judged, begin: int, at: int, item: int, first: int, last: int) -> None:
    """Put an item where the order wants it among those of its phone: from `begin` to before `at`."""
    while at > begin and judged.items[at - 1] > item:
        judged.items[at] = judged.items[at - 1]
        judged.first[at], judged.last[at] = judged.first[at - 1], judged.last[at - 1]
        at -= 1
    judged.items[at], judged.first[at], judged.last[at] = item, first, last


@compiled
def judge_plainly(phones: Phones, world: World, room: Room, phone: int, now: int) -> tuple[int, int]:
    """Judge a phone that only rules 5.5 and 5.6 concern; return its base, and when to look again."""
    limits = world.limits
    latest, known = look_back(phones, world.entries, limits, world.days, room, phone, now)
    if latest == NOTHING:
        return NO_SIGNAL, NEVER
    base, due = unseen(limits, room, now, latest, known)
    return base or GREEN, due


@leaf
def discounted(phones: Phones, world: World, room: Room, phone: int, pairs: int) -> int:
    """Leave away what rules 3.1 and 3.2 discount, and flag the phone if more than rule 5.5 concerns it.

    Returns the pairs left.
    """
    scratch, hot = room.scratch, phones.hot[phone]
    hot.special = -NEVER
    for i in range(pairs - 1, -1, -1):
        if world.places.flags[scratch.marks[i] >> 1] & SPECIAL:
            hot.special = scratch.slots[i]
            break
    count = strike(phones, world.places, world.of_phones, world.of_places, phone, pairs, scratch)
    touched = count < pairs or hot.special > -NEVER
    if hot.flags & RANGING:
        count, dropped = discount(world.places, world.limits, world.chords, hot.anchor, count, scratch)
        if dropped != NOTHING:
            touched = True
            hot.special = max(hot.special, in_doubt(world.limits, dropped))
    hot.flags &= ~(TOUCHED | CALM | SETTLED)
    if touched:
        hot.flags |= TOUCHED
    return count


@leaf
def judge_wholly(
    phones: Phones, world: World, room: Room, phone: int, pairs: int, now: int, judged: Judged, free: int
) -> tuple[int, int, int, int]:
    """Judge a phone, whose pairs are gathered, by all rules.

    Returns its base, the slot its colour lasts to, when to look again, and where its items, put into `judged`
    from `free` on, end.
    """
    limits, scratch, found = world.limits, room.scratch, room.found
    count = discounted(phones, world, room, phone, pairs)
    seen = observe(count, scratch)
    edge = now - limits.window
    begin, known = seen, 0
    while begin > 0 and scratch.seen[begin - 1] > edge:
        begin -= 1
        if known < limits.least_days:
            known = note_day(world.days, room, scratch.seen[begin], known)
    if begin == seen:
        return NO_SIGNAL, NEVER, NEVER, free
    base, due = unseen(limits, room, now, scratch.seen[seen - 1], known)
    until = settled_until(limits, now)
    middle = max(begin, number_after(scratch, seen, until))
    clear(room.state, until)
    end, keeps = visits(world, room, count, begin, middle, seen, edge, judged, free)
    if keeps:
        settle(phones, world, room, phone, begin, middle, edge)
    arrived = arrival(world, scratch, begin, seen) if limits.jurisdiction else NOTHING
    touches = end > free or arrived != NOTHING
    if (touches or not base) and (not limits.jurisdiction or home(world.places, scratch, seen - 1)):
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


@direct
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
        flags = phones.hot[phone].flags
        in_time = flags & SETTLED and phones.due[phone] > now
        if in_time and judge_lately(phones, world, room, phone, now, judged, free):
            continue
        if flags & (TOUCHED | STRUCK):
            low = now - world.limits.window - world.limits.day
            pairs = gather(phones, world.entries, world.limits, phone, low, now, room.scratch)
            if pairs >= len(room.scratch.slots):
                return i, changed, pairs + 1
            base, lasts, due, end = judge_wholly(phones, world, room, phone, pairs, now, judged, free)
        else:
            base, due = judge_plainly(phones, world, room, phone, now)
        phones.due[phone] = due
        phones.changed[phone >> SLICE] = 1
        if differs(world.sets, phones.hot[phone].keys, base, judged, free, end):
            judged.phone[changed], judged.base[changed], judged.lasts[changed] = phone, base, lasts
            judged.start[changed], judged.start[changed + 1] = free, end
            changed += 1
            free = end
    return len(numbers), changed, 0
