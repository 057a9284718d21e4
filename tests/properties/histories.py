"""Random histories of one journal partition, with every kind of record (rules 1.2, 2.2, 3.1, 6.5).

A seed makes one: choices that hypothesis makes itself lean to the extremes, and a phone hardly ever
stays anywhere. smallest.py makes a failing one small.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

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
from tests.properties.world import (
    BORDERS,
    DAY,
    FAR,
    NO_CELLS,
    PHONES,
    PLACES,
    RESOLUTION,
    SHAPES,
    START,
    thresholds,
)

if TYPE_CHECKING:
    from random import Random

LONGEST: Final = 14
"""Records of a history."""


@dataclass(frozen=True)
class History:
    """What a partition begins with, and its records."""

    deployment: Deployment
    policy: Policy
    areas: tuple[AreaVersion, ...]
    records: tuple[tuple[int | None, Record], ...]


def history(random: Random) -> History:
    deployment = Deployment(retention_days=random.choice([2, 3, 1]))
    slot_minutes = random.choice([60, 30, 15])
    chosen = thresholds(random, slot_minutes, deployment.retention_days)
    policy = Policy(version=random.randint(0, 2), slot_minutes=slot_minutes, resolution=RESOLUTION, **chosen)
    writer = _Writer(random, deployment, policy)
    areas = tuple(writer.area(name, 1) for name in SHAPES if random.random() < 0.8)
    records = [writer.record() for _ in range(random.randint(1, LONGEST))]
    return History(deployment, policy, areas, tuple(enumerate(records)))


@dataclass
class _Writer:
    """Writes one record after the other; `now` is the largest clock so far."""

    random: Random
    deployment: Deployment
    policy: Policy
    now: int = START + 2 * DAY
    sent: list[tuple[bytes, int, int, bool]] = field(default_factory=list)
    subjects: dict[str, tuple[bytes | None, int | None]] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)

    def record(self) -> Record:
        clock = self.clock()
        write = self.random.choices(
            [self.sightings, self.time, self.area_record, self.policy_record, self.exclusion_record],
            [10, 2, 2, 2, 2],
        )[0]
        return write(clock)

    def clock(self) -> int:
        """The next record's clock: ahead by nothing up to days, sometimes behind, often a boundary."""
        random, slot = self.random, self.slot_seconds()
        ahead = random.choice([0, 60, slot, 2 * slot, 4 * slot, 6 * 3600, 14 * 3600, DAY, 5 * DAY // 2])
        self.now += random.choice([ahead, ahead, random.randint(0, ahead)])
        if random.random() < 0.3:
            self.now += -self.now % slot
        behind = random.choice([60, slot, 3 * slot, 6 * 3600])
        return self.now - behind if random.random() < 0.15 else self.now

    def slot_seconds(self) -> int:
        return self.policy.slot_minutes * 60

    def version(self, of: str, first: int) -> int:
        """Mostly a higher version than the last one written, sometimes an equal or a lower one."""
        last = self.versions.get(of, first)
        version = max(last + self.random.choice([1, 1, 1, 2, 0, -1]), 1)
        self.versions[of] = max(last, version)
        return version

    def time(self, clock: int) -> Record:
        return TimeAdvanced(clock)

    def sightings(self, clock: int) -> Record:
        random = self.random
        rows: list[tuple[bytes, int, int, bool]] = []
        for _ in range(random.choice([1, 1, 2, 3])):
            rows += self.walk(clock // self.slot_seconds())
        if self.sent and random.random() < 0.2:
            newest = clock // self.slot_seconds()
            rows += [row for row in random.choices(self.sent, k=3) if row[2] <= newest]
        self.sent += rows
        if random.random() < 0.03:
            rows.append((PHONES[0], PLACES[0], clock // self.slot_seconds() + 1, False))
        return Sightings(
            clock,
            tuple(row[0] for row in rows),
            tuple(row[1] for row in rows),
            tuple(row[2] for row in rows),
            tuple(row[3] for row in rows),
        )

    def walk(self, newest: int) -> list[tuple[bytes, int, int, bool]]:
        """One phone for some slots, the newest first; on time, late or too late."""
        random = self.random
        phone = random.choice(PHONES[: random.choice([1, 2, 4])])
        length, gaps = random.randint(1, 9), random.choice([(1,), (1, 1, 1, 2, 3), (2,), (3,), (1, 1, 1, 5)])
        day = DAY // self.slot_seconds()
        kept = (self.deployment.retention_days + 1) * day
        back = random.choice([0, 0, 0, 0, 0, 1, 4, 4, day // 2, day, 2 * day, kept - random.randint(0, 4)])
        place = random.choice([random.randrange(len(PLACES)), *BORDERS])
        side = random.choice([1, -1, 2, -2, 4])
        manner = random.choice(["stay", "stray", "stray", "flap", "both", "walk", "jump", "any"])
        rows = []
        slot = newest - back
        for i in range(length):
            cells = self.cells(manner, i, place, side)
            rows += [(phone, cell, slot, random.random() < 0.08) for cell in cells]
            slot -= random.choice(gaps)
        return rows

    def cells(self, manner: str, i: int, place: int, side: int) -> list[int]:
        """The cells of the i-th slot of a walk that begins at the place of that number."""
        random = self.random
        home, beside = PLACES[place], PLACES[(place + side) % len(PLACES)]
        match manner:
            case "stray":
                strays = i > 0 and random.random() < 0.3
                found = random.choice([[beside], [home, beside]]) if strays else [home]
            case "flap":
                found = [beside if i % 2 else home]
            case "both":
                found = [home, beside][: random.choice([1, 2])]
            case "walk":
                found = [PLACES[(place + i * side) % len(PLACES)]]
            case "jump":
                found = [random.choice(FAR) if random.random() < 0.3 else home]
            case "any":
                found = random.choices(PLACES + FAR, k=random.choice([1, 2]))
            case _:
                found = [home]
        return found

    def area(self, name: str, version: int, *, withdrawn: bool = False) -> AreaVersion:
        random = self.random
        since = START + random.choice([0, 0, 2 * DAY, 3 * DAY + 7 * 3600])
        until = random.choice([None, None, since + 12 * 3600 + 120, since + 2 * DAY])
        shape = () if withdrawn else random.choice(SHAPES[name])
        return AreaVersion(name, version, shape, since, until, random.choice([1, 0, 2]), withdrawn)

    def area_record(self, clock: int) -> Record:
        random = self.random
        name = random.choice(list(SHAPES))
        version = self.version(name, 1)
        if random.random() < 0.1:
            return AreaPublished(clock, AreaVersion(name, version, NO_CELLS, START))
        return AreaPublished(clock, self.area(name, version, withdrawn=random.random() < 0.3))

    def policy_record(self, clock: int) -> Record:
        random = self.random
        version = self.version("policy", self.policy.version)
        if random.random() < 0.25:
            return PolicyPublished(clock, version, self.refused_thresholds())
        chosen = thresholds(random, self.policy.slot_minutes, self.deployment.retention_days)
        named = random.choice([["window_days", "min_days"], ["jurisdiction"], ["dwell_mode"], list(chosen)])
        return PolicyPublished(clock, version, {name: chosen[name] for name in named})

    def refused_thresholds(self) -> dict[str, Any]:
        too_long = self.deployment.retention_days + 1
        refused: list[dict[str, Any]] = [
            {"slot_minutes": 10},
            {"resolution": 9},
            {"coarse_range_m": 1},
            {"jump_minutes": 1400, "support_minutes": 41, "pingpong_minutes": 0},
            {"window_days": too_long},
            {"window_days": 1, "min_days": 2},
            {"min_stay_slots": 0},
        ]
        return self.random.choice(refused)

    def exclusion_record(self, clock: int) -> Record:
        random = self.random
        case = random.choice(["one", "two", "three"])
        if case not in self.subjects or random.random() < 0.15:
            self.subjects.setdefault(case, self.subject())
            subject = self.subject() if random.random() < 0.3 else self.subjects[case]
        else:
            subject = self.subjects[case]
        if random.random() < 0.05:
            subject = random.choice([(None, None), (PHONES[0], PLACES[0])])
        at = clock - random.choice([0, 0, 60, self.slot_seconds(), DAY, -self.slot_seconds()])
        since: int | None = at - random.choice(
            [DAY // 2, self.slot_seconds(), 3 * self.slot_seconds(), 2 * DAY]
        )
        if random.random() < 0.1:
            since = None
        until = random.choice([None, at - self.slot_seconds(), at - 60, at, at + DAY])
        withdrawn = random.random() < 0.25
        version = self.version(case, 0)
        return Excluded(clock, Exclusion(case, version, *subject, at, since, until, withdrawn))

    def subject(self) -> tuple[bytes | None, int | None]:
        random = self.random
        if random.random() < 0.5:
            return random.choice(PHONES), None
        cells = [row[1] for row in self.sent] or list(PLACES)
        return None, random.choice(cells)
