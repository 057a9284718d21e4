"""H3 cells: what a polygon covers, its core, its surroundings, and distances (rules 2.1, 2.2, 3.2).

Cells are integers; distances are metres on the sphere H3 itself uses (radius 6371.007180918475 km).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Final, cast

import h3.api.basic_int as h3
from h3 import H3BaseException

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.domain.records import Geometry, Ring


RADIUS_M: Final = 6_371_007.180918475
MOST_CELLS: Final = 500_000
"""The largest area or jurisdiction: two provinces of the size of Hubei at resolution 8."""


class GeometryError(ValueError):
    """A geometry has too many cells for an area or a jurisdiction, or H3 cannot cover it."""


def cell_of(longitude: float, latitude: float, resolution: int) -> int:
    """Return the cell an antenna stands in (rule 2.1)."""
    return cast("int", h3.latlng_to_cell(latitude, longitude, resolution))


@lru_cache(maxsize=16)
def cells_of(geometry: Geometry, resolution: int) -> frozenset[int]:
    """Return S: the cells whose centre lies in the geometry (rule 2.2); GeometryError where that cannot be.

    A polygon whose box holds over MOST_CELLS is refused unseen: H3 takes memory for the box.
    """
    boxes = sum(map(_box_m2, (outer for outer, *_ in geometry)))
    if boxes > MOST_CELLS * h3.average_hexagon_area(resolution, unit="m^2"):
        raise GeometryError(f"too large: over {MOST_CELLS} cells of resolution {resolution}")
    cells: set[int] = set()
    for outer, *holes in geometry:
        shape = h3.LatLngPoly(_lat_lng(outer), *map(_lat_lng, holes))
        try:
            cells.update(h3.polygon_to_cells(shape, resolution))
        except H3BaseException:
            raise GeometryError("degenerate: a ring without inside, or a hole outside its polygon") from None
    return frozenset(cells)


def core_of(cells: frozenset[int], rings: int) -> frozenset[int]:
    """Return the cells whose whole disk of `rings` lies in `cells` (rule 2.2).

    Ring by ring from outside: the work is that of looking at each cell once, however many rings there are.
    """
    left, edge = set(cells), _beside(cells) - cells
    for _ in range(rings):
        edge = _beside(edge) & left
        if not edge:
            break
        left -= edge
    return frozenset(left)


def surrounded(cells: frozenset[int], rings: int) -> frozenset[int]:
    """Return the cells within `rings` of a cell of `cells`, these included (rule 2.3)."""
    found, edge = set(cells), set(cells)
    for _ in range(rings):
        edge = _beside(edge) - found
        found |= edge
    return frozenset(found)


def _beside(cells: Iterable[int]) -> set[int]:
    return {near for cell in cells for near in h3.grid_disk(cell, 1)}


@lru_cache(maxsize=1 << 17)
def within(rings: int, one: int, other: int) -> bool:
    """Say whether two cells are at grid distance `rings` or less."""
    return other in h3.grid_disk(one, rings)


@lru_cache(maxsize=1 << 18)
def distance_m(one: int, other: int) -> float:
    """Return the great-circle distance of two cells' centres in metres (rule 3.2)."""
    return cast("float", h3.great_circle_distance(h3.cell_to_latlng(one), h3.cell_to_latlng(other), "m"))


def _box_m2(ring: Ring) -> float:
    """Return the area of the box around a ring, in square metres on the sphere."""
    longitudes, latitudes = [math.radians(x) for x, _ in ring], [math.sin(math.radians(y)) for _, y in ring]
    return RADIUS_M**2 * (max(longitudes) - min(longitudes)) * (max(latitudes) - min(latitudes))


def _lat_lng(ring: Ring) -> list[tuple[float, float]]:
    return [(latitude, longitude) for longitude, latitude in ring]
