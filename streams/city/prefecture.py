"""The generated prefecture: real towns and outline, and villages, roads, towers, dwellings by chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from streams.city.masts import masts
from streams.city.outline import inside, outline
from streams.city.place import MARGIN, Market, Place, by_settlement, pull_of
from streams.city.plane import Plane
from streams.city.roads import ways
from streams.city.towns import BEYOND, FAR, FAR_KEY, KEY, OUTING, TOWNS

if TYPE_CHECKING:
    from streams.city.columns import Floats, Ints
    from streams.domain.records import Geometry

VILLAGES: Final = 60
RURAL: Final = 0.35
"""Of the people, how many live in villages."""
DWELLINGS: Final = 20_000
WIDE: Final = 1500.0
NARROW: Final = 350.0
"""Metres by which dwellings scatter around a town's and a village's middle."""
REACH: Final = 4500.0
OWN: Final = 2000.0
"""Metres over which a settlement's pull falls off, and the distance that its own counts as (commuting)."""
MARKET_WEIGHT: Final = 4.0
VILLAGE_WEIGHT: Final = 0.6
"""What counts for towers, of a key area and of a village."""
HOURS_EAST: Final = 8.0


def prefecture(random: np.random.Generator, since: int) -> Place:
    """Make the prefecture; the key areas hold from `since` (unix seconds)."""
    plane, districts = Plane(121.1, 28.5), outline()
    named = (*TOWNS, *BEYOND)
    middle = plane.metres([(town.longitude, town.latitude) for town in named])
    villages = _villages(random, plane, districts)
    places = plane.metres([(key.longitude, key.latitude) for key in KEY])
    settled = np.concatenate((middle, villages))
    towns = np.concatenate((settled, places))
    markets = tuple(
        Market(key.id, key.name, len(settled) + number, places[number], key.half)
        for number, key in enumerate(KEY)
    )
    weights = _weights(random)
    dwellings, first = _dwellings(random, plane, districts, settled, weights, markets)
    far = plane.metres([(place.longitude, place.latitude) for place in (FAR, FAR_KEY)])
    far_market = Market(FAR_KEY.id, FAR_KEY.name, -1, far[1], FAR_KEY.half)
    density = np.concatenate(
        ([town.weight for town in named], np.full(VILLAGES, VILLAGE_WEIGHT), np.full(len(KEY), MARKET_WEIGHT))
    )
    towers, carrier = masts(random, plane, towns, density, len(named), far)
    inhabited = np.concatenate((weights, np.zeros(len(KEY))))
    return Place(
        plane=plane,
        hours_east=HOURS_EAST,
        towers=towers,
        carrier=carrier,
        towns=towns,
        ways=ways(towns, random, len(markets)),
        pull=pull_of(towns, inhabited, REACH, OWN),
        dwellings=dwellings,
        first=first,
        markets=markets,
        outing=next(number for number, town in enumerate(named) if town.name == OUTING),
        far=far,
        jurisdiction=districts,
        areas=tuple(market.version(plane, 1, since) for market in (*markets, far_market)),
    )


def _villages(random: np.random.Generator, plane: Plane, districts: Geometry) -> Floats:
    corners = np.array([point for polygon in districts for point in polygon[0]])
    tried = random.uniform(corners.min(0), corners.max(0), (VILLAGES * 20, 2))
    xy = plane.metres(tried[inside(districts, tried)])
    keys = [Market(k.id, k.name, -1, plane.metres((k.longitude, k.latitude)), k.half) for k in KEY]
    clear = ~np.any([key.holds(xy, MARGIN) for key in keys], axis=0)
    found: Floats = xy[clear][:VILLAGES]
    return found


def _weights(random: np.random.Generator) -> Floats:
    """Return the people of each settlement: towns as they are, those beyond none, villages by chance."""
    town = np.array([town.weight for town in TOWNS])
    village = random.lognormal(0, 0.5, VILLAGES)
    village *= town.sum() * RURAL / (1 - RURAL) / village.sum()
    return np.concatenate((town, np.zeros(len(BEYOND)), village))


def _dwellings(
    random: np.random.Generator,
    plane: Plane,
    districts: Geometry,
    settled: Floats,
    weights: Floats,
    markets: tuple[Market, ...],
) -> tuple[Floats, Ints]:
    """Scatter dwellings: on land, in the districts (beyond them for guests), away from key areas."""
    share = np.where(weights > 0, weights, weights.max() / 20)
    town = random.choice(len(settled), DWELLINGS * 2, p=share / share.sum())
    spread = np.where(town < len(TOWNS) + len(BEYOND), WIDE, NARROW)
    xy = settled[town] + random.normal(0, 1, (len(town), 2)) * spread[:, None]
    good = inside(districts, plane.degrees(xy)) | (weights[town] == 0)
    good &= ~np.any([market.holds(xy, MARGIN) for market in markets], axis=0)
    kept = np.flatnonzero(good)[:DWELLINGS]
    return by_settlement(xy[kept], town[kept], len(settled) + len(markets))
