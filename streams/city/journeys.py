"""A day as it came out: who left when, by which road, and where each is at any second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from streams.city.columns import Whereabouts
from streams.city.plans import STOPS

if TYPE_CHECKING:
    from streams.city.columns import Bools, Floats, Ints
    from streams.city.place import Place
    from streams.city.plans import Plan

DAY: Final = 86_400
PIECE: Final = 300.0
"""Seconds of a trip that the truth tells as one."""
SLOWEST: Final = 1.3
FASTEST: Final = 18.0
"""Metres a second: on foot, and on a road between towns."""
A_METRE_FASTER: Final = 1 / 900
"""By how much a longer way is gone faster."""
LONGEST: Final = 5 * 3600.0
"""Seconds of a trip at most; a longer way is gone faster."""
LATEST: Final = DAY - 120.0


@dataclass(frozen=True, slots=True)
class Journeys:
    """Stops as planned, trips between them: whole seconds of leaving and of arriving, [person, trip]."""

    stops: Floats
    left: Ints
    came: Ints
    moving: Bools
    """Whether a trip leads anywhere."""
    number: Ints
    """Of each trip that does, its row among `way` and `along`."""
    way: Floats
    along: Floats
    """Metres to each point of a way, [trip, point]."""

    def at(self, person: Ints, second: Ints) -> Floats:
        """Return where persons are at seconds of the day."""
        begun = (self.left[person] <= second[:, None]).sum(1)
        found: Floats = self.stops[person, begun]
        trip = np.maximum(begun - 1, 0)
        under_way = (begun > 0) & self.moving[person, trip] & (second < self.came[person, trip])
        rows = np.flatnonzero(under_way)
        who, which = person[rows], trip[rows]
        left, came = self.left[who, which], self.came[who, which]
        part = (second[rows] - left) / (came - left)
        found[rows] = self._under_way(self.number[who, which], part)
        return found

    def _under_way(self, trip: Ints, part: Floats) -> Floats:
        along = self.along[trip]
        gone = part * along[:, -1]
        rows = np.arange(len(trip))
        point = np.minimum((along <= gone[:, None]).sum(1), along.shape[1] - 1)
        before, after = along[rows, point - 1], along[rows, point]
        share = np.where(after > before, (gone - before) / np.where(after > before, after - before, 1), 0)
        start, end = self.way[trip, point - 1], self.way[trip, point]
        found: Floats = start + (end - start) * share[:, None]
        return found

    def pieces(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Return person, first and last second, and trip of each piece of each trip."""
        person, trip = np.nonzero(self.moving)
        left, came = self.left[person, trip], self.came[person, trip]
        count = np.ceil((came - left) / PIECE).astype(np.int64)
        row = np.repeat(np.arange(len(person)), count)
        place = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
        length = (came - left) / count
        start = left[row] + np.rint(place * length[row]).astype(np.int64)
        end = left[row] + np.rint((place + 1) * length[row]).astype(np.int64)
        return person[row], start, end, trip[row]

    def truth(self) -> Whereabouts:
        """Return where everybody is, all day: stays whole, trips in pieces, each where its middle is."""
        person, start, end, _ = self.pieces()
        parts = [(person, start, end, self.at(person, (start + end) // 2))]
        since, everybody = np.zeros(len(self.stops), np.int64), np.arange(len(self.stops))
        for trip in range(STOPS - 1):
            rows = np.flatnonzero(self.moving[:, trip])
            parts.append((rows, since[rows], self.left[rows, trip], self.stops[rows, trip]))
            since[rows] = self.came[rows, trip]
        parts.append((everybody, since, np.full(len(everybody), DAY), self.stops[:, -1]))
        who, begin, until, xy = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.lexsort((begin, who))
        order = order[until[order] > begin[order]]
        return Whereabouts(who[order], begin[order], until[order], xy[order])


def journeys(place: Place, plan: Plan) -> Journeys:
    """Work out ways and times; nobody is under way at midnight."""
    moving: Bools = np.any(np.abs(np.diff(plan.xy, axis=1)) > 1, axis=2)
    person, trip = np.nonzero(moving)
    way = _ways(place, plan, person, trip)
    along = np.zeros(way.shape[:2])
    along[:, 1:] = np.cumsum(np.linalg.norm(np.diff(way, axis=1), axis=2), axis=1)
    took = np.zeros(moving.shape, np.int64)
    took[person, trip] = np.ceil(_seconds(along[:, -1]))
    left, came = np.empty_like(took), np.empty_like(took)
    ready = np.zeros(len(took))
    for one in range(STOPS - 1):
        latest = LATEST - took[:, one:].sum(1)
        left[:, one] = np.minimum(np.maximum(plan.leave[:, one], ready), latest)
        came[:, one] = left[:, one] + took[:, one]
        ready = came[:, one] + plan.stay[:, one]
    number = np.zeros(moving.shape, np.int64)
    number[person, trip] = np.arange(len(person))
    return Journeys(plan.xy, left, came, moving, number, way, along)


def _ways(place: Place, plan: Plan, person: Ints, trip: Ints) -> Floats:
    """Return each trip's points: along the roads between settlements, round a corner within one."""
    start, end = plan.xy[person, trip], plan.xy[person, trip + 1]
    one, other = plan.town[person, trip], plan.town[person, trip + 1]
    road = place.ways[one, other].copy()
    within = one == other
    corner = np.stack((end[:, 0], start[:, 1]), 1)
    road[within] = corner[within, None]
    return np.concatenate((start[:, None], road, end[:, None]), axis=1)


def _seconds(metres: Floats) -> Floats:
    speed = np.clip(SLOWEST + metres * A_METRE_FASTER, SLOWEST, FASTEST)
    found: Floats = np.clip(metres / speed, 60, LONGEST)
    return found
