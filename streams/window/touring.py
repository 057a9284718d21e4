"""Cities that a phone stayed in, each civil day's visits by rule 4.4, out of its diary (rule 14.1).

What is discounted and what a visit is are the colours' own functions; cities stand in the place of areas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from streams.domain.slots import start_of
from streams.window.borders import find_contested, find_inside
from streams.window.compiled import direct, entry
from streams.window.gathering import areas_met, gather, observe, strike
from streams.window.limits import chords_of, limits_of, room
from streams.window.plausible import discount
from streams.window.shapes import NEVER, NOTHING, RANGING
from streams.window.towns import Towns
from streams.window.visiting import NEAR, STAY, day_of, visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.window.gathering import Scratch
    from streams.window.shapes import Areas, Array, Chords, Days, Limits, Links, Phones, Places
    from streams.window.visiting import Found
    from streams.window.window import Window
    from streams.window.world import World

PAIRS: Final = 4096
"""Sightings of one phone that there is room for at first."""
ENDS: Final = 2
"""Civil days more than days of 24 hours, at most, that a span of these touches."""


class Toured(NamedTuple):
    """What a phone's diary says of the days asked for."""

    cities: tuple[int, ...]
    """By number, in the order of their first visit that is long enough."""
    seen: int | None
    """End of the latest slot with a sighting that is plausible, in unix seconds; None: there is none."""


class Touring:
    """Answers for the phones of one window; `city_of` gives the number of a cell's city, of so many."""

    def __init__(self, window: Window, city_of: Callable[[int], int | None], count: int) -> None:
        self.window = window
        self._city_of, self._count = city_of, count
        self._towns = Towns(city_of, count, window.rules.policy.pingpong_rings)
        self._make_room(PAIRS)

    def _make_room(self, pairs: int) -> None:
        rules, days = self.window.rules, self.window.deployment.retention_days
        self._scratch, self._found, *_ = room(pairs, self._count, rules.spans.day, 0)
        self._stays = np.empty((self._count * (days + ENDS), 2), np.int64)

    def of(self, phone: bytes, days: int, minutes: int) -> Toured:
        """Return the cities with a visit of so many minutes, by span, in so many days up to the clock.

        No more days than sightings are kept for are looked at (rule 1.5).
        """
        window, rules = self.window, self.window.rules
        row = window.parts.book.row(phone)
        if row is None or window.clock is None:
            return Toured((), None)
        if self._towns.rings != rules.policy.pingpong_rings:
            self._towns = Towns(self._city_of, self._count, rules.policy.pingpong_rings)
        days = min(days, window.deployment.retention_days)
        limits = limits_of(rules)._replace(
            window=days * rules.spans.day,
            span=True,
            stay=-(-minutes // rules.policy.slot_minutes),
        )
        return self._toured(row, window.world()._replace(limits=limits))

    def _toured(self, row: int, world: World) -> Toured:
        limits, now = world.limits, self.window.now
        phones, chords, scratch = self.window.parts.book.phones, chords_of(self.window.rules), self._scratch
        edge = now - limits.window
        count, seen = stand(phones, world, chords, row, edge - limits.day, now, scratch)
        if seen < 0:
            self._make_room(count * 2)
            return self._toured(row, world)
        if seen == 0 or scratch.seen[seen - 1] <= edge:
            return Toured((), None)
        places = self._towns.places(world.places, np.unique(scratch.marks[:count] >> 1))
        stayed = tour(
            places,
            self._towns.links,
            self._towns.areas,
            limits,
            world.days,
            scratch,
            self._found,
            count,
            seen,
            edge,
            self._stays,
        )
        stays = self._stays[:stayed]
        cities = tuple(dict.fromkeys(stays[np.lexsort((stays[:, 0], stays[:, 1])), 0].tolist()))
        return Toured(cities, start_of(int(scratch.seen[seen - 1]) + 1, limits.slot_seconds // 60))


@direct
@entry
def stand(
    phones: Phones, world: World, chords: Chords, phone: int, low: int, high: int, scratch: Scratch
) -> tuple[int, int]:
    """Gather what rules 3.1 and 3.2 leave of a phone's slots after `low` and up to `high`.

    Returns the pairs and the observed slots; where there is no room, those there are and -1.
    """
    limits, places = world.limits, world.places
    pairs = gather(phones, world.entries, limits, phone, low, high, scratch)
    if pairs >= len(scratch.slots):
        return pairs, -1
    count = strike(phones, places, world.of_phones, world.of_places, phone, pairs, scratch)
    if phones.hot[phone].flags & RANGING:
        count, _ = discount(places, limits, chords, phones.hot[phone].anchor, count, scratch)
    return count, observe(count, scratch)


@direct
@entry
def tour(
    places: Places,
    links: Links,
    areas: Areas,
    limits: Limits,
    days: Days,
    scratch: Scratch,
    found: Found,
    count: int,
    seen: int,
    edge: int,
    stays: Array,
) -> int:
    """Put city and first slot of each day's visit that is long enough into `stays`; return how many."""
    begin, stayed = seen, 0
    while begin > 0 and scratch.seen[begin - 1] > edge:
        begin -= 1
    for number in range(areas_met(places, links, scratch, count)):
        area = scratch.areas[number]
        find_inside(places, links, areas, scratch, area, seen)
        find_contested(places, links, areas, limits, scratch, area, seen)
        at = begin
        while at < seen:
            end = at + 1
            while end < seen and day_of(days, scratch.seen[end]) == day_of(days, scratch.seen[at]):
                end += 1
            found.last[:] = NOTHING
            found.carrier[:] = NOTHING
            found.due[0] = NEVER
            visit(places, links, areas, limits, days, scratch, area, at, end, found)
            for kind in (STAY, NEAR):
                if found.last[kind] != NOTHING:
                    stays[stayed, 0], stays[stayed, 1] = area, found.first[kind]
                    stayed += 1
            at = end
    return stayed
