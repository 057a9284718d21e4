"""Metres on a plane instead of degrees: right to one or two percent for a prefecture or a small country."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from streams.city.columns import Floats

METRES_A_DEGREE: Final = math.pi / 180 * 6_371_007.180918475
"""On the sphere that H3 uses."""


@dataclass(frozen=True, slots=True)
class Plane:
    """A plane that touches the sphere at a longitude and latitude."""

    longitude: float
    latitude: float

    @property
    def _scale(self) -> Floats:
        return np.array((math.cos(math.radians(self.latitude)), 1.0)) * METRES_A_DEGREE

    def metres(self, degrees: Any) -> Floats:
        """Return (longitude, latitude) pairs in metres east and north of the point of contact."""
        found: Floats = (np.asarray(degrees, float) - (self.longitude, self.latitude)) * self._scale
        return found

    def degrees(self, xy: Floats) -> Floats:
        """Return metres east and north as (longitude, latitude)."""
        found: Floats = xy / self._scale + (self.longitude, self.latitude)
        return found
