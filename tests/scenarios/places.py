"""The places of the scenarios (README.md): names to hexes, shapes to polygons."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final

from h3.api import basic_int as h3

if TYPE_CHECKING:
    from streams.domain.records import Geometry, Ring

RESOLUTION: Final = 8
MIDDLE: Final = h3.latlng_to_cell(39.9, 116.4, RESOLUTION)
KM_OF_A_DEGREE: Final = 111.195

PLACES: Final = {
    "middle": 0,
    "inner": 2,
    "fringe": 3,
    "beside": 4,
    "beyond": 5,
    "middle of B": 7,
    "outside": -8,
}
"""Rings from the middle of area A, northwards; a ring is 814 m wide."""

AREAS: Final = {"A": "3 rings around middle", "B": "3 rings around middle of B"}


class UnreadableError(ValueError):
    """A scenario says something the notation does not know."""


def cell(place: str) -> int:
    """Read a place: a name, `4 rings north` of the middle of A, or `100 km east` of it."""
    if place in PLACES:
        return _on_the_row(PLACES[place])
    found = re.fullmatch(r"(\d+) (rings|km) (north|south|east|west)", place)
    if found is None or (found[2], found[3]) in {("rings", "east"), ("rings", "west")}:
        raise UnreadableError(
            f"expected a place as 'fringe', '4 rings north' or '9 km east', found {place!r}"
        )
    way = int(found[1]) * (1 if found[3] in {"north", "east"} else -1)
    if found[2] == "rings":
        return _on_the_row(way)
    latitude, longitude = h3.cell_to_latlng(MIDDLE)
    if found[3] in {"north", "south"}:
        return int(h3.latlng_to_cell(latitude + way / KM_OF_A_DEGREE, longitude, RESOLUTION))
    along = KM_OF_A_DEGREE * math.cos(math.radians(latitude))
    return int(h3.latlng_to_cell(latitude, longitude + way / along, RESOLUTION))


def _on_the_row(rings: int) -> int:
    i, j = h3.cell_to_local_ij(MIDDLE, MIDDLE)
    return int(h3.local_ij_to_cell(MIDDLE, i + rings, j))


def geometry(shape: str) -> Geometry:
    """Read a shape: parts joined by `and`, each of rings around a place, a box, or a speck of no cell."""
    return tuple(polygon for part in shape.split(" and ") for polygon in _polygons(part))


def _polygons(part: str) -> Geometry:
    rings = re.fullmatch(r"(\d+) rings? around (.+?)(?: without (\d+) rings? around (.+))?", part)
    box = re.fullmatch(r"a box of (\d+) by (\d+) km around (.+)", part)
    speck = re.fullmatch(r"a speck in (.+)", part)
    if rings is not None:
        cells = set(h3.grid_disk(cell(rings[2]), int(rings[1])))
        if rings[3] is not None:
            cells -= set(h3.grid_disk(cell(rings[4]), int(rings[3])))
        outline = h3.cells_to_h3shape(list(cells), tight=False)
        return tuple((_ring(one.outer), *map(_ring, one.holes)) for one in outline)
    if box is not None:
        return (_box(box[3], float(box[1]) / 2, float(box[2]) / 2),)
    if speck is not None:
        return (_box(speck[1], 0.05, 0.05, north=0.2),)
    raise UnreadableError(f"expected a shape as '3 rings around middle', found {part!r}")


def _ring(outline: Any) -> Ring:
    ring = [(float(longitude), float(latitude)) for latitude, longitude in outline]
    return (*ring, ring[0])


def _box(place: str, half_width: float, half_height: float, north: float = 0.0) -> tuple[Ring]:
    """Return a box (km) around a cell's centre or `north` of it, along parallels and meridians."""
    latitude, longitude = h3.cell_to_latlng(cell(place))
    x = half_width / (KM_OF_A_DEGREE * math.cos(math.radians(latitude)))
    y, up = half_height / KM_OF_A_DEGREE, latitude + north / KM_OF_A_DEGREE
    corners = [
        (up - y, longitude - x),
        (up - y, longitude + x),
        (up + y, longitude + x),
        (up + y, longitude - x),
    ]
    return (_ring(corners),)
