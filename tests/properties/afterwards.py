"""Histories of one phone that was at an area's border, then elsewhere, and of which something comes late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.domain.hexes import cells_of, surrounded
from streams.domain.policy import Deployment, Policy
from streams.domain.records import AreaVersion, Sightings
from tests.properties.histories import History
from tests.properties.town import QUIET, TOWN
from tests.properties.world import BORDERS, DAY, FAR, PLACES, RESOLUTION, SHAPES, START, box, cell_at

if TYPE_CHECKING:
    from random import Random

    from streams.domain.records import Record

LENGTH: Final = 900
HOME: Final = (box(-30, 30, 30),)
"""A jurisdiction with all places but one in it."""
FRINGE: Final = min(surrounded(cells_of(HOME, RESOLUTION), 1) - cells_of(HOME, RESOLUTION))
"""Neither in the jurisdiction nor away from it."""
OUT: Final = cell_at(60)


def afterwards(random: Random) -> History:
    """At the border for some slots, elsewhere for longer than any rule looks, and then something late."""
    deployment = Deployment(retention_days=3)
    policy = Policy(
        slot_minutes=LENGTH // 60,
        resolution=RESOLUTION,
        window_days=3,
        min_days=random.choice([0, 1]),
        stay_minutes=random.choice([30, 60]),
        min_stay_slots=random.choice([1, 2]),
        pingpong_minutes=random.choice([30, 60]),
        max_gap_minutes=random.choice([30, 90, 120]),
        absence_minutes=60,
        jurisdiction=random.choice([None, HOME]),
    )
    areas = tuple(AreaVersion(name, 1, SHAPES[name][0], START, fringe_rings=0) for name in SHAPES)
    phone, elsewhere = random.choice(TOWN), random.choice([QUIET[0], OUT, FAR[1]])
    border = random.choice(BORDERS) + random.choice([-1, 0, 1])
    near = [PLACES[border + step] for step in (-2, -1, 0, 1, 2)]
    slot = (START + DAY) // LENGTH
    records: list[Record] = []

    def seen(now: int, cell: int, at: int) -> None:
        coarse = random.random() < 0.1
        records.append(Sightings(now * LENGTH + 60, [phone], [cell], [at], [coarse]))

    first = slot
    for _ in range(random.randint(1, 5)):
        seen(slot, random.choice(near), slot)
        if elsewhere == FAR[1] and random.random() < 0.7:
            seen(slot, FAR[1], slot)
        slot += random.choice([1, 1, 2, 3])
    for step in range(random.randint(4, 9)):
        slot += random.choice([1, 2, 3])
        seen(slot, elsewhere if step else QUIET[1], slot)
    for _ in range(random.randint(1, 6)):
        slot += random.choice([0, 0, 20])
        seen(slot, random.choice([*near, QUIET[0], elsewhere, OUT, FRINGE]), random.randint(first - 2, slot))
    return History(deployment, policy, areas, tuple(enumerate(records)))
