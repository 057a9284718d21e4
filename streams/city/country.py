"""A place made of real towers: settlements where towers stand close, dwellings around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from streams.city.place import MARGIN, Market, Place, UnfitError, by_settlement, pull_of
from streams.city.plane import Plane
from streams.city.roads import ways

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.city.columns import Floats, Ints
    from streams.domain.towers import Tower

FEWEST: Final = 20
WIDEST: Final = 12.0
"""Degrees that the towers may span: a plane is no good for more."""
SETTLEMENT: Final = 4000.0
"""Metres of a square whose towers are one settlement."""
MOST: Final = 40
"""Settlements at most; towers elsewhere stand in the country."""
MARKETS: Final = 3
HALF: Final = 2000.0
APART: Final = 12_000.0
"""Metres at least between two key areas' middles."""
DWELLINGS: Final = 20_000
AROUND: Final = (150.0, 1200.0)
"""Metres by which dwellings scatter around a tower, at least and at most; a third of its range between."""
REACH: Final = 8000.0
OWN: Final = 2500.0
DEGREES_AN_HOUR: Final = 15


def country(towers: Sequence[Tower], random: np.random.Generator, since: int) -> Place:
    """Make a place of a country's towers; the key areas hold from `since`. UnfitError if they make none."""
    if len(towers) < FEWEST:
        raise UnfitError(f"expected at least {FEWEST} towers, found {len(towers)}")
    degrees = np.array([(tower.longitude, tower.latitude) for tower in towers])
    if (np.ptp(degrees, axis=0) > WIDEST).any():
        raise UnfitError(f"expected the towers of one country, within {WIDEST:.0f} degrees")
    plane = Plane(*(round(float(value), 2) for value in np.median(degrees, axis=0)))
    xy = plane.metres(degrees)
    towns, weights = _settlements(xy)
    markets = _markets(plane, towns)
    dwellings, town = _dwellings(xy, towers, towns, markets, random)
    if not len(dwellings):
        raise UnfitError("expected towers in several settlements: key areas would take all there is")
    dwellings, first = by_settlement(dwellings, town, len(towns))
    inhabited = np.where(np.diff(first) > 0, weights, 0)
    away = np.linalg.norm(towns - towns[0], axis=1) * (inhabited > 0)
    return Place(
        plane=plane,
        hours_east=round(plane.longitude / DEGREES_AN_HOUR),
        towers=tuple(towers),
        carrier=_carriers(towers),
        towns=towns,
        ways=ways(towns, random),
        pull=pull_of(towns, inhabited, REACH, OWN),
        dwellings=dwellings,
        first=first,
        markets=markets,
        outing=int(away.argmax()),
        far=np.repeat(xy[np.linalg.norm(xy - towns[0], axis=1).argmax()][None], 2, axis=0),
        jurisdiction=None,
        areas=tuple(market.version(plane, 1, since) for market in markets),
    )


def _settlements(xy: Floats) -> tuple[Floats, Floats]:
    """Return the middles of the squares with most towers, and how many each has."""
    square, number, count = np.unique(
        np.floor(xy / SETTLEMENT), axis=0, return_inverse=True, return_counts=True
    )
    number = number.reshape(-1)
    middle = np.stack([np.bincount(number, xy[:, axis]) / count for axis in (0, 1)], axis=1)
    order = np.argsort(-count, kind="stable")[: min(MOST, len(square))]
    return middle[order], count[order].astype(float)


def _markets(plane: Plane, towns: Floats) -> tuple[Market, ...]:
    """Put key areas in settlements far enough apart, the largest one left out if there are others."""
    found: list[Market] = []
    for number in range(min(1, len(towns) - 1), len(towns)):
        if len(found) == MARKETS:
            break
        if all(np.linalg.norm(towns[number] - market.xy) > APART for market in found):
            lon, lat = plane.degrees(towns[number])
            name = f"key area at {lon:.2f} {lat:.2f}"
            found.append(Market(f"area-{len(found) + 1}", name, number, towns[number], HALF))
    return tuple(found)


def _dwellings(
    xy: Floats,
    towers: Sequence[Tower],
    towns: Floats,
    markets: tuple[Market, ...],
    random: np.random.Generator,
) -> tuple[Floats, Ints]:
    near = random.integers(0, len(towers), DWELLINGS)
    spread = np.clip(np.array([tower.range_m or 0.0 for tower in towers])[near] / 3, *AROUND)
    found = xy[near] + random.normal(0, 1, (len(near), 2)) * spread[:, None]
    found = found[~np.any([market.holds(found, MARGIN) for market in markets], axis=0)]
    return found, np.linalg.norm(found[:, None] - towns[None], axis=2).argmin(1)


def _carriers(towers: Sequence[Tower]) -> Ints:
    """Return each tower's carrier: country and network codes, numbered in order of size."""
    nets = [tower.id.rsplit("-", 2)[0] for tower in towers]
    names, number, count = np.unique(nets, return_inverse=True, return_counts=True)
    rank = np.empty(len(names), np.int64)
    rank[np.argsort(-count, kind="stable")] = np.arange(len(names))
    found: Ints = rank[number]
    return found
