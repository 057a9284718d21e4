"""When phones report: when used, when long silent, when on the move and on arriving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from streams.city.journeys import DAY

if TYPE_CHECKING:
    from streams.city.columns import Bools, Floats, Ints
    from streams.city.journeys import Journeys

USES: Final = 10.0
"""Reports a day for being used, on average; phones differ by a log-normal."""
PERIOD: Final = 3 * 3600
"""Seconds after which a phone reports by itself."""
UNDER_WAY: Final = 0.35
"""The chance of a report in each piece of a trip (5 minutes): location areas change."""
ARRIVING: Final = 0.9
SETTLING: Final = 300
"""Seconds within which a phone reports that has arrived."""
BY_HOUR: Final = (2, 1, 1, 1, 1, 2, 4, 7, 9, 10, 10, 10, 10, 9, 9, 9, 9, 10, 10, 10, 10, 9, 6, 4)
"""How much phones are used, by the hour of the day."""
CLONE: Final = 8.0
"""Reports a day of a cloned number's second body, all in daytime."""
CLONE_HOURS: Final = (8 * 3600, 22 * 3600)
CLONE_OUT: Final = (13 * 3600, 15 * 3600)
"""When a second body is where it goes once, on the day of its number."""


def reports(chatty: Floats, day: Journeys, random: np.random.Generator) -> tuple[Ints, Ints]:
    """Return person and second of the day of each report, in no order."""
    count = len(chatty)
    used = np.repeat(np.arange(count), random.poisson(chatty * USES))
    times = DAY // PERIOD
    periodic = np.repeat(np.arange(count), times)
    phase = random.integers(0, PERIOD, count)
    tick = np.tile(np.arange(times) * PERIOD, count) + phase[periodic]
    person, start, end, _ = day.pieces()
    under_way = random.random(len(person)) < UNDER_WAY
    within = (start + (end - start) * random.random(len(person))).astype(np.int64)[under_way]
    arrived, trip = np.nonzero(day.moving)
    told = random.random(len(arrived)) < ARRIVING
    there = (day.came[arrived, trip] + random.integers(0, SETTLING, len(arrived)))[told]
    seconds = np.concatenate((_in_use(len(used), random), tick, within, np.minimum(there, DAY - 1)))
    return np.concatenate((used, periodic, person[under_way], arrived[told])), seconds


def elsewhere(cloned: Ints, out: Bools, random: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Return person, second and place (0 or 1) of each report of cloned numbers' second bodies.

    `out` says of everybody whether today is the day.
    """
    person = np.repeat(cloned, random.poisson(CLONE, len(cloned)))
    second = random.integers(*CLONE_HOURS, len(person))
    begin, end = CLONE_OUT
    return person, second, (out[person] & (second >= begin) & (second < end)).astype(np.int64)


def _in_use(count: int, random: np.random.Generator) -> Ints:
    share = np.cumsum(BY_HOUR) / sum(BY_HOUR)
    hour = np.searchsorted(share, random.random(count), side="right")
    return np.minimum(hour, 23) * 3600 + random.integers(0, 3600, count)
