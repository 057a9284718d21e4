"""The simulated city: a place, its people, and what each day shows of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from streams.city.columns import Seen, Whereabouts, joined, picked
from streams.city.journeys import DAY, journeys
from streams.city.networks import networks
from streams.city.people import NAMES, people
from streams.city.plans import plan
from streams.city.prefecture import prefecture
from streams.city.radio import NOBODY
from streams.city.reports import elsewhere, reports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.city.columns import Bools
    from streams.city.networks import Networks
    from streams.city.people import People
    from streams.city.place import Place

QUARTER: Final = 900
BEFORE: Final = 30 * DAY
"""So long before the first day the key areas hold."""
STEP: Final = 10_000
"""People worked out at once: memory beside what is kept of each."""
_PLACE: Final = 0
_PEOPLE: Final = 1
_RADIO: Final = 2
_DAY: Final = 3
"""What a stream of random numbers is for."""


def generator(*key: int) -> np.random.Generator:
    """Return the random numbers of a seed and a purpose: any day can be made without those before it."""
    return np.random.default_rng([part % 2**64 for part in key])


@dataclass(frozen=True)
class City:
    """So many phones for so many days from a seed; `start` is the first day's midnight in UTC.

    A day begins at local midnight, some hours before or after it in UTC.
    """

    seed: int
    phones: int
    start: int
    days: int
    given: Place | None = None
    """A place to live in instead of the generated prefecture."""

    @cached_property
    def place(self) -> Place:
        """Return where they live."""
        return self.given or prefecture(generator(self.seed, _PLACE), self.start - BEFORE)

    @cached_property
    def people(self) -> People:
        """Return who lives there."""
        return people(self.place, self.phones, self.days, generator(self.seed, _PEOPLE))

    @cached_property
    def cells(self) -> list[str]:
        """Return the towers' ids by number."""
        return [tower.id for tower in self.place.towers]

    def midnight(self, day: int) -> int:
        """Return the second at which a day begins, local time."""
        return self.start + day * DAY - round(self.place.hours_east * 3600)

    def day(self, day: int) -> Iterator[tuple[Seen, Whereabouts]]:
        """Yield a day's sightings and truth, some people at a time, the sightings in no order."""
        for first in range(0, self.phones, STEP):
            random = generator(self.seed, _DAY, day, first)
            some = self.people.some(slice(first, first + STEP))
            seen, truth = self._day(some, day, random)
            midnight = self.midnight(day)
            yield (
                Seen((seen.phone + first).astype(np.int32), seen.tower.astype(np.int32), seen.at + midnight),
                Whereabouts(truth.phone + first, truth.start + midnight, truth.end + midnight, truth.xy),
            )

    def events(self, day: int) -> Iterator[tuple[int, bytes, str]]:
        """Yield seconds, phone and tower's id of one day in the order of time, as if nothing were delayed."""
        seen = joined([seen for seen, _ in self.day(day)])
        seen = picked(seen, np.lexsort((seen.phone, seen.at)))
        phones, cells = self.people.phone, self.cells
        for phone, tower, at in zip(seen.phone.tolist(), seen.tower.tolist(), seen.at.tolist(), strict=True):
            yield at, phones[phone].tobytes(), cells[tower]

    def _day(self, some: People, day: int, random: np.random.Generator) -> tuple[Seen, Whereabouts]:
        went = journeys(self.place, plan(self.place, some, day, random))
        person, second = reports(some.chatty, went, random)
        xy = went.at(person, second)
        cloned = np.flatnonzero(some.kind == NAMES.index("cloned"))
        clones, then, where = elsewhere(cloned, some.day == day, random)
        person, second = np.concatenate((person, clones)), np.concatenate((second, then))
        xy = np.concatenate((xy, self.place.far[where]))
        distant = np.arange(len(person)) >= len(person) - len(clones)
        tower = self._networks.serving(some.carrier[person], xy, distant, random)
        heard = np.flatnonzero((tower != NOBODY) & self._on(some, day)[person])
        return Seen(person[heard], tower[heard], second[heard]), went.truth()

    def _on(self, some: People, day: int) -> Bools:
        """Say whose phones are on."""
        off: Bools = (some.kind == NAMES.index("off")) & (day >= max(1, self.days // 2))
        unborn: Bools = (some.kind == NAMES.index("new")) & (day < self.days - 2)
        return ~(off | unborn)

    @cached_property
    def _networks(self) -> Networks:
        return networks(self.place, lambda carrier: generator(self.seed, _RADIO, carrier))
