"""The agent `clock`: a `TimeAdvanced` a slot into each journal partition that nothing else moved (1.2).

And into each partition of `person-phones`, where nothing else carries the time and the same slot again
changes nothing: desks may be at other workers.

`wall` follows the machine; `events` the furthest partition owned here, once that stands still, so that a
history being played in never makes the partitions behind it late.
The worker that folds a partition moves its clock, so each slot enters once.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from streams import codecs
from streams.domain.records import TimeAdvanced
from streams.domain.slots import slot_of, start_of
from streams.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.kafka.engine import Engine
    from streams.kafka.life import Life
    from streams.kafka.lives import Lives

LOOK_SECONDS: Final = 1.0


def attach(engine: Engine, lives: Lives[Life]) -> None:
    """Add the clock to the engine; SettingsError for a clock nobody knows."""
    settings = engine.settings
    if settings.clock not in ("wall", "events"):
        raise SettingsError(f"setting 'clock': expected 'wall' or 'events', found {settings.clock!r}")
    put: dict[int, int] = {}
    told: dict[int, int] = {}
    before: list[int | None] = []

    def now() -> int | None:
        if settings.clock == "wall":
            return int(engine.now())
        clocks = [life.folding.clock() for life in lives.live()]
        still, before[:] = before == clocks, clocks
        return max((clock for clock in clocks if clock), default=None) if still else None

    async def tick() -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            time = now()
            journal = [(life.partition, life.folding.clock()) for life in lives.live()]
            for partition, record in due(journal, time, settings.slot_minutes, put):
                await engine.journal.put(partition, record)
            people = [(life.partition, None) for life in lives.live()]
            for partition, record in due(people, time, settings.slot_minutes, told):
                value = codecs.encode_record(record)
                await engine.producing.send(engine.names.person_phones, value, codecs.CLOCK_KEY, partition)

    engine.run(tick)


def due(
    clocks: Iterable[tuple[int, int | None]], now: int | None, slot_minutes: int, put: dict[int, int]
) -> list[tuple[int, TimeAdvanced]]:
    """Return what has to enter: the slot of `now`, where neither clock nor an earlier tick came so far.

    `clocks` are by partition, `put` the slots of earlier ticks.
    """
    if now is None:
        return []
    slot = slot_of(now, slot_minutes)
    found = []
    for partition, clock in clocks:
        reached = -1 if clock is None else slot_of(clock, slot_minutes)
        if max(reached, put.get(partition, -1)) < slot:
            put[partition] = slot
            found.append((partition, TimeAdvanced(start_of(slot, slot_minutes))))
    return found
