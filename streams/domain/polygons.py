"""Which points lie in a geometry: edges are straight in longitude and latitude (rule 2.2)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from streams.domain.hexes import unwound

if TYPE_CHECKING:
    from streams.domain.records import Geometry, Ring

ROUND = 360.0


def holds(geometry: Geometry, longitude: float, latitude: float) -> bool:
    """Say whether a point in degrees lies in one of the polygons, and in none of its holes."""
    for outer, *holes in map(unwound, geometry):
        beyond = max(x for x, _ in outer) > ROUND / 2 and longitude < 0
        x = longitude + ROUND if beyond else longitude
        if _crossed(outer, x, latitude) and not any(_crossed(hole, x, latitude) for hole in holes):
            return True
    return False


def _crossed(ring: Ring, x: float, y: float) -> bool:
    """Say whether a ray to the east crosses an odd number of edges."""
    odd = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd
