"""A simulated city as a journal in memory, with its truth and what is particular about each phone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from streams.accuracy.scoring import Truth
from streams.accuracy.tracks import tracks_of
from streams.city.city import City, generator
from streams.city.columns import joined
from streams.city.country import country
from streams.city.course import amended, timezone
from streams.city.feed import arrivals
from streams.city.journeys import DAY
from streams.city.people import NAMES
from streams.domain.hexes import cells_of
from streams.domain.policy import Policy
from streams.domain.records import AreaPublished, Sightings, TimeAdvanced
from streams.files.controls import Control
from streams.files.journal import journal_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from streams.city.columns import Seen, Whereabouts
    from streams.domain.records import Record
    from streams.domain.towers import Tower
    from streams.files.journal import Sighting

DECIMALS: Final = 5
"""Of a degree, in truth.csv."""


class Made(NamedTuple):
    """Which city: seed, phones, days from `start` (unix seconds); among these towers where there are any."""

    seed: int
    phones: int
    days: int
    start: int
    towers: tuple[Tower, ...] = ()

    def city(self) -> City:
        """Return it."""
        place = None
        if self.towers:
            place = country(self.towers, generator(self.seed), self.start - 30 * DAY)
        return City(self.seed, self.phones, self.start, self.days, place)

    def kinds(self) -> dict[bytes, str]:
        """Return what is particular about each phone (`people.NAMES`)."""
        people = self.city().people
        return {phone.tobytes(): NAMES[kind] for phone, kind in zip(people.phone, people.kind, strict=True)}


@dataclass(frozen=True)
class Case:
    """A city's journal under the built-in policy, and its truth; `begin` and `until` are unix seconds."""

    city: City
    policy: Policy
    records: Sequence[Record]
    truth: Truth

    @classmethod
    def of(cls, made: Made) -> Case:
        """Simulate; sightings stand in the order in which they arrive, as in events.csv."""
        city = made.city()
        place = city.place
        policy = Policy(version=1, timezone=timezone(place), jurisdiction=place.jurisdiction)
        at, grown = amended(city)
        end = city.midnight(city.days)
        controls = [Control(at, AreaPublished(at, grown)), Control(end, TimeAdvanced(end))]
        told: list[Whereabouts] = []
        sightings = _sightings(city, policy, told)
        records = list(journal_of(sightings, controls, None, policy.slot_minutes))
        where = joined(told)
        degrees = np.round(place.plane.degrees(where.xy), DECIMALS)
        phones = [phone.tobytes() for phone in city.people.phone]
        tracks = tracks_of(phones, where.phone, where.start, where.end, degrees[:, 0], degrees[:, 1])
        towers = [(tower.longitude, tower.latitude) for tower in place.towers]
        course = [(control.at, control.record) for control in controls]
        return cls(city, policy, records, Truth.of(tracks, towers, policy, place.areas, course))

    @property
    def begin(self) -> int:
        """Return the clock of the first record."""
        return self.records[0].clock

    @property
    def until(self) -> int:
        """Return the clock of the last record."""
        return self.records[-1].clock

    @property
    def phones(self) -> Sequence[bytes]:
        """Return everybody's pseudonym."""
        return self.truth.tracks.phones

    @cached_property
    def longest(self) -> dict[bytes, int]:
        """Return, of each phone ever seen in a cell of an area, the minutes no visit of it can outlast.

        A visit's held slots are among the slots seen in the area, max_gap_minutes apart at most (rule 4.1).
        """
        versions = [*self.city.place.areas, amended(self.city)[1]]
        inside = frozenset().union(*(cells_of(one.geometry, self.policy.resolution) for one in versions))
        slots: dict[bytes, set[int]] = {}
        for record in self.records:
            if isinstance(record, Sightings):
                for phone, cell, slot in zip(record.phones, record.hexes, record.slots, strict=True):
                    if cell in inside:
                        slots.setdefault(phone, set()).add(slot)
        gap = self.policy.max_gap_minutes // self.policy.slot_minutes
        return {phone: _chain(sorted(some), gap) * self.policy.slot_minutes for phone, some in slots.items()}

    @cached_property
    def near(self) -> Sequence[Record]:
        """Return the journal of the phones ever seen in a cell of an area."""
        return only(self.records, self.longest)


def only(records: Sequence[Record], phones: Container[bytes]) -> list[Record]:
    """Return a journal with the sightings of some phones; no record and no clock is left out."""
    found: list[Record] = []
    for record in records:
        if isinstance(record, Sightings):
            rows = [row for row, phone in enumerate(record.phones) if phone in phones]
            columns = (record.phones, record.hexes, record.slots, record.coarse)
            found.append(Sightings(record.clock, *([column[row] for row in rows] for column in columns)))  # type: ignore[arg-type]
        else:
            found.append(record)
    return found


def none_coarse(records: Sequence[Record]) -> list[Record]:
    """Return a journal in which no tower counts as coarse."""
    return [
        replace(one, coarse=[False] * len(one.coarse)) if isinstance(one, Sightings) else one
        for one in records
    ]


def _sightings(city: City, policy: Policy, told: list[Whereabouts]) -> Iterator[Sighting]:
    phones = [phone.tobytes() for phone in city.people.phone]
    placed = [tower.placed(policy.resolution, policy.coarse_range_m) for tower in city.place.towers]

    def hear(_: Seen, where: Whereabouts) -> None:
        told.append(where)

    for seen in arrivals(city, hear):
        for phone, tower, at in zip(seen.phone.tolist(), seen.tower.tolist(), seen.at.tolist(), strict=True):
            yield at, phones[phone], *placed[tower]


def _chain(slots: Sequence[int], gap: int) -> int:
    """Return the longest stretch, in slots, without a gap of more than `gap`."""
    longest, first = 0, slots[0]
    for before, slot in pairwise(slots):
        if slot - before > gap:
            first = slot
        longest = max(longest, slot - first)
    return longest
