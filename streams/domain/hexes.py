"""H3 cells: what a polygon covers, its core, its surroundings, and distances (rules 2.1, 2.2, 3.2).

Cells are integers; distances are metres on the sphere H3 itself uses (radius 6371.007180918475 km).
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, cast

import h3.api.basic_int as h3
from h3 import H3BaseException

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.domain.records import Geometry, Polygon, Ring

RADIUS_KM: Final = 6371.007180918475
HALF_WAY: Final = 180.0
"""Degrees: an edge longer than this in longitude goes round the other side of the world."""


MOST_CELLS: Final = 500_000
"""The largest area or jurisdiction: two provinces of the size of Hubei at resolution 8."""


class GeometryError(ValueError):
    """A geometry has too many cells for an area or a jurisdiction, or H3 cannot cover it."""


def cell_of(longitude: float, latitude: float, resolution: int) -> int:
    """Return the cell an antenna stands in (rule 2.1)."""
    return cast("int", h3.latlng_to_cell(latitude, longitude, resolution))


def is_cell(number: int, resolution: int) -> bool:
    """Say whether a number is an H3 cell of a resolution."""
    return 0 < number < 1 << 63 and bool(h3.is_valid_cell(number)) and h3.get_resolution(number) == resolution


def centre_of(cell: int) -> tuple[float, float]:
    """Return the longitude and latitude of a cell's centre."""
    latitude, longitude = h3.cell_to_latlng(cell)
    return longitude, latitude


def middle_of(geometry: Geometry, cell: int) -> int:
    """Return the cell, as fine as `cell`, in which the middle of a geometry's first ring lies."""
    ring = unwound(geometry[0])[0][:-1]
    longitude, latitude = (sum(numbers) / len(ring) for numbers in zip(*ring, strict=True))
    return cell_of(longitude, latitude, h3.get_resolution(cell))


def parent(cell: int, resolution: int) -> int:
    """Return the hex of a resolution that a cell lies in; the cell itself where it is no finer."""
    return cell if h3.get_resolution(cell) <= resolution else cast("int", h3.cell_to_parent(cell, resolution))


def coarsened(cells: Iterable[int], resolution: int) -> frozenset[int]:
    """Return the cells of a resolution that hold these; one that is coarser already stays."""
    return frozenset(parent(cell, resolution) for cell in cells)


@lru_cache(maxsize=16)
def cells_of(geometry: Geometry, resolution: int) -> frozenset[int]:
    """Return S: the cells whose centre lies in the geometry (rule 2.2); GeometryError where that cannot be.

    A polygon whose box holds over MOST_CELLS is refused unseen: H3 takes memory for the box.
    """
    boxes = sum(_box_steradians(outer) for outer, *_ in map(unwound, geometry)) * RADIUS_KM**2
    if boxes > MOST_CELLS * h3.average_hexagon_area(resolution, "km^2"):
        raise GeometryError(f"too large: over {MOST_CELLS} cells of resolution {resolution}")
    cells: set[int] = set()
    for outer, *holes in geometry:
        shape = h3.LatLngPoly(_lat_lng(outer), *map(_lat_lng, holes))
        try:
            cells.update(h3.polygon_to_cells(shape, resolution))
        except H3BaseException:
            raise GeometryError("degenerate: a ring without inside, or a hole outside its polygon") from None
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
    """Return the cells whose whole disk of `rings` lies in `cells` (rule 2.2).

    Ring by ring from outside: the work is that of looking at each cell once, however many rings there are.
    """
    left: set[int] = set(cells)
    edge: Iterable[int] = _rim(cells)
    for _ in range(rings):
        edge = _beside(edge) & left
        if not edge:
            break
        left -= edge
    return frozenset(left)


def has_core(cells: frozenset[int], rings: int) -> bool:
    """Say whether any cell's whole disk of `rings` lies in `cells` (rule 2.2)."""
    return bool(core_of(cells, rings))


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
    inside = frozenset(cells)
    if not rings:
        return inside
    edge: Iterable[int] = _rim(inside)
    found = set(inside.union(edge))
    for _ in range(1, rings):
        edge = _beside(edge) - found
        found.update(edge)
    return frozenset(found)


@lru_cache(maxsize=4)
def _rim(cells: frozenset[int]) -> frozenset[int]:
    """Return the cells beside `cells`; an area's core, fringe and surroundings all begin there."""
    return frozenset(_beside(cells) - cells)


def _beside(cells: Iterable[int]) -> set[int]:
    return {near for cell in cells for near in h3.grid_disk(cell, 1)}


@lru_cache(maxsize=1 << 17)
def within(rings: int, one: int, other: int) -> bool:
    """Say whether two cells are at grid distance `rings` or less."""
    return other in h3.grid_disk(one, rings)


@lru_cache(maxsize=1 << 18)
def distance_m(one: int, other: int) -> float:
    """Return the great-circle distance of two cells' centres in metres (rule 3.2).

    Written out, so that compiled code says the same to the last bit; H3's own differs from build to build.
    """
    latitude, longitude = map(math.radians, h3.cell_to_latlng(one))
    other_latitude, other_longitude = map(math.radians, h3.cell_to_latlng(other))
    a = math.sin((other_latitude - latitude) * 0.5)
    b = math.sin((other_longitude - longitude) * 0.5)
    part = a * a + b * b * math.cos(latitude) * math.cos(other_latitude)
    return 2 * math.atan2(math.sqrt(part), math.sqrt(max(0.0, 1 - part))) * RADIUS_KM * 1000


def _box_steradians(ring: Ring) -> float:
    """Return what the box around a ring encloses on the unit sphere."""
    longitudes, sines = [math.radians(x) for x, _ in ring], [math.sin(math.radians(y)) for _, y in ring]
    return (max(longitudes) - min(longitudes)) * (max(sines) - min(sines))


def _lat_lng(ring: Ring) -> list[tuple[float, float]]:
    return [(latitude, longitude) for longitude, latitude in ring]


def _steradians(ring: Ring) -> float:
    """Return what a ring encloses on the unit sphere, edges straight in longitude and sine of latitude."""
    strips = (
        math.radians(other[0] - one[0]) * (math.sin(math.radians(one[1])) + math.sin(math.radians(other[1])))
        for one, other in pairwise(ring)
    )
    return abs(sum(strips)) / 2
