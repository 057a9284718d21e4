"""The hexes that were seen, numbered, and what the rules in force say of each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import h3.api.basic_int as h3
import numpy as np

from streams.window.compiled import entry
from streams.window.growing import Growing
from streams.window.hashing import A, product
from streams.window.linking import Linking
from streams.window.shapes import (
    ABSENT,
    AT_HOME,
    CORE,
    DEEP,
    IN_AREA,
    INSIDE,
    STRUCK,
    Areas,
    Places,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable
    from typing import Any

    from streams.domain.areas import Area
    from streams.domain.rules import Rules
    from streams.window.shapes import Array, Links

END: Final = 1 << 62
"""Later than every slot: the end of an area that has none."""


class Atlas:
    """Places by their hexes; row 0 is none."""

    def __init__(self) -> None:
        self._places = Growing(
            Places,
            {
                "cell": (np.int64, 0),
                "flags": (np.uint8, 0),
                **dict.fromkeys(("latitude", "longitude"), (np.float64, 0)),
                "xyz": (np.float64, 3),
                **dict.fromkeys(("first_link", "links"), (np.int32, 0)),
            },
        )
        self._rows: dict[int, int] = {}
        self._table = np.zeros(1 << 12, np.int32)
        self._serials: dict[tuple[str, int], int] = {}
        self.named: list[tuple[str, int]] = []
        """By serial: an area's id and version."""
        self.areas = _areas([])
        self._links = Linking()

    @property
    def places(self) -> Places:
        """Return the places' columns."""
        return self._places.view

    @property
    def links(self) -> Links:
        """Return the links' columns."""
        return self._links.view

    def nbytes(self) -> int:
        """Return the bytes that places take."""
        return self._places.nbytes() + self._table.nbytes

    @property
    def count(self) -> int:
        """Return how many places there are."""
        return len(self._rows)

    def rows(self, cells: Array, rules: Rules, struck: Container[int]) -> Array:
        """Return the places' rows of hexes, those not seen before made."""
        found = np.empty(len(cells), np.int64)
        if look_up(self._table, self.places.cell, cells, found):
            for cell in np.unique(cells[found == 0]).tolist():
                self._add(cell, rules, struck)
            look_up(self._table, self.places.cell, cells, found)
        return found

    def row(self, cell: int) -> int:
        """Return the row of a hex that was seen or struck."""
        return self._rows[cell]

    def among(self, cells: Collection[int]) -> Array:
        """Say of each row whether its hex is one of `cells`."""
        wanted = np.zeros(self._places.rows, np.bool_)
        wanted[self._among(cells)] = True
        return wanted

    def resume(self, named: Iterable[tuple[str, int]], cells: Array) -> None:
        """Take the places and the serials of a state that was loaded, each under its old number.

        What rules say of them is to follow (`judge_again`).
        """
        self.named = list(named)
        self._serials = {key: serial for serial, key in enumerate(self.named)}
        for cell in cells.tolist():
            self._number(cell)

    def judge_again(self, rules: Rules, struck: Collection[int]) -> None:
        """Take other rules: what they say of each place."""
        areas = list(rules.areas.values())
        self.areas = _areas([(self.serial(area.id, area.version), area) for area in areas])
        within = [self._among(area.cells) for area in areas]
        flags = np.zeros(self._places.rows, np.uint8)
        if rules.jurisdiction is not None:
            flags[1 : self.count + 1] = ABSENT
            flags[self._among(rules.jurisdiction.home)] = 0
            flags[self._among(rules.jurisdiction.cells)] |= AT_HOME
        for rows in within:
            flags[rows] |= IN_AREA
        flags[self._among(struck)] |= STRUCK
        places = self.places
        places.flags[:] = flags
        linked = self._linked(areas, within)
        counts = np.bincount(linked[0], minlength=self._places.rows)
        places.links[:], places.first_link[:] = counts, np.cumsum(counts) - counts
        self._links.begin(rules.policy.pingpong_rings, places.cell, linked, areas, self.areas.serial)

    def _linked(self, areas: list[Area], within: list[Array]) -> Array:
        """Return the links of places that lie in some area to all they are near: row, number, flags."""
        special = (self.places.flags & IN_AREA) != 0
        bits, found = np.zeros(len(special), np.int64), [np.zeros((3, 0), np.int64)]
        for number, (area, rows) in enumerate(zip(areas, within, strict=True)):
            bits[rows] = INSIDE
            bits[self._among(area.core)] |= CORE
            bits[self._among(area.deep)] |= DEEP
            near = self._among(area.near)
            near = near[special[near]]
            found.append(np.stack((near, np.full(len(near), number), bits[near])))
            bits[rows] = 0
        linked = np.concatenate(found, 1)
        return linked[:, np.argsort(linked[0], kind="stable")]

    def _among(self, cells: Collection[int]) -> Array:
        """Return the rows of those of the hexes that were seen."""
        found = np.empty(len(cells), np.int64)
        look_up(self._table, self.places.cell, np.fromiter(cells, np.int64, len(cells)), found)
        return found[found > 0]

    def strike(self, cell: int, rules: Rules, struck: Container[int]) -> None:
        """Say of a hex, seen or not, whether a case names it."""
        self.rows(np.array([cell], np.int64), rules, struck)
        flags, row = self.places.flags, self._rows[cell]
        flags[row] = flags[row] & ~np.uint8(STRUCK) | (STRUCK if cell in struck else 0)

    def serial(self, area: str, version: int) -> int:
        """Return the number of an area's id and version."""
        key = area, version
        if key not in self._serials:
            self._serials[key] = len(self.named)
            self.named.append(key)
        return self._serials[key]

    def _add(self, cell: int, rules: Rules, struck: Container[int]) -> None:
        """Give a hex a row and write down what the rules say of it."""
        row = self._number(cell)
        areas = rules.by_hex.get(cell, ())
        home = rules.jurisdiction is not None and cell in rules.jurisdiction.cells
        places = self.places
        places.flags[row] = (
            (IN_AREA if areas else 0)
            | (ABSENT if rules.is_absent(cell) else 0)
            | (AT_HOME if home else 0)
            | (STRUCK if cell in struck else 0)
        )
        places.first_link[row], places.links[row] = self._links.count, 0
        if areas:
            for number, area in enumerate(rules.areas.values()):
                if cell in area.near:
                    self._links.add(cell, area, number, self.areas.serial[number])
                    places.links[row] += 1

    def _number(self, cell: int) -> int:
        """Give a hex a row; return it."""
        row = len(self._rows) + 1
        self._places.reserve(row + 1)
        self._rows[cell] = row
        places = self.places
        places.cell[row] = cell
        latitude, longitude = map(math.radians, h3.cell_to_latlng(cell))
        places.latitude[row], places.longitude[row] = latitude, longitude
        flat = math.cos(latitude)
        places.xyz[row] = flat * math.cos(longitude), flat * math.sin(longitude), math.sin(latitude)
        if row * 2 > len(self._table):
            self._table = np.zeros(len(self._table) * 2, np.int32)
            index(self._table, places.cell, 1, row)
        else:
            index(self._table, places.cell, row, row)
        return row


def _areas(areas: list[tuple[int, Any]]) -> Areas:
    return Areas(
        np.array([serial for serial, _ in areas], np.int64),
        np.array([area.first for _, area in areas], np.int64),
        np.array([END if area.end == math.inf else area.end for _, area in areas], np.int64),
    )


@entry
def index(table: Array, cells: Array, first: int, last: int) -> None:
    """Put rows into the table; their cells are in no row of it yet."""
    mask = len(table) - 1
    for row in range(first, last + 1):
        at = (product(cells[row], A) >> 32) & mask
        while table[at] != 0:
            at = (at + 1) & mask
        table[at] = row


@entry
def look_up(table: Array, known: Array, cells: Array, rows: Array) -> int:
    """Put the row of each cell into `rows`, 0 where it is not known; return how many are not."""
    mask = len(table) - 1
    unknown = 0
    for i in range(len(cells)):
        cell = cells[i]
        at = (product(cell, A) >> 32) & mask
        row = table[at]
        while row != 0 and known[row] != cell:
            at = (at + 1) & mask
            row = table[at]
        rows[i] = row
        if row == 0:
            unknown += 1
    return unknown
