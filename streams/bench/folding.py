"""How long workers take for topics already filled, and what CPU: from first sighting to last commit."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from streams import clock
from streams.bench.positions import Positions
from streams.bench.working import PACE
from streams.kafka.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.bench.working import Working
    from streams.settings import Settings


class Figures(NamedTuple):
    """From before the first sighting entered the journal to the last change committed."""

    seconds: float
    second_half: float
    """Seconds since half of the sightings had entered the journal."""
    cpu: float
    """CPU seconds, of all workers."""


def folded(chosen: Settings, workers: Sequence[Working], wanted: int, seconds: float) -> Figures:
    """Wait until so many sightings are folded and all they changed is committed.

    The workers share one deployment. EngineError if it is never so, and where sightings entered twice.
    """
    return asyncio.run(_folded(chosen, workers, wanted, seconds))


def total(workers: Sequence[Working], name: str) -> float:
    """Return a metric summed over workers and labels."""
    return sum(worker.total(name) for worker in workers)


async def _folded(chosen: Settings, workers: Sequence[Working], wanted: int, seconds: float) -> Figures:
    begun = half = cpu = 0.0
    ends: dict[int, int] = {}
    end = clock.monotonic() + seconds
    async with Positions(chosen) as committed:
        while clock.monotonic() < end:
            for worker in workers:
                worker.check()
            asked = clock.monotonic()
            done, spent = (
                total(workers, name) for name in ("shendeng_sightings_total", "process_cpu_seconds_total")
            )
            if done > wanted:
                raise EngineError(f"{done - wanted:.0f} sightings entered twice: partitions have moved")
            if not done:
                begun = half = asked
                cpu = spent
            elif done * 2 < wanted:
                half = asked
            elif done == wanted:
                ends = ends or await committed.ends()
                if (at := committed.reached(ends)) is not None:
                    return Figures(at - begun, at - half, spent - cpu)
            await committed.follow(PACE)
    raise EngineError(f"not all of {wanted} sightings were folded in {seconds:.0f} s")
