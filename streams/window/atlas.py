"""The hexes that were seen, numbered, and what the rules in force say of each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import h3.api.basic_int as h3
import numpy as np

from streams.domain import hexes
from streams.window.compiled import entry
from streams.window.growing import Growing
from streams.window.shapes import (
    ABSENT,
    AT_HOME,
    CORE,
    DEEP,
    IN_AREA,
    INSIDE,
    STRUCK,
    Areas,
    Links,
    Places,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from typing import Any

    from streams.domain.areas import Area
    from streams.domain.rules import Rules
    from streams.window.shapes import Array

_MIX: Final = -7_046_029_254_386_353_131
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
        self._areas: dict[str, int] = {}
        self._rings = 0
        self.areas = _areas([])
        self._links: list[tuple[int, int, int, int]] = []
        self._beside: list[int] = []
        self._made: Links | None = None

    @property
    def places(self) -> Places:
        """Return the places' columns."""
        return self._places.view

    @property
    def links(self) -> Links:
        """Return the links' columns."""
        if self._made is None:
            area, flags, first, end = np.array(self._links or [(0, 0, 0, 0)], np.int64).T.copy()
            self._made = Links(area, flags, first, end, np.array(self._beside, np.int64))
        return self._made

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

    def among(self, cells: frozenset[int]) -> Array:
        """Say of each row whether its hex is one of `cells`."""
        wanted = np.zeros(self._places.rows, np.bool_)
        if len(cells) < len(self._rows):
            wanted[[row for cell in cells if (row := self._rows.get(cell)) is not None]] = True
        else:
            wanted[[row for cell, row in self._rows.items() if cell in cells]] = True
        return wanted

    def resume(self, named: Iterable[tuple[str, int]], cells: Array, rules: Rules) -> None:
        """Take the places and the serials of a state that was loaded, each under its old number."""
        self.named = list(named)
        self._serials = {key: serial for serial, key in enumerate(self.named)}
        self.judge_again(rules, ())
        for cell in cells.tolist():
            self._add(cell, rules, ())

    def judge_again(self, rules: Rules, struck: Container[int]) -> None:
        """Take other rules: what they say of each place."""
        areas = list(rules.areas.values())
        self._areas = {area.id: number for number, area in enumerate(areas)}
        self._rings = rules.policy.pingpong_rings
        self.areas = _areas([(self.serial(area.id, area.version), area) for area in areas])
        self._links, self._beside, self._made = [], [], None
        for cell, row in self._rows.items():
            self._describe(cell, row, rules, struck)

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
        row = len(self._rows) + 1
        self._places.reserve(row + 1)
        self._rows[cell] = row
        if len(self._rows) * 2 > len(self._table):
            self._table = np.zeros(len(self._table) * 2, np.int32)
            for known, number in self._rows.items():
                place(self._table, known, number)
        else:
            place(self._table, cell, row)
        places = self.places
        places.cell[row] = cell
        latitude, longitude = map(math.radians, h3.cell_to_latlng(cell))
        places.latitude[row], places.longitude[row] = latitude, longitude
        flat = math.cos(latitude)
        places.xyz[row] = flat * math.cos(longitude), flat * math.sin(longitude), math.sin(latitude)
        self._describe(cell, row, rules, struck)

    def _describe(self, cell: int, row: int, rules: Rules, struck: Container[int]) -> None:
        """Write down what the rules say of a place: its flags and its links."""
        areas = rules.by_hex.get(cell, ())
        flags = (
            (IN_AREA if areas else 0)
            | (ABSENT if rules.is_absent(cell) else 0)
            | (AT_HOME if rules.jurisdiction is not None and cell in rules.jurisdiction.cells else 0)
            | (STRUCK if cell in struck else 0)
        )
        places = self.places
        places.flags[row] = flags
        places.first_link[row] = len(self._links)
        if areas:
            self._made = None
            for area in rules.areas.values():
                if cell in area.near:
                    self._link(cell, area)
        places.links[row] = len(self._links) - places.first_link[row]

    def _link(self, cell: int, area: Area) -> None:
        first = len(self._beside)
        flags = 0
        if cell in area.cells:
            flags = INSIDE | (CORE if cell in area.core else 0) | (DEEP if cell in area.deep else 0)
            if not flags & DEEP:
                self._beside += sorted(hexes.surrounded([cell], self._rings) - area.cells)
        self._links.append((self._areas[area.id], flags, first, len(self._beside)))


def _areas(areas: list[tuple[int, Any]]) -> Areas:
    return Areas(
        np.array([serial for serial, _ in areas], np.int64),
        np.array([area.first for _, area in areas], np.int64),
        np.array([END if area.end == math.inf else area.end for _, area in areas], np.int64),
    )


@entry
def place(table: Array, cell: int, row: int) -> None:
    """Put a row into the table; its cell is in no row of it yet."""
    mask = len(table) - 1
    at = ((cell * _MIX) >> 32) & mask
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
        at = ((cell * _MIX) >> 32) & mask
        row = table[at]
        while row != 0 and known[row] != cell:
            at = (at + 1) & mask
            row = table[at]
        rows[i] = row
        if row == 0:
            unknown += 1
    return unknown
