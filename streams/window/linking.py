"""Links from places that lie in an area to it and to others they are near, and the outside beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from streams.domain import hexes
from streams.window.growing import Growing
from streams.window.shapes import CORE, DEEP, INSIDE, Links

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.domain.areas import Area
    from streams.window.shapes import Array


class Linking:
    """Links in the order of their places, those of places first seen since the rules changed at the end."""

    def __init__(self) -> None:
        names = ("area", "flags", "first", "end", "beside")
        self._columns = Growing(Links, dict.fromkeys(names, (np.int64, 0)))
        self._rings = 0
        self._outside: dict[tuple[int, int], list[int]] = {}
        """By area's serial and hex: the hexes outside S within pingpong_rings of it, in order."""
        self.count = 0
        self._beside = 0

    @property
    def view(self) -> Links:
        """Return the links' columns."""
        return self._columns.view

    def begin(self, rings: int, cells: Array, linked: Array, areas: Sequence[Area], serials: Array) -> None:
        """Begin anew: `linked` has each link's row, area's number and flags, in the order of rows."""
        rows, numbers, flags = linked
        border = np.flatnonzero((flags & (INSIDE | DEEP)) == INSIDE)
        keys = list(zip(serials[numbers[border]].tolist(), cells[rows[border]].tolist(), strict=True))
        known = self._outside if rings == self._rings else {}
        self._rings = rings
        self._outside = {
            key: known.get(key) or self._beside_of(key[1], areas[number])
            for key, number in zip(keys, numbers[border].tolist(), strict=True)
        }
        beside = [cell for key in keys for cell in self._outside[key]]
        counts = np.zeros(len(rows), np.int64)
        counts[border] = [len(self._outside[key]) for key in keys]
        self.count, self._beside = len(rows), len(beside)
        self._columns.reserve(max(self.count, self._beside) + 1)
        view, end = self.view, np.cumsum(counts)
        part = slice(self.count)
        view.area[part], view.flags[part], view.first[part], view.end[part] = (
            numbers,
            flags,
            end - counts,
            end,
        )
        view.beside[: self._beside] = beside

    def add(self, cell: int, area: Area, number: int, serial: int) -> None:
        """Link a hex first seen now to an area that it lies in or near."""
        flags, beside = 0, []
        if cell in area.cells:
            flags = INSIDE | (CORE if cell in area.core else 0) | (DEEP if cell in area.deep else 0)
            if not flags & DEEP:
                beside = self._outside[int(serial), cell] = self._beside_of(cell, area)
        first, end = self._beside, self._beside + len(beside)
        self._columns.reserve(max(self.count, end) + 1)
        view, at = self.view, self.count
        view.area[at], view.flags[at], view.first[at], view.end[at] = number, flags, first, end
        view.beside[first:end] = beside
        self.count, self._beside = at + 1, end

    def _beside_of(self, cell: int, area: Area) -> list[int]:
        return sorted(hexes.surrounded([cell], self._rings) - area.cells)
