"""A small town of towers, one of which the list has 500 km away from where it stands."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from streams.domain.policy import Deployment, Policy
from streams.domain.rules import Rules
from streams.domain.towers import Tower
from streams.feed.statistics import Feed

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES = Rules.of(Policy(), [], Deployment())
NOON = 1_793_500_200_000
"""Milliseconds, at the beginning of a quarter of an hour."""
QUARTER = 900_000
WRONG = "460-0-1-6"
TOWERS = {f"460-0-1-{n}": Tower(f"460-0-1-{n}", 121.4 + n * 0.02, 28.6, 1000.0) for n in range(6)}
TOWERS[WRONG] = Tower(WRONG, 116.4, 28.6, 1000.0)


def phone(number: int) -> bytes:
    return b"\x01" + number.to_bytes(15, "big")


def a_feed() -> Feed:
    return Feed(RULES, 300, lambda name: TOWERS[name].placed(8, 5000) if name in TOWERS else None)


def walks(phones: int = 12, quarters: int = 40, seed: int = 1) -> Iterator[tuple[bytes, str, int]]:
    """Yield people going about the town, at a tower of their own choice each quarter of an hour."""
    rnd = random.Random(seed)
    for quarter in range(quarters):
        for number in range(phones):
            yield phone(number), rnd.choice(list(TOWERS)), NOON + quarter * QUARTER
