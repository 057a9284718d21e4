"""Histories of people who live at an area, in it or at its border, for days: much is settled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.domain.policy import Deployment, Policy
from streams.domain.records import AreaPublished, AreaVersion, Excluded, Exclusion, Sightings, TimeAdvanced
from tests.properties.afterwards import FRINGE, HOME, OUT
from tests.properties.histories import History
from tests.properties.town import QUIET, TOWN
from tests.properties.world import BORDERS, DAY, FAR, PLACES, RESOLUTION, SHAPES, START

if TYPE_CHECKING:
    from random import Random

    from streams.domain.records import Record

LENGTH: Final = 900
"""Seconds of a slot."""


def residents(random: Random) -> History:
    """Seen every slot or so for days, at a few places; seldom late, seldom far away, seldom a control."""
    deployment = Deployment(retention_days=random.choice([1, 2, 3]))
    policy = Policy(
        slot_minutes=LENGTH // 60,
        resolution=RESOLUTION,
        window_days=deployment.retention_days,
        min_days=random.choice([0, 0, 1, 2]) % (deployment.retention_days + 1),
        stay_minutes=random.choice([30, 120, 300]),
        min_stay_slots=random.choice([1, 2, 3]),
        jump_minutes=random.choice([15, 30, 60]),
        support_minutes=random.choice([15, 45, 120]),
        pingpong_minutes=random.choice([15, 30, 120, 240]),
        max_gap_minutes=random.choice([30, 60, 120]),
        stale_minutes=random.choice([240, 1440]),
        absence_minutes=random.choice([60, 300]),
        dwell_mode=random.choice(["continuous"] * 9 + ["span"]),
        jurisdiction=random.choice([None, HOME]),
    )
    areas = tuple(
        AreaVersion(name, 1, SHAPES[name][0], START - DAY, fringe_rings=random.choice([0, 1]))
        for name in SHAPES
    )
    phone = random.choice(TOWN)
    border = random.choice(BORDERS)
    near = [PLACES[border + step] for step in (-2, -1, 0, 1, 2)]
    slot = START // LENGTH
    lived = random.choice([near, near, near[:2], near[3:], [*near, OUT], [*near, *QUIET[:2]], [OUT, FRINGE]])
    at = random.choice(lived)
    records: list[Record] = []
    for _ in range(random.randint(30, 150)):
        slot += random.choice([0, 1, 1, 1, 1, 2, 3, random.choice([6, 20])])
        now = slot * LENGTH + 60
        if random.random() < 0.25:
            at = random.choice(lived)
        if random.random() < 0.04:
            lived = random.choice([near, near[1:3], [*near, QUIET[0]], [QUIET[0]], [OUT], [near[0], FAR[1]]])
        rows = [(at, slot - random.choice([0, 0, 0, 0, 0, 1, 2, 3]))]
        if random.random() < 0.03:
            rows.append((random.choice([*near, FAR[1]]), slot - random.randint(0, 30)))
        cells, slots = zip(*rows, strict=True)
        coarse = [random.random() < 0.05 for _ in rows]
        records.append(Sightings(now, [phone] * len(rows), cells, slots, coarse))
        if random.random() < 0.02:
            records.append(_control(random, phone, near, now, len(records)))
    records.append(TimeAdvanced((slot + 5 * 96) * LENGTH))
    return History(deployment, policy, areas, tuple(enumerate(records)))


def _control(random: Random, phone: bytes, near: list[int], now: int, number: int) -> Record:
    name = random.choice(list(SHAPES))
    subject = random.choice([(phone, None), (None, random.choice(near))])
    since = now - random.choice([3600, DAY])
    controls: list[Record] = [
        AreaPublished(now, AreaVersion(name, number + 2, random.choice(SHAPES[name]), START - DAY)),
        Excluded(now, Exclusion(f"case {number}", 1, *subject, now, since)),
        TimeAdvanced(now + random.choice([0, 3600, DAY // 2])),
    ]
    return random.choice(controls)
