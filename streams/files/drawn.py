"""Shapes as they were drawn: no ring crosses itself or is flat, holes lie inside (rule 2.2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import shapely

from streams.domain.hexes import unwound

if TYPE_CHECKING:
    from streams.domain.records import Geometry, Polygon, Ring
    from streams.files.members import Members

NARROWEST: Final = 1e-7
"""Degrees, about a centimetre: what is narrower is no area."""
_REASON: Final = re.compile(r"(?P<what>.*)\[(?P<x>\S+) (?P<y>\S+)\]")
_OF_A_HOLE: Final = {
    "Hole lies outside shell": "lies outside its polygon at {at}: move it inside, or remove it",
    "Holes are nested": "lies in another hole, or holds one, at {at}: remove one of the two",
    "Interior is disconnected": "cuts its polygon in two at {at}: draw the parts as polygons of their own",
}
_CROSSES: Final = "meets its polygon's outline or another hole at {at}: draw them apart"


def check_drawn(geometry: Geometry, feature: Members) -> None:
    """Raise UnusableError, with ring and position, where a feature's shape is not what somebody meant.

    The rules need none of this, a cell's centre lies in such a shape or not; whoever drew it needs it.
    """
    if not geometry:
        return
    shape = feature.inside("geometry")
    several = shape.values.get("type") == "MultiPolygon"
    for number, polygon in enumerate(geometry):
        wrong = _wrong(unwound(polygon))
        if wrong is not None:
            ring, text = wrong
            place = f"coordinates[{number}][{ring}]" if several else f"coordinates[{ring}]"
            raise shape.unlike(place, text)


def _wrong(polygon: Polygon) -> tuple[int, str] | None:
    """Return the number of the first ring that is wrong, and how."""
    for number, ring in enumerate(polygon):
        if (text := _wrong_ring(ring)) is not None:
            return number, text
    shell, *holes = polygon
    if shapely.Polygon(shell, holes).is_valid:
        return None
    for count in range(1, len(holes) + 1):
        reason = shapely.is_valid_reason(shapely.Polygon(shell, holes[:count]))
        if (found := _REASON.fullmatch(reason)) is not None:
            return count, _OF_A_HOLE.get(found["what"], _CROSSES).format(at=_at(found))
    return None


def _wrong_ring(ring: Ring) -> str | None:
    drawn = shapely.Polygon(ring)
    if drawn.convex_hull.area <= drawn.length * NARROWEST:
        return "the ring is a line or a point, nothing lies in it: draw its outline"
    found = _REASON.fullmatch(shapely.is_valid_reason(drawn))
    if found is None:
        return None
    return f"the ring crosses or touches itself at {_at(found)}: no two of its edges may meet there"


def _at(found: re.Match[str]) -> str:
    """Return a position as GeoJSON writes it, to a decimetre."""
    longitude, latitude = float(found["x"]), float(found["y"])
    return f"[{round(longitude - 360 if longitude > 180 else longitude, 6)}, {round(latitude, 6)}]"  # noqa: PLR2004 - degrees
