"""Visits of one area and what they are (rules 4.1 to 4.4), as `streams.domain.visits` finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from streams.window.borders import NO_LINK, is_away, link_inside, outside_beside
from streams.window.compiled import compiled, leaf
from streams.window.shapes import NOTHING

if TYPE_CHECKING:
    from streams.window.gathering import Scratch
    from streams.window.shapes import Areas, Array, Days, Limits, Links, Places

STAY: Final = 0
NEAR: Final = 1
PASSAGE: Final = 2
KINDS: Final = 3
"""The kinds of rule 4.3, harshest first."""


class Found(NamedTuple):
    """What an area's visits come to: by kind the visit that ends last, and over all areas what carries it."""

    first: Array
    last: Array
    """By kind: first and last slot of the visit that ends last, `last` NOTHING where there is none."""
    carrier: Array
    """By kind: the latest slot that carries one, NOTHING for none."""
    due: Array
    """One number: the earliest slot that carries anything."""


@leaf
def day_of(days: Days, slot: int) -> int:
    """Return the civil day in which a slot starts."""
    return int(days.day[slot - days.first])


@compiled
def carrier(slots: Array, count: int, length: int, least: int) -> int:
    """Return the latest slot from which the rest spans `length` with `least` slots, NOTHING if none does."""
    if count < least or count == 0:
        return NOTHING
    target = slots[count - 1] - length
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if slots[middle] <= target:
            low = middle + 1
        else:
            high = middle
    index = min(low, count - least + 1) - 1
    return int(slots[index]) if index >= 0 else NOTHING


@compiled
def flapped(
    places: Places,
    links: Links,
    areas: Areas,
    limits: Limits,
    scratch: Scratch,
    area: int,
    at: int,
    before: int,
    after: int,
) -> bool:
    """Say whether an away slot between two held ones is near enough, in time and place, to be a flap."""
    slot = scratch.seen[at]
    if slot - scratch.seen[before] > limits.pingpong or scratch.seen[after] - slot > limits.pingpong:
        return False
    if scratch.contested[at]:
        return True
    for end in (before, after):
        for i in range(scratch.first[end], scratch.first[end + 1]):
            link = link_inside(places, links, scratch.marks[i] >> 1, area)
            if link != NO_LINK and outside_beside(places, links, areas, scratch, area, at, link):
                return True
    return False


@leaf
def joined(
    places: Places,
    links: Links,
    areas: Areas,
    limits: Limits,
    days: Days,
    scratch: Scratch,
    area: int,
    before: int,
    after: int,
) -> bool:
    """Say whether two held slots, one after the other, belong to one visit (rules 4.1, 4.4)."""
    if limits.span:
        return day_of(days, scratch.seen[before]) == day_of(days, scratch.seen[after])
    if scratch.seen[after] - scratch.seen[before] > limits.gap:
        return False
    last_away = False
    for at in range(before + 1, after):
        away = is_away(places, links, areas, scratch, area, at)
        if away and (
            last_away or not flapped(places, links, areas, limits, scratch, area, at, before, after)
        ):
            return False
        last_away = away
    return True


@compiled
def conclude(limits: Limits, scratch: Scratch, held: int, core: int, found: Found) -> None:
    """Take a visit's kinds that have not left the window (its slots are all inside) into `found`."""
    harshest = KINDS
    for kind in range(KINDS):
        if kind == STAY:
            slot = carrier(scratch.core, core, limits.stay, limits.least_slots)
        elif kind == NEAR:
            slot = carrier(scratch.held, held, limits.stay, 1)
        else:
            slot = scratch.core[core - 1] if core else NOTHING
        if slot == NOTHING:
            continue
        found.carrier[kind] = max(found.carrier[kind], slot)
        found.due[0] = min(found.due[0], slot)
        harshest = min(harshest, kind)
    if harshest < KINDS:
        found.first[harshest], found.last[harshest] = scratch.held[0], scratch.held[held - 1]


@compiled
def visit(
    places: Places,
    links: Links,
    areas: Areas,
    limits: Limits,
    days: Days,
    scratch: Scratch,
    area: int,
    begin: int,
    seen: int,
    found: Found,
) -> None:
    """Follow the area's visits over the observed slots of the window, from number `begin` on."""
    held = core = 0
    last = -1
    for at in range(begin, seen):
        if not scratch.inside[at] or scratch.contested[at]:
            continue
        if held and not joined(places, links, areas, limits, days, scratch, area, last, at):
            conclude(limits, scratch, held, core, found)
            held = core = 0
        scratch.held[held] = scratch.seen[at]
        held += 1
        if scratch.inside[at] == 2:  # noqa: PLR2004 - in the core, see Scratch
            scratch.core[core] = scratch.seen[at]
            core += 1
        last = at
    if held:
        conclude(limits, scratch, held, core, found)
