"""What arrives when: three carriers with different delays, some sightings late, some twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from streams.city.city import generator
from streams.city.columns import Seen, Whereabouts, joined, picked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streams.city.city import City
    from streams.city.columns import Ints

LATE: Final = 0.004
"""The chance that a sighting is held up on the way."""
LATE_BY: Final = (3600, 30 * 3600)
TWICE: Final = 0.01
"""The chance that a sighting is sent a second time, up to two hours after the first."""
AGAIN_AFTER: Final = (1, 2 * 3600)
_FEED: Final = 4


def arrivals(city: City, told: Callable[[Seen, Whereabouts], None]) -> Iterator[Seen]:
    """Yield the sightings of all days in the order they arrive, a day at a time.

    The truth goes to `told`, some people at a time, with their sightings before any delay. What arrives after
    its day's end waits for the next: no more than about a day is ever held.
    """
    waiting: list[tuple[Ints, Seen]] = []
    for day in range(city.days):
        seen = []
        for some, truth in city.day(day):
            told(some, truth)
            seen.append(some)
        waiting.append(_sent(city, joined(seen), generator(city.seed, _FEED, day)))
        when = np.concatenate([arrival for arrival, _ in waiting])
        columns = joined([some for _, some in waiting])
        order = np.lexsort((columns.phone, columns.at, when))
        due = order[when[order] < city.midnight(day + 1)] if day + 1 < city.days else order
        rest = order[len(due) :]
        waiting = [(when[rest], picked(columns, rest))]
        yield picked(columns, due)


def _sent(city: City, seen: Seen, random: np.random.Generator) -> tuple[Ints, Seen]:
    """Return when each sighting arrives, and the sightings, those sent twice twice."""
    carrier = city.people.carrier[seen.phone] % len(DELAYS)
    when = np.empty_like(seen.at)
    for number, delay in enumerate(DELAYS):
        rows = np.flatnonzero(carrier == number)
        when[rows] = delay(seen.at[rows], random)
    late = np.flatnonzero(random.random(len(when)) < LATE)
    when[late] += random.integers(*LATE_BY, len(late))
    twice = np.flatnonzero(random.random(len(when)) < TWICE)
    again = when[twice] + random.integers(*AGAIN_AFTER, len(twice))
    return np.concatenate((when, again)), joined([seen, picked(seen, twice)])


def _at_once(at: Ints, random: np.random.Generator) -> Ints:
    return at + random.exponential(20, len(at)).astype(np.int64)


def _every_five_minutes(at: Ints, random: np.random.Generator) -> Ints:
    return (at // 300 + 1) * 300 + random.exponential(15, len(at)).astype(np.int64)


def _every_hour(at: Ints, random: np.random.Generator) -> Ints:
    return (at // 3600 + 1) * 3600 + random.integers(60, 600, len(at))


DELAYS: Final = (_at_once, _every_five_minutes, _every_hour)
"""How each carrier sends: as it comes, in small batches, in a file an hour."""
