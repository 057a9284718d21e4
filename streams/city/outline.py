"""The outline of 台州: its nine districts, and which points lie in them."""

from __future__ import annotations

import json
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from streams.city.columns import Bools, Floats
    from streams.domain.records import Geometry, Polygon


def outline() -> Geometry:
    """Return the districts as one multipolygon."""
    return tuple(polygon for _, polygon in districts())


def districts() -> list[tuple[str, Polygon]]:
    """Return each district's names, Chinese and English with a blank between, and its polygon."""
    text = (files("streams.city") / "data" / "taizhou.geojson").read_text(encoding="utf-8")
    return [
        (
            feature["properties"]["name"],
            (tuple((lon, lat) for lon, lat in feature["geometry"]["coordinates"][0]),),
        )
        for feature in json.loads(text)["features"]
    ]


def inside(geometry: Geometry, degrees: Floats) -> Bools:
    """Say of each (longitude, latitude) whether it lies in one of the polygons; holes are not looked at."""
    found = np.zeros(len(degrees), bool)
    for outer, *_ in geometry:
        ring = np.array(outer)
        near = np.flatnonzero(((degrees >= ring.min(0)) & (degrees <= ring.max(0))).all(1))
        found[near] |= _in_ring(ring, degrees[near])
    return found


def _in_ring(ring: Floats, points: Floats) -> Bools:
    """Count the edges that a ray to the east crosses: an odd number is inside."""
    odd = np.zeros(len(points), bool)
    x, y = points[:, 0], points[:, 1]
    for (x1, y1), (x2, y2) in pairwise(ring):
        if y1 != y2:
            odd ^= ((y1 > y) != (y2 > y)) & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return odd
