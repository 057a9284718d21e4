"""H3 cells: what a polygon covers, its core, its surroundings, and distances (rules 2.1, 2.2, 3.2).

Cells are integers; distances are metres on the sphere H3 itself uses (radius 6371.007180918475 km).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, cast

import h3.api.basic_int as h3

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.domain.records import Geometry, Ring


def cell_of(longitude: float, latitude: float, resolution: int) -> int:
    """Return the cell an antenna stands in (rule 2.1)."""
    return cast("int", h3.latlng_to_cell(latitude, longitude, resolution))


def cells_of(geometry: Geometry, resolution: int) -> frozenset[int]:
    """Return S: the cells whose centre lies in the geometry (rule 2.2)."""
    cells: set[int] = set()
    for outer, *holes in geometry:
        shape = h3.LatLngPoly(_lat_lng(outer), *map(_lat_lng, holes))
        cells.update(h3.polygon_to_cells(shape, resolution))
    return frozenset(cells)


def core_of(cells: frozenset[int], rings: int) -> frozenset[int]:
    """Return the cells whose whole disk of `rings` lies in `cells` (rule 2.2)."""
    return frozenset(cell for cell in cells if disk(cell, rings) <= cells)


def surrounded(cells: Iterable[int], rings: int) -> frozenset[int]:
    """Return the cells within `rings` of a cell of `cells`, these included (rule 2.3)."""
    return frozenset().union(*(disk(cell, rings) for cell in cells))


@lru_cache(maxsize=1 << 17)
def disk(cell: int, rings: int) -> frozenset[int]:
    """Return the cells at grid distance `rings` or less."""
    return frozenset(h3.grid_disk(cell, rings))


@lru_cache(maxsize=1 << 18)
def distance_m(one: int, other: int) -> float:
    """Return the great-circle distance of two cells' centres in metres (rule 3.2)."""
    return cast("float", h3.great_circle_distance(h3.cell_to_latlng(one), h3.cell_to_latlng(other), "m"))


def _lat_lng(ring: Ring) -> list[tuple[float, float]]:
    return [(latitude, longitude) for longitude, latitude in ring]
