"""Cities as compiled code reads areas: a place is linked to them when a diary with it is first asked for.

A country's cities have millions of cells, and phones are seen in a few thousand of them; so no city's cells
are worked out, but of each place which city it is in, and which are within pingpong_rings of it (rule 2.3).
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from streams.domain import hexes
from streams.domain.areas import Area
from streams.window.atlas import END
from streams.window.growing import Growing
from streams.window.linking import Linking
from streams.window.shapes import NOTHING, Areas

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.window.shapes import Array, Links, Places


class Linked(NamedTuple):
    """By place: whether it was linked, where its links begin, and how many there are."""

    known: Array
    first_link: Array
    links: Array


class Towns:
    """Links of a window's places to so many cities; `city_of` gives the number of a cell's city."""

    def __init__(self, city_of: Callable[[int], int | None], count: int, rings: int) -> None:
        self.rings = rings
        self._city_of = city_of
        self.areas = Areas(np.arange(count), np.full(count, NOTHING), np.full(count, END))
        self._linked = Growing(
            Linked, {"known": (np.uint8, 0), "first_link": (np.int32, 0), "links": (np.int32, 0)}
        )
        self._linking = Linking()
        nothing = np.zeros((3, 0), np.int64)
        self._linking.begin(rings, np.zeros(1, np.int64), nothing, [], self.areas.serial)

    @property
    def links(self) -> Links:
        """Return the links' columns."""
        return self._linking.view

    def places(self, places: Places, rows: Array) -> Places:
        """Return the places with their links to cities instead of areas; those of these rows have them."""
        self._linked.reserve(len(places.cell))
        for row in rows[self._linked.view.known[rows] == 0].tolist():
            self._link(row, int(places.cell[row]))
        linked = self._linked.view
        return places._replace(first_link=linked.first_link, links=linked.links)

    def _link(self, row: int, cell: int) -> None:
        """Link a place that is in a city to it and to those near; as areas, one in none has no links."""
        linked = self._linked.view
        linked.known[row], linked.first_link[row], linked.links[row] = True, self._linking.count, 0
        if self._city_of(cell) is None:
            return
        disk = hexes.surrounded([cell], self.rings)
        found = defaultdict[int, set[int]](set)
        for one in disk:
            if (city := self._city_of(one)) is not None:
                found[city].add(one)
        for city, cells in sorted(found.items()):
            self._linking.add(cell, _around(cell, disk, frozenset(cells)), city, city)
            linked.links[row] += 1


def _around(cell: int, disk: frozenset[int], cells: frozenset[int]) -> Area:
    """Return what linking a cell needs to know of a city: its cells within the disk around it."""
    deep = frozenset([cell]) if cells == disk else frozenset[int]()
    return Area("", 1, cells, frozenset([cell]) & cells, disk, deep, 0, math.inf)
