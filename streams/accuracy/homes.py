"""Where people live: by most hours of night; at the border of an area, in town or in the country."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from streams.accuracy.definition import BORDER_M, DAY, NIGHT, TOWN_M, TOWN_TOWERS
from streams.accuracy.shapes import METRES_A_DEGREE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.accuracy.tracks import Floats, Ints, Tracks
    from streams.accuracy.world import World

STRATA: Final = ("town", "country", "border")
SECONDS_A_DEGREE: Final = DAY / 360
_NIGHT_LONG: Final = (NIGHT[1] - NIGHT[0]) % DAY


def strata(tracks: Tracks, world: World, towers: Sequence[tuple[float, float]]) -> list[str]:
    """Return one of STRATA for each phone; `towers` are (longitude, latitude)."""
    lon, lat = homes(tracks)
    border = np.zeros(len(lon), bool)
    for standing in world.areas:
        border |= standing.shape.metres_to_edge(lon, lat) <= BORDER_M
    town = _towers_near(lon, lat, np.array(towers, float).reshape(-1, 2)) >= TOWN_TOWERS
    place = np.where(
        border, STRATA.index("border"), np.where(town, STRATA.index("town"), STRATA.index("country"))
    )
    return [STRATA[number] for number in place.tolist()]


def homes(tracks: Tracks) -> tuple[Floats, Floats]:
    """Return where (degrees) each phone was most seconds of night; of all its time, if of no night."""
    night = (_nights(tracks.end, tracks.lon) - _nights(tracks.start, tracks.lon)).astype(float)
    # A second of day counts for so little that all of them cannot outweigh one of night.
    weight = night + (tracks.end - tracks.start) * 1e-9
    order = np.lexsort((tracks.lat, tracks.lon, tracks.phone))
    phone, lon, lat = tracks.phone[order], tracks.lon[order], tracks.lat[order]
    new = np.ones(len(phone), bool)
    new[1:] = (phone[1:] != phone[:-1]) | (lon[1:] != lon[:-1]) | (lat[1:] != lat[:-1])
    first = np.flatnonzero(new)
    total = np.add.reduceat(weight[order], first) if len(first) else weight
    best = np.lexsort((-total, phone[first]))
    best = first[best][np.searchsorted(phone[first][best], np.arange(len(tracks.phones)))]
    return lon[best], lat[best]


def _nights(at: Ints, lon: Floats) -> Ints:
    """Return the seconds of night from a fixed one up to each instant."""
    local = at + np.rint(lon * SECONDS_A_DEGREE).astype(np.int64) - NIGHT[0]
    days, rest = np.divmod(local, DAY)
    found: Ints = days * _NIGHT_LONG + np.minimum(rest, _NIGHT_LONG)
    return found


def _towers_near(lon: Floats, lat: Floats, towers: Floats) -> Ints:
    """Count the towers within TOWN_M of each point, on a plane at the towers' middle latitude."""
    if not len(towers) or not len(lon):
        return np.zeros(len(lon), np.int64)
    scale = np.array((math.cos(math.radians(float(np.median(towers[:, 1])))), 1.0)) * METRES_A_DEGREE
    tree = shapely.STRtree(shapely.points(towers * scale))
    homes = shapely.points(np.stack((lon, lat), axis=1) * scale)
    found: Ints = np.bincount(
        tree.query(homes, predicate="dwithin", distance=TOWN_M)[0], minlength=len(lon)
    ).astype(np.int64)
    return found
