"""Histories of a town: people mostly nowhere special, so that most sightings change nothing.

What histories.py makes is dense with borders; here the engine's short cuts find work.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from streams.domain.policy import Deployment, Policy
from streams.domain.records import (
    AreaPublished,
    AreaVersion,
    Excluded,
    Exclusion,
    PolicyPublished,
    Record,
    Sightings,
    TimeAdvanced,
)
from tests.properties.histories import History
from tests.properties.world import BORDERS, DAY, FAR, PLACES, RESOLUTION, SHAPES, START, cell_at, thresholds

if TYPE_CHECKING:
    from random import Random

TOWN: Final = tuple(bytes([rest, *range(14), rest]) for rest in (1, 2, 127, 128, 200, 255))
QUIET: Final = tuple(cell_at(east, 9) for east in range(-6, 7))
"""Cells far from both areas and away from the jurisdiction, if there is one."""
HOUR: Final = 3600


def town(random: Random) -> History:
    """A few days of people who are mostly at home, in records of an hour or so."""
    deployment = Deployment(retention_days=random.choice([2, 3]))
    slot_minutes = random.choice([60, 30, 15])
    chosen = thresholds(random, slot_minutes, deployment.retention_days)
    policy = Policy(version=0, slot_minutes=slot_minutes, resolution=RESOLUTION, **chosen)
    areas = tuple(AreaVersion(name, 1, SHAPES[name][0], START) for name in SHAPES)
    people = [_Person(random, phone) for phone in random.sample(TOWN, random.randint(1, 4))]
    records: list[Record] = []
    clock = START + DAY
    for _ in range(random.randint(20, 90)):
        clock += random.choice([HOUR, HOUR, 2 * HOUR, 5 * HOUR])
        if random.random() < 0.04:
            records.append(_control(random, policy, deployment, clock, len(records)))
        else:
            records.append(_seen(random, people, policy.slot_minutes * 60, clock))
    return History(deployment, policy, areas, tuple(enumerate(records)))


@dataclass
class _Person:
    random: Random
    phone: bytes
    home: int = 0
    now_at: int = 0
    past: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        beside = [PLACES[number + step] for number in BORDERS for step in (-2, -1, 1, 2)]
        self.home = self.now_at = self.random.choice((self.random.choice(QUIET), self.random.choice(beside)))

    def moved(self) -> int:
        """Mostly at home; now and then in an area, at its border, far away, for some records."""
        random = self.random
        if random.random() < 0.3:
            self.now_at = random.choice(
                [self.home, self.home, self.home, random.choice(PLACES), random.choice(FAR)]
            )
        return self.now_at


def _seen(random: Random, people: list[_Person], slot_seconds: int, clock: int) -> Record:
    newest = clock // slot_seconds
    rows = []
    for person in random.sample(people, random.randint(1, len(people))):
        rows.append((person.phone, person.moved(), newest - random.choice([0, 0, 0, 1])))
        if person.past and random.random() < 0.4:
            _, slot = random.choice(person.past[-4:])
            late = min(newest, slot + random.choice([-2, -1, 0, 1, 2, 5]))
            rows.append((person.phone, random.choice([person.home, person.now_at]), late))
        person.past.append(rows[-1][1:])
    phones, cells, slots = zip(*rows, strict=True)
    return Sightings(clock, phones, cells, slots, tuple(random.random() < 0.1 for _ in rows))


def _control(random: Random, policy: Policy, deployment: Deployment, clock: int, number: int) -> Record:
    name = random.choice(list(SHAPES))
    chosen = thresholds(random, policy.slot_minutes, deployment.retention_days)
    since = clock - random.choice([DAY, 5 * HOUR])
    subject = random.choice([(random.choice(TOWN), None), (None, random.choice(QUIET + PLACES))])
    controls: list[Record] = [
        TimeAdvanced(clock + random.choice([0, DAY, 2 * DAY])),
        AreaPublished(clock, AreaVersion(name, number + 2, random.choice(SHAPES[name]), START)),
        AreaPublished(clock, AreaVersion(name, number + 2, (), START, withdrawn=True)),
        PolicyPublished(clock, number + 1, chosen),
        PolicyPublished(clock, number + 1, {"window_days": chosen["window_days"], "min_days": 1}),
        Excluded(clock, Exclusion(f"case {number}", 1, *subject, clock, since)),
    ]
    return random.choice(controls)
