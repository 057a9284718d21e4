"""In, outside, contested, away: one area and the observed slots of one phone (rules 2.3, 3.3, 4.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.window.compiled import compiled, leaf
from streams.window.shapes import CORE, DEEP, INSIDE

if TYPE_CHECKING:
    from streams.window.gathering import Scratch
    from streams.window.shapes import Areas, Array, Limits, Links, Places

NO_LINK = -1


@leaf
def link_inside(places: Places, links: Links, place: int, area: int) -> int:
    """Return the link of a place in S of an area, NO_LINK where it is not."""
    first = places.first_link[place]
    for link in range(first, first + places.links[place]):
        if links.area[link] == area and links.flags[link] & INSIDE:
            return link
    return NO_LINK


@leaf
def outside(places: Places, links: Links, areas: Areas, place: int, slot: int, area: int) -> bool:
    """Say whether a sighting is outside an area (rule 2.3)."""
    near = elsewhere = False
    first = places.first_link[place]
    for link in range(first, first + places.links[place]):
        other = links.area[link]
        within = links.flags[link] & INSIDE
        if other == area:
            if within:
                return False
            near = True
        elif within and areas.first[other] <= slot < areas.end[other]:
            elsewhere = True
    return not (near and elsewhere)


@leaf
def stands_in(cells: Array, first: int, end: int, cell: int) -> bool:
    """Say whether a cell stands in a part of `cells` that is in order."""
    while first < end:
        middle = (first + end) // 2
        if cells[middle] < cell:
            first = middle + 1
        elif cells[middle] > cell:
            end = middle
        else:
            return True
    return False


@leaf
def outside_beside(
    places: Places, links: Links, areas: Areas, scratch: Scratch, area: int, at: int, link: int
) -> bool:
    """Say whether an observed slot has an outside sighting within pingpong_rings of a link's place."""
    first, end = links.first[link], links.end[link]
    for i in range(scratch.first[at], scratch.first[at + 1]):
        place = scratch.marks[i] >> 1
        if stands_in(links.beside, first, end, places.cell[place]) and outside(
            places, links, areas, place, scratch.seen[at], area
        ):
            return True
    return False


@leaf
def find_inside(places: Places, links: Links, areas: Areas, scratch: Scratch, area: int, seen: int) -> None:
    """Say of each observed slot whether it is in the area: 1, and 2 in its core (rule 2.3)."""
    for at in range(seen):
        best = 0
        if areas.first[area] <= scratch.seen[at] < areas.end[area]:
            for i in range(scratch.first[at], scratch.first[at + 1]):
                mark = scratch.marks[i]
                link = link_inside(places, links, mark >> 1, area)
                if link != NO_LINK:
                    best = max(best, 2 if links.flags[link] & CORE and not mark & 1 else 1)
        scratch.inside[at] = best


@leaf
def is_contested(
    places: Places,
    links: Links,
    areas: Areas,
    limits: Limits,
    scratch: Scratch,
    area: int,
    seen: int,
    at: int,
) -> bool:
    """Say whether every in-area sighting of a slot has the outside beside it (rule 3.3)."""
    slot = scratch.seen[at]
    before = at > 0 and slot - scratch.seen[at - 1] <= limits.pingpong
    after = at + 1 < seen and scratch.seen[at + 1] - slot <= limits.pingpong
    for i in range(scratch.first[at], scratch.first[at + 1]):
        link = link_inside(places, links, scratch.marks[i] >> 1, area)
        if link == NO_LINK:
            continue
        if links.flags[link] & DEEP:
            return False
        if outside_beside(places, links, areas, scratch, area, at, link):
            continue
        if not before and not after:
            return False
        if before and not outside_beside(places, links, areas, scratch, area, at - 1, link):
            return False
        if after and not outside_beside(places, links, areas, scratch, area, at + 1, link):
            return False
    return True


@leaf
def find_contested(
    places: Places, links: Links, areas: Areas, limits: Limits, scratch: Scratch, area: int, seen: int
) -> None:
    """Say of each observed slot whether it is contested for the area; `find_inside` comes first."""
    for at in range(seen):
        scratch.contested[at] = scratch.inside[at] and is_contested(
            places, links, areas, limits, scratch, area, seen, at
        )


@compiled
def is_away(places: Places, links: Links, areas: Areas, scratch: Scratch, area: int, at: int) -> bool:
    """Say whether an observed slot is away from the area (rule 4.1)."""
    if scratch.inside[at]:
        return bool(scratch.contested[at])
    for i in range(scratch.first[at], scratch.first[at + 1]):
        if not outside(places, links, areas, scratch.marks[i] >> 1, scratch.seen[at], area):
            return False
    return True
