"""The file of cities' boundaries that a deployment has installed: names, and which city a cell is in (14.1).

A FeatureCollection; each feature has a polygon or multipolygon, `name`, and `name_en` if it is another. Those
of one name are one city.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import h3.api.basic_int as h3
import shapely

from streams.domain.hexes import unwound
from streams.files.geojson import features_of
from streams.files.shapes import geometry_of
from streams.people.sms.itinerary import City
from streams.people.sms.parts import NAME, length

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.domain.records import Geometry
    from streams.files.members import Members

REMEMBERED: Final = 1 << 20
"""Cells whose city is remembered."""
ROUND: Final = 360.0


class Cities:
    """Cities by number. A cell is in the first whose polygon its centre lies in (rule 2.2)."""

    def __init__(self, several: Sequence[tuple[City, Geometry]]) -> None:
        self.named = tuple(dict.fromkeys(city for city, _ in several))
        numbers = {city: number for number, city in enumerate(self.named)}
        polygons = [(numbers[city], unwound(one)) for city, geometry in several for one in geometry]
        self._numbers = [number for number, _ in polygons]
        self._tree = shapely.STRtree([shapely.Polygon(shell, holes) for _, (shell, *holes) in polygons])
        self.of = lru_cache(maxsize=REMEMBERED)(self._of)
        """Return the number of a cell's city, None for none."""

    def _of(self, cell: int) -> int | None:
        latitude, longitude = h3.cell_to_latlng(cell)
        points = shapely.points([longitude, longitude + ROUND], latitude)
        return min((self._numbers[at] for at in self._tree.query(points, "intersects")[1]), default=None)


def cities_of(path: str) -> Cities:
    """Read a file of cities; UnusableError names the feature that cannot be used."""
    return Cities([(_city(feature), geometry_of(feature)) for feature in features_of(path)])


def _city(feature: Members) -> City:
    properties = feature.inside("properties")
    name = _name(properties, "name")
    return City(name, _name(properties, "name_en") if properties.has("name_en") else name)


def _name(properties: Members, key: str) -> str:
    name = properties.text(key)
    if not name.isprintable() or name != name.strip() or length(name) > NAME:
        raise properties.wrong(key, f"a name of at most {NAME} characters, without a blank around it")
    return name
