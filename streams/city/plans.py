"""What each person means to do on a day: four stops, when to leave each, how long to be there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from streams.city.people import LIKED, NAMES

if TYPE_CHECKING:
    from streams.city.columns import Bools, Floats, Ints
    from streams.city.people import People
    from streams.city.place import Place

HOUR: Final = 3600.0
STOPS: Final = 4
"""Where the day begins, one or two places, where it ends."""
WEEK: Final = 7
WEEKDAYS: Final = 5
OUT: Final = 0.8
"""The chance that somebody who does not work goes out at all."""
AFTER_WORK: Final = 0.45


@dataclass(frozen=True, slots=True)
class Plan:
    """Stops as [person, stop, 2] and their settlements; seconds of the day to leave at, and to be there."""

    xy: Floats
    town: Ints
    leave: Floats
    stay: Floats
    """At least so many seconds at the stops after the first."""


def plan(place: Place, people: People, day: int, random: np.random.Generator) -> Plan:
    """Plan a day, counted from 0."""
    count = len(people.kind)
    made = Plan(
        np.repeat(people.home[:, None], STOPS, axis=1),
        np.repeat(people.home_town[:, None].astype(np.int64), STOPS, axis=1),
        np.full((count, STOPS - 1), 20 * HOUR) + random.uniform(0, HOUR, (count, STOPS - 1)),
        np.full((count, STOPS - 1), 0.2 * HOUR),
    )
    working = people.works & (day % WEEK < WEEKDAYS) & (random.random(count) < 0.95)  # noqa: PLR2004 - some are ill
    _work(made, people, working, random)
    _errand(made, people, ~working & (random.random(count) < OUT), random)
    for kind, part in (
        ("stays", _there(5.5, 8.5)),
        ("passes", _there(0.5, 0.9)),
        ("travels", _there(5.0, 7.0)),
    ):
        _trip(place, made, people, (people.kind == NAMES.index(kind)) & (people.day == day), part, random)
    _from_key_areas(place, made, people, day, random)
    return made


def _there(low: float, high: float) -> tuple[float, float]:
    return low * HOUR, high * HOUR


def _work(made: Plan, people: People, who: Bools, random: np.random.Generator) -> None:
    count = int(who.sum())
    made.xy[who, 1], made.town[who, 1] = people.work[who], people.work_town[who]
    made.leave[who, 0] = random.normal(7.8 * HOUR, 0.7 * HOUR, count)
    made.leave[who, 1] = random.normal(17.5 * HOUR, 0.8 * HOUR, count)
    then = who & (random.random(len(who)) < AFTER_WORK)
    _liked(made, people, then, 2, random)
    made.leave[then, 2] = made.leave[then, 1] + random.uniform(1, 2.5, int(then.sum())) * HOUR


def _errand(made: Plan, people: People, who: Bools, random: np.random.Generator) -> None:
    count = int(who.sum())
    _liked(made, people, who, 1, random)
    made.leave[who, 0] = random.uniform(8, 15, count) * HOUR
    made.leave[who, 1] = made.leave[who, 0] + random.uniform(1, 3, count) * HOUR


def _liked(made: Plan, people: People, who: Bools, stop: int, random: np.random.Generator) -> None:
    rows = np.flatnonzero(who)
    which = random.integers(0, LIKED, len(rows))
    made.xy[rows, stop], made.town[rows, stop] = people.liked[rows, which], people.liked_town[rows, which]


def _trip(
    place: Place,
    made: Plan,
    people: People,
    who: Bools,
    there: tuple[float, float],
    random: np.random.Generator,
) -> None:
    """Go early to a key area (who travels: beyond the jurisdiction), be there so long, and home again."""
    rows = np.flatnonzero(who)
    key = people.kind[rows] != NAMES.index("travels")
    towns = np.array([market.town for market in place.markets])
    made.town[rows, 1] = np.where(key, towns[people.market[rows]], place.outing)
    made.xy[rows, 1] = np.where(key[:, None], people.inside[rows], place.towns[place.outing])
    _once(made, rows, random.uniform(6, 8, len(rows)) * HOUR, random.uniform(*there, len(rows)))
    made.xy[rows, 2:], made.town[rows, 2:] = people.home[rows, None], people.home_town[rows, None]


def _once(made: Plan, rows: Ints, leave: Floats, there: Floats) -> None:
    made.leave[rows, 0] = leave
    made.leave[rows, 1:] = 0
    made.stay[rows, 0], made.stay[rows, 1] = there, 0


def _from_key_areas(place: Place, made: Plan, people: People, day: int, random: np.random.Generator) -> None:
    """Let those who live in a key area be there, but for the day on which they come here."""
    moves, calls = (people.kind == NAMES.index(kind) for kind in ("moves_in", "calls_by"))
    towns = np.array([market.town for market in place.markets])[people.market]
    still = np.flatnonzero((moves & (day <= people.day)) | calls)
    made.xy[still], made.town[still] = people.inside[still, None], towns[still, None]
    came = np.flatnonzero((moves | calls) & (people.day == day))
    made.xy[came, 1:], made.town[came, 1:] = people.home[came, None], people.home_town[came, None]
    back = came[calls[came]]
    made.xy[back, 2:], made.town[back, 2:] = people.inside[back, None], towns[back, None]
    _once(made, came, random.uniform(8, 11, len(came)) * HOUR, random.uniform(1.5, 2.5, len(came)) * HOUR)
