"""H3 cells: what a polygon covers, its core, its surroundings, and distances (rules 2.1, 2.2, 3.2).

Cells are integers; distances are metres on the sphere H3 itself uses (radius 6371.007180918475 km).
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, cast

import h3.api.basic_int as h3

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.domain.records import Geometry, Polygon, Ring

RADIUS_KM: Final = 6371.007180918475
HALF_WAY: Final = 180.0
"""Degrees: an edge longer than this in longitude goes round the other side of the world."""


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


def unwound(polygon: Polygon) -> Polygon:
    """Return a polygon as H3 reads it: with an edge over 180° of longitude it crosses the antimeridian."""
    if all(abs(one[0] - other[0]) <= HALF_WAY for one, other in pairwise(polygon[0])):
        return polygon
    return tuple(
        tuple((lon + 2 * HALF_WAY if lon < 0 else lon, lat) for lon, lat in ring) for ring in polygon
    )


def about(geometry: Geometry, resolution: int) -> int:
    """Return about how many cells lie in a geometry, without working them out."""
    steradians = 0.0
    for outer, *holes in map(unwound, geometry):
        steradians += _steradians(outer) - sum(map(_steradians, holes))
    cell = cast("float", h3.average_hexagon_area(resolution, "km^2"))
    return round(steradians * RADIUS_KM**2 / cell)


def core_of(cells: frozenset[int], rings: int) -> frozenset[int]:
    """Return the cells whose whole disk of `rings` lies in `cells` (rule 2.2)."""
    return frozenset(cell for cell in cells if disk(cell, rings) <= cells)


def has_core(cells: frozenset[int], rings: int) -> bool:
    """Say whether any cell's whole disk of `rings` lies in `cells` (rule 2.2)."""
    return any(disk(cell, rings) <= cells for cell in cells)


def touch(one: frozenset[int], other: frozenset[int]) -> bool:
    """Say whether a cell of one is a cell of the other, or the neighbour of one (rule 2.2)."""
    fewer, more = sorted((one, other), key=len)
    return any(not disk(cell, 1).isdisjoint(more) for cell in fewer)


def outlines_of(cells: frozenset[int], *, singly: bool, over: bool) -> Iterator[Ring]:
    """Yield the outline of each cell, or of what they cover together, in an order that stays.

    `over` says that they lie on the antimeridian: longitudes then go on beyond 180°.
    """
    if singly:
        boundaries = [h3.cell_to_boundary(cell) for cell in sorted(cells)]
    else:
        shapes = h3.cells_to_geo(cells)
        polygons = shapes["coordinates"] if shapes["type"] == "MultiPolygon" else [shapes["coordinates"]]
        rings = sorted(tuple(map(tuple, ring)) for polygon in polygons for ring in polygon)
        boundaries = [[(lat, lon) for lon, lat in ring[:-1]] for ring in rings]
    for boundary in boundaries:
        ring = tuple((lon + 2 * HALF_WAY if over and lon < 0 else lon, lat) for lat, lon in boundary)
        yield (*ring, ring[0])


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


def _steradians(ring: Ring) -> float:
    """Return what a ring encloses on the unit sphere, edges straight in longitude and sine of latitude."""
    strips = (
        math.radians(other[0] - one[0]) * (math.sin(math.radians(one[1])) + math.sin(math.radians(other[1])))
        for one, other in pairwise(ring)
    )
    return abs(sum(strips)) / 2
