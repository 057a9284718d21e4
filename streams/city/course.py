"""What happens on the way of a simulation, and its time zone: alike for files and in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.city.journeys import DAY
from streams.domain.policy import Policy

if TYPE_CHECKING:
    from streams.city.city import City
    from streams.city.place import Place
    from streams.domain.records import AreaVersion

GROWN: Final = 1.1
"""By how much the last key area grows half-way."""


def amended(city: City) -> tuple[int, AreaVersion]:
    """Return when (unix seconds) the last market's key area grows, and its new version."""
    place = city.place
    half_way = city.midnight(city.days // 2) + DAY // 2
    return half_way, place.markets[-1].version(place.plane, 2, place.areas[0].from_, grown=GROWN)


def timezone(place: Place) -> str:
    """Return a place's time zone: the built-in one of the generated prefecture, else by longitude."""
    if place.jurisdiction is not None:
        return Policy().timezone
    return f"Etc/GMT{-round(place.hours_east):+d}" if place.hours_east else "Etc/GMT"
