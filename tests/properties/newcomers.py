"""Histories of people seen on few days: what hangs on rule 5.5 alone, at days' and windows' ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.domain.policy import Deployment, Policy
from streams.domain.records import (
    AreaPublished,
    AreaVersion,
    Excluded,
    Exclusion,
    PolicyPublished,
    Sightings,
    TimeAdvanced,
)
from tests.properties.histories import History
from tests.properties.town import QUIET, TOWN
from tests.properties.world import DAY, PLACES, RESOLUTION, SHAPES, START

if TYPE_CHECKING:
    from random import Random

    from streams.domain.records import Record

SLOT: Final = 1800
ZONES: Final = ("UTC", "Asia/Shanghai", "America/St_Johns", "Pacific/Kiritimati", "Pacific/Pago_Pago")
HOUR: Final = 3600


def newcomers(random: Random) -> History:
    """A few sightings a day, some of them days late; now and then a control, or nothing for days."""
    days = random.randint(1, 5)
    deployment = Deployment(retention_days=days + random.choice([0, 0, 1, 3]))
    policy = Policy(
        slot_minutes=SLOT // 60,
        resolution=RESOLUTION,
        window_days=days,
        min_days=random.randint(0, days),
        stale_minutes=random.choice([360, 1440, 2880]),
        timezone=random.choice(ZONES),
    )
    areas = (AreaVersion("a", 1, SHAPES["a"][0], START),)
    people = random.sample(TOWN, random.randint(1, 3))
    records: list[Record] = []
    clock = START + days * DAY
    for number in range(1, random.randint(10, 60)):
        clock += random.choice([0, HOUR, HOUR, 5 * HOUR, 11 * HOUR, random.choice([DAY, days * DAY])])
        if random.random() < 0.1:
            records.append(_control(random, people, days, clock, number))
            continue
        rows = []
        for phone in random.sample(people, random.randint(1, len(people))):
            late = random.choice([0, 0, 0, 1, 5, 47, 48, random.randint(0, (days + 1) * DAY // SLOT)])
            at = random.choice(QUIET) if random.random() < 0.97 else random.choice(PLACES)
            rows.append((phone, at, clock // SLOT - late))
        phones, cells, slots = zip(*rows, strict=True)
        records.append(Sightings(clock, list(phones), list(cells), list(slots), [False] * len(rows)))
    return History(deployment, policy, areas, tuple(enumerate(records)))


def _control(random: Random, people: list[bytes], days: int, clock: int, number: int) -> Record:
    few = random.randint(0, days)
    shorter = random.randint(max(few, 1), days)
    case = Exclusion("case", number, people[0], None, clock - DAY, clock, withdrawn=random.random() < 0.5)
    controls: list[Record] = [
        TimeAdvanced(clock),
        PolicyPublished(clock, number, {"min_days": few, "window_days": shorter}),
        PolicyPublished(clock, number, {"timezone": random.choice(ZONES)}),
        PolicyPublished(clock, number, {"stale_minutes": random.choice([360, 2880])}),
        AreaPublished(clock, AreaVersion("a", number + 1, SHAPES["a"][0], clock - 2 * DAY)),
        Excluded(clock, case),
    ]
    return random.choice(controls)
