"""The generated prefecture: towns, roads between them, towers by settlement density, key areas.

The towns' names and rough positions are those of 台州 and 温州; the towers are made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.domain.records import AreaVersion
from streams.domain.towers import Tower

if TYPE_CHECKING:
    from random import Random

TOWNS: Final = (
    ("黄岩 Huangyan", 121.26, 28.65, 5),
    ("椒江 Jiaojiang", 121.44, 28.67, 5),
    ("路桥 Luqiao", 121.37, 28.58, 4),
    ("温岭 Wenling", 121.38, 28.37, 4),
    ("玉环 Yuhuan", 121.23, 28.14, 3),
    ("乐清 Yueqing", 120.98, 28.11, 4),
    ("温州 Wenzhou", 120.70, 28.00, 8),
)
"""Name, longitude, latitude, and weight of each town."""
KEY: Final = (
    ("wz-market", "温州 Wenzhou, wholesale market", 120.70, 28.00, 0.030),
    ("yq-harbour", "乐清 Yueqing, harbour", 120.98, 28.11, 0.022),
    ("wl-station", "温岭 Wenling, coach station", 121.38, 28.37, 0.018),
)
"""Id, name, centre, and half the side in degrees."""
SPREAD: Final = 0.035
"""Degrees by which a town's towers scatter."""
TOWERS_A_WEIGHT: Final = 24
RURAL: Final = 60
FAR: Final = (114.30, 30.60)
"""Where a cloned number turns up."""


@dataclass(frozen=True, slots=True)
class Place:
    """Towers, those of each town, those between, the far one, and the key areas with the towers in them."""

    towers: tuple[Tower, ...]
    towns: tuple[tuple[str, ...], ...]
    roads: tuple[str, ...]
    far: str
    areas: tuple[AreaVersion, ...]
    markets: tuple[tuple[str, ...], ...]


def place(random: Random, since: int) -> Place:
    """Make the prefecture; the key areas hold from `since` (unix seconds)."""
    towers: list[Tower] = []

    def tower(longitude: float, latitude: float, range_m: float) -> str:
        number = len(towers)
        made = Tower(f"460-0-{number // 200}-{number}", round(longitude, 6), round(latitude, 6), range_m)
        towers.append(made)
        return made.id

    towns = tuple(
        tuple(
            tower(random.gauss(lon, SPREAD), random.gauss(lat, SPREAD), random.choice((500, 1000, 2000)))
            for _ in range(weight * TOWERS_A_WEIGHT)
        )
        for _, lon, lat, weight in TOWNS
    )
    roads = tuple(
        tower(random.uniform(120.7, 121.45), random.uniform(28.0, 28.7), random.choice((3000, 8000, 15000)))
        for _ in range(RURAL)
    )
    far = tower(*FAR, 1000)
    areas = tuple(
        AreaVersion(name, 1, ((_square(lon, lat, half),),), since, name=text)
        for name, text, lon, lat, half in KEY
    )
    markets = tuple(
        tuple(t.id for t in towers if abs(t.longitude - lon) < half / 2 and abs(t.latitude - lat) < half / 2)
        for _, _, lon, lat, half in KEY
    )
    return Place(tuple(towers), towns, roads, far, areas, markets)


def _square(lon: float, lat: float, half: float) -> tuple[tuple[float, float], ...]:
    corners = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    return tuple((round(lon + x * half, 6), round(lat + y * half, 6)) for x, y in corners)
