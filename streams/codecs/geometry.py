"""Polygons as schemas have them: each ring one row of degrees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.codecs.errors import CodecError

if TYPE_CHECKING:
    from streams.domain.records import Geometry

POSITIONS: Final = 4
"""A ring has at least so many positions."""


def geometry_fields(geometry: Geometry) -> list[list[list[float]]]:
    """Return polygons of rings, each as one row of longitude, latitude, longitude, latitude."""
    return [
        [[degree for position in ring for degree in position] for ring in polygon] for polygon in geometry
    ]


def read_geometry(flat: list[list[list[float]]]) -> Geometry:
    """Read polygons; CodecError where a ring is none."""
    if not all(polygon and all(map(_is_ring, polygon)) for polygon in flat):
        raise CodecError("bad_value")
    return tuple(
        tuple(tuple(zip(ring[::2], ring[1::2], strict=True)) for ring in polygon) for polygon in flat
    )


def _is_ring(ring: list[float]) -> bool:
    return (
        len(ring) % 2 == 0
        and len(ring) >= 2 * POSITIONS
        and ring[:2] == ring[-2:]
        and all(-180 <= longitude <= 180 for longitude in ring[::2])  # noqa: PLR2004 - degrees
        and all(-90 <= latitude <= 90 for latitude in ring[1::2])  # noqa: PLR2004 - degrees
    )
