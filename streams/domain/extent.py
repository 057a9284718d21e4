"""Boxes in longitude and latitude: where the towers are, and whether an area is anywhere near."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Extent:
    """The box in longitude and latitude around some positions."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def of(cls, positions: Iterable[tuple[float, float]]) -> Extent | None:
        """Return the box around positions, None if there are none."""
        found = list(positions)
        if not found:
            return None
        longitudes, latitudes = zip(*found, strict=True)
        return cls(min(longitudes), min(latitudes), max(longitudes), max(latitudes))

    def meets(self, other: Extent) -> bool:
        """Say whether two boxes have a position in common."""
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )

    def swapped(self) -> Extent:
        """Return the box with its axes swapped."""
        return Extent(self.south, self.west, self.north, self.east)
