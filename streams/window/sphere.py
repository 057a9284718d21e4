"""Distances between places (rule 3.2): those of `streams.domain.hexes.distance_m`, to the last bit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from streams.domain.hexes import RADIUS_KM
from streams.window.compiled import leaf

if TYPE_CHECKING:
    from streams.window.shapes import Array, Places

RADIUS_M: Final = RADIUS_KM * 1000
SLACK: Final = 1e-6
"""The part of a chord by which a quick comparison errs on the side of looking closer."""


@leaf
def distance(places: Places, one: int, other: int) -> float:
    """Return the great-circle distance in metres."""
    latitude, longitude = places.latitude[one], places.longitude[one]
    a = math.sin((places.latitude[other] - latitude) * 0.5)
    b = math.sin((places.longitude[other] - longitude) * 0.5)
    part = a * a + b * b * math.cos(latitude) * math.cos(places.latitude[other])
    return 2 * math.atan2(math.sqrt(part), math.sqrt(max(0.0, 1 - part))) * RADIUS_KM * 1000


@leaf
def chord(xyz: Array, one: int, other: int) -> float:
    """Return the square of the chord between two places on the unit sphere: cheap, and good for comparing."""
    x: float = xyz[one, 0] - xyz[other, 0]
    y: float = xyz[one, 1] - xyz[other, 1]
    z: float = xyz[one, 2] - xyz[other, 2]
    return x * x + y * y + z * z


def chord_of(metres: float) -> float:
    """Return the square of the chord under an arc; 4, the longest, for half-way round the world and more."""
    angle = min(metres / RADIUS_M, math.pi)
    return (2 * math.sin(angle / 2)) ** 2
