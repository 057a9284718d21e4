"""Polygons on the ground: who is in one, and how far from it or from its edge; no hexes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from streams.domain.hexes import HALF_WAY, unwound

if TYPE_CHECKING:
    from streams.accuracy.tracks import Bools, Floats
    from streams.domain.records import Geometry

METRES_A_DEGREE: Final = math.pi / 180 * 6_371_007.180918475


class Shape:
    """A polygon or several, holes left out, edges straight in longitude and latitude (rule 2.2).

    A ring that crosses itself is read by the even-odd rule. Metres are those of a plane that touches the
    sphere at its middle: right to a percent or two within some ten kilometres of it, and far is far beyond.
    """

    def __init__(self, geometry: Geometry) -> None:
        polygons = [unwound(polygon) for polygon in geometry]
        self._over = any(new is not old for new, old in zip(polygons, geometry, strict=True))
        made = [shapely.make_valid(shapely.Polygon(outer, holes)) for outer, *holes in polygons]
        self._shape = shapely.union_all(made)
        shapely.prepare(self._shape)
        self._box = self._shape.bounds
        self._scale = np.array((math.cos(math.radians((self._box[1] + self._box[3]) / 2)), 1.0))
        self._scale *= METRES_A_DEGREE
        self._plane = shapely.transform(self._shape, lambda xy: xy * self._scale)
        self._edge = shapely.boundary(self._plane)

    def holds(self, lon: Floats, lat: Floats) -> Bools:
        """Say of each point (degrees) whether it is inside."""
        lon = self._unwound(lon)
        west, south, east, north = self._box
        found: Bools = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        near = np.flatnonzero(found)
        found[near] = shapely.contains_xy(self._shape, lon[near], lat[near])
        return found

    def metres(self, lon: Floats, lat: Floats) -> Floats:
        """Return how far each point is from it, 0 inside."""
        found: Floats = shapely.distance(self._plane, self._points(lon, lat))
        return found

    def metres_to_edge(self, lon: Floats, lat: Floats) -> Floats:
        """Return how far each point is from its edge, inside or out."""
        found: Floats = shapely.distance(self._edge, self._points(lon, lat))
        return found

    def _points(self, lon: Floats, lat: Floats) -> object:
        return shapely.points(np.stack((self._unwound(lon), lat), axis=1) * self._scale)

    def _unwound(self, lon: Floats) -> Floats:
        return np.where(lon < 0, lon + 2 * HALF_WAY, lon) if self._over else lon
