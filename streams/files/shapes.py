"""GeoJSON geometries, checked position by position (rule 2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from streams.files.unusable import UnusableError, shown

if TYPE_CHECKING:
    from streams.domain.records import Geometry, Polygon, Ring
    from streams.files.members import Members

SHORTEST: Final = 4
"""Positions of a ring, the last repeating the first."""
_LIMITS: Final = (180, 90)


def geometry_of(feature: Members) -> Geometry:
    """Return a feature's polygon or multipolygon; UnusableError names the place if it is broken."""
    geometry = feature.inside("geometry")
    kind = geometry.values.get("type")
    if kind not in ("Polygon", "MultiPolygon"):
        raise geometry.wrong("type", "'Polygon' or 'MultiPolygon'")
    shape = _Shape(geometry)
    coordinates = geometry.values.get("coordinates")
    if kind == "Polygon":
        return (shape.polygon(coordinates, "coordinates"),)
    polygons = shape.some(coordinates, "coordinates", "a list of polygons")
    return tuple(shape.polygon(p, f"coordinates[{i}]") for i, p in enumerate(polygons))


class _Shape:
    """Reads coordinates, and tells where they are broken."""

    def __init__(self, geometry: Members) -> None:
        self._geometry = geometry

    def some(self, value: Any, place: str, expected: str) -> list[Any]:
        """Return a list that is not empty."""
        if not isinstance(value, list) or not value:
            raise self._broken(place, expected, value)
        return value

    def polygon(self, value: Any, place: str) -> Polygon:
        rings = self.some(value, place, "a list of rings")
        return tuple(self._ring(ring, f"{place}[{i}]") for i, ring in enumerate(rings))

    def _ring(self, value: Any, place: str) -> Ring:
        positions = self.some(value, place, "a list of positions")
        ring = tuple(self._position(p, f"{place}[{i}]") for i, p in enumerate(positions))
        if len(ring) < SHORTEST:
            raise self._broken(place, f"a ring of {SHORTEST} positions or more", len(ring))
        if ring[0] != ring[-1]:
            raise self._broken(place, "a closed ring, its last position the first", list(ring[-1]))
        return ring

    def _position(self, value: Any, place: str) -> tuple[float, float]:
        if not isinstance(value, list) or len(value) < len(_LIMITS):
            raise self._broken(place, "longitude and latitude", value)
        for number, limit in zip(value, _LIMITS, strict=False):
            if (
                isinstance(number, bool)
                or not isinstance(number, int | float)
                or not -limit <= number <= limit
            ):
                expected = "longitude within ±180 and latitude within ±90"
                raise self._broken(place, expected + _swapped(value), value)
        return float(value[0]), float(value[1])

    def _broken(self, place: str, expected: str, found: Any) -> UnusableError:
        return self._geometry.unlike(place, f"expected {expected}, found {shown(found)}")


def _swapped(position: list[Any]) -> str:
    """Return the advice for a position that would do with its axes swapped."""
    numbers = [n for n in position[:2] if isinstance(n, int | float) and not isinstance(n, bool)]
    match numbers:
        case [latitude, longitude] if abs(latitude) <= _LIMITS[1] < abs(longitude) <= _LIMITS[0]:
            return " (swapped? longitude comes first)"
        case _:
            return ""
