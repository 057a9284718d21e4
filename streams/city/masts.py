"""Towers of the generated prefecture: many and small where many live, few and coarse in the country."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from streams.domain.towers import Tower

if TYPE_CHECKING:
    from streams.city.columns import Floats, Ints
    from streams.city.plane import Plane

NETS: Final = (0, 1, 11)
"""The three carriers' network codes, under 460."""
TOWERS_A_WEIGHT: Final = 5.0
"""Towers of one carrier for each unit of a settlement's weight."""
WIDE: Final = 2000.0
NARROW: Final = 500.0
"""Metres by which a town's and a village's towers scatter."""
SMALL: Final = (1200.0, 2000.0, 3000.0)
VILLAGE: Final = 4000.0
COARSE: Final = (9000.0, 12000.0, 15000.0)
"""Ranges in metres of towers in town, in a village, and in the country."""
SPACING: Final = 9000.0
"""Metres between the towers in the country."""
EMPTY: Final = 14_000.0
"""Metres from any settlement beyond which there are no towers."""
AROUND: Final = 12
"""Towers around each far place."""
AREA: Final = 200
"""Towers in one location area."""


class _Mast(NamedTuple):
    xy: Floats
    reach: Floats


def masts(
    random: np.random.Generator, plane: Plane, towns: Floats, weights: Floats, named: int, far: Floats
) -> tuple[tuple[Tower, ...], Ints]:
    """Return the towers and each one's carrier; the first `named` settlements are towns.

    Each `far` place has some of its own too.
    """
    towers: list[Tower] = []
    carriers: list[int] = []
    for carrier, net in enumerate(NETS):
        groups = (_settled(random, towns, weights, named), _country(random, towns), _around(random, far))
        xy = np.concatenate([group.xy for group in groups])
        reach = np.concatenate([group.reach for group in groups])
        for number, ((lon, lat), range_m) in enumerate(zip(plane.degrees(xy), reach, strict=True)):
            name = f"460-{net}-{1000 + number // AREA}-{number + 1}"
            towers.append(Tower(name, round(float(lon), 6), round(float(lat), 6), float(range_m)))
        carriers += [carrier] * len(xy)
    return tuple(towers), np.array(carriers)


def _settled(random: np.random.Generator, towns: Floats, weights: Floats, named: int) -> _Mast:
    count = np.maximum(1, np.rint(weights * TOWERS_A_WEIGHT)).astype(int)
    town = np.repeat(np.arange(len(towns)), count)
    village = (town >= named) & (count[town] <= TOWERS_A_WEIGHT)
    spread = np.where(village, NARROW, WIDE)
    xy = towns[town] + random.normal(0, 1, (len(town), 2)) * spread[:, None]
    return _Mast(xy, np.where(village, VILLAGE, random.choice(SMALL, len(town))))


def _country(random: np.random.Generator, towns: Floats) -> _Mast:
    low, high = towns.min(0) - SPACING, towns.max(0) + SPACING
    grid = np.meshgrid(*(np.arange(a, b, SPACING) for a, b in zip(low, high, strict=True)))
    xy = np.stack(grid, axis=-1).reshape(-1, 2)
    xy = xy + random.uniform(-SPACING / 3, SPACING / 3, xy.shape)
    nearest = np.linalg.norm(xy[:, None] - towns[None], axis=2).min(1)
    xy = xy[nearest < EMPTY]
    return _Mast(xy, random.choice(COARSE, len(xy)))


def _around(random: np.random.Generator, far: Floats) -> _Mast:
    xy = np.repeat(far, AROUND, axis=0)
    return _Mast(xy + random.normal(0, WIDE, xy.shape), random.choice(SMALL, len(xy)))
