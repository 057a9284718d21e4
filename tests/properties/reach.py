"""Histories in which a slot at the window's start hangs on the context's oldest one (rules 1.3, 1.5, 3.4).

A visit is contested by a neighbour, which is plausible or not by a jump, which is decided by support:
the longest chain that 3.4 allows, a day in all, give or take a slot at every link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.domain.policy import Deployment, Policy
from streams.domain.records import AreaVersion, Record, Sightings, TimeAdvanced
from tests.properties.histories import History
from tests.properties.world import DAY, FAR, PHONES, SHAPES, START, cell_at

if TYPE_CHECKING:
    from random import Random


def chain(random: Random) -> History:
    slot_minutes = random.choice([60, 30])
    pingpong, jump = 360, random.choice([300, 420])
    policy = Policy(
        slot_minutes=slot_minutes,
        window_days=1,
        min_days=1,
        jump_minutes=jump,
        support_minutes=1440 - jump - pingpong,
        pingpong_minutes=pingpong,
        jump_speed=2,
        stale_minutes=random.choice([1440, 1440 - slot_minutes - 1]),
    )
    area = AreaVersion("a", 1, SHAPES["a"][0], 0, None, random.choice([0, 1]))
    records = _records(random, policy)
    return History(Deployment(random.choice([1, 2])), policy, (area,), tuple(enumerate(records)))


def _records(random: Random, policy: Policy) -> list[Record]:
    def link(minutes: int) -> int:
        return minutes // policy.slot_minutes + random.choice([0, 0, 0, 0, 1, -1])

    day = 1440 // policy.slot_minutes
    visit = (START + 3 * DAY) // (policy.slot_minutes * 60)
    beside = visit - link(policy.pingpong_minutes)
    jump = beside - link(policy.jump_minutes)
    oldest = jump - link(policy.support_minutes)
    inside, outside, far = cell_at(-3.5), cell_at(-4.5), FAR[1]
    parts = [(inside, visit), (outside, beside), (far, jump), (far, oldest)]
    late = random.choice([None, None, *parts])
    last = visit + day - 1 + random.choice([0, 0, 0, 1, -1])
    again = [(cell_at(-12), last), *([late] if late else [])]
    return [
        _seen(policy, visit, [part for part in parts if part != late]),
        _seen(policy, last, again),
        TimeAdvanced((last + 2 * day) * policy.slot_minutes * 60),
    ]


def _seen(policy: Policy, newest: int, parts: list[tuple[int, int]]) -> Sightings:
    return Sightings(
        newest * policy.slot_minutes * 60,
        (PHONES[0],) * len(parts),
        tuple(cell for cell, _ in parts),
        tuple(slot for _, slot in parts),
        (False,) * len(parts),
    )
