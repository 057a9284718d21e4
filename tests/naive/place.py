"""Cells, disks and distances (rules 2.1, 2.2 and 3.2), asked of H3 and remembered only for speed."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from h3.api import basic_int as h3

if TYPE_CHECKING:
    from streams.domain.records import Geometry


@cache
def cells_of(geometry: Geometry, resolution: int) -> frozenset[int]:
    found: set[int] = set()
    for polygon in geometry:
        outer, *holes = [[(latitude, longitude) for longitude, latitude in ring] for ring in polygon]
        found |= set(h3.polygon_to_cells(h3.LatLngPoly(outer, *holes), resolution))
    return frozenset(found)


@cache
def core_of(geometry: Geometry, resolution: int, rings: int) -> frozenset[int]:
    inside = cells_of(geometry, resolution)
    return frozenset(c for c in inside if disk(c, rings) <= inside)


@cache
def disk(cell: int, rings: int) -> frozenset[int]:
    return frozenset(h3.grid_disk(cell, rings))


@cache
def kilometres(one: int, other: int) -> float:
    return float(h3.great_circle_distance(h3.cell_to_latlng(one), h3.cell_to_latlng(other), unit="km"))
