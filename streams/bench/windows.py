"""A window alone, in this process: what a sighting costs with many phones, touched ones or a hot one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from streams.bench.diaries import FIRST_DAY, MOST, SLOT_SECONDS, SLOTS, Diaries, area, outside
from streams.domain.policy import Deployment, Policy
from streams.window.columns import SightingColumns
from streams.window.warm import warm
from streams.window.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


MICRO: Final = 1_000_000
DAYS: Final = 14
MANY: Final = 4000
"""Hexes, where it is many."""


class Filled(NamedTuple):
    """A window filled with diaries."""

    cpu_us: float
    """CPU microseconds a sighting."""
    bytes_per_phone: float


def filled(diaries: Diaries, *, counting: bool = False) -> Filled:
    """Fill a window in which the area of the touched phones stands before the first sighting.

    Where `counting`, phones are counted by hex as each hour begins, as a worker's window does.
    """
    warm(Window(Deployment(), Policy()))
    window = Window(Deployment(), Policy(), [area()])
    window.counting.on = counting
    cpu = folded(window, diaries.records()) / diaries.sighted * MICRO
    return Filled(cpu, window.nbytes() / window.phones)


def folded(window: Window, records: Iterable[SightingColumns]) -> float:
    """Return the CPU seconds that folding records took, without making them."""
    spent = 0.0
    for record in records:
        begun = time.process_time()
        window.apply(record, None)
        spent += time.process_time() - begun
    return spent


def spread(sightings: int) -> float:
    """Return CPU microseconds a sighting over two weeks: any of many phones, each at any of many hexes."""
    return _over_two_weeks(sightings, phones=_phones(sightings), hexes=MANY)


def hot_phone(sightings: int, hexes: int = 4) -> float:
    """Return the same where one phone is seen so often, at so many hexes."""
    return _over_two_weeks(sightings, phones=1, hexes=hexes)


def hot_hex(sightings: int) -> float:
    """Return the same where all are seen at one hex."""
    return _over_two_weeks(sightings, phones=_phones(sightings), hexes=1)


def _phones(sightings: int) -> int:
    """Return as many phones as are each seen four times a day."""
    return max(1, sightings // (DAYS * 4))


def _over_two_weeks(sightings: int, phones: int, hexes: int) -> float:
    window = Window(Deployment(), Policy(), [area()])
    return folded(window, _records(sightings, phones, hexes)) / sightings * MICRO


def _records(sightings: int, phones: int, hexes: int) -> Iterator[SightingColumns]:
    """Yield a record a slot, all of about the same size."""
    random, cells = np.random.default_rng(1), outside()[:hexes]
    slots = DAYS * SLOTS
    for number in range(slots):
        count = sightings * (number + 1) // slots - sightings * number // slots
        slot, zeros = FIRST_DAY * SLOTS + number, np.zeros(count, np.int64)
        who = random.integers(0, phones, count)
        where = cells[random.integers(0, len(cells), count)]
        for first in range(0, count, MOST):
            rows = slice(first, first + MOST)
            yield SightingColumns(
                *(slot * SLOT_SECONDS, who[rows], zeros[rows], where[rows]),
                *(zeros[rows] + slot, zeros[rows]),
            )
