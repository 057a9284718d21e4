"""A partition's checkpoint made anew, without any to begin with (D5).

Where the journal is whole, by folding it. Where its beginning was cut, from what is kept of it, what stood in
force before, and each phone's last change.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from streams import codecs
from streams.agents.beginnings import Published, beginning
from streams.agents.colours import fresh_window
from streams.agents.hex_counts import OWNER, identity_of
from streams.agents.refold import records
from streams.domain.records import TimeAdvanced
from streams.kafka import positions, recovery
from streams.kafka.checkpoints import Checkpoints
from streams.kafka.errors import UnusableError
from streams.kafka.journal import Refused
from streams.kafka.transactions import Output
from streams.window.recalling import recall

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.domain.records import ColourChanged
    from streams.kafka.store import Committing, KafkaStore
    from streams.kafka.watch import Watch
    from streams.settings import Settings
    from streams.window.window import Window


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a partition's new checkpoint rests on."""

    partition: int
    position: int
    """The offset of the next journal record to fold."""
    first: int
    """Where the journal begins."""
    phones: int
    differing: int
    """Phones of whom the rebuilt state says something else than their last change."""
    doubts: tuple[str, ...]


@dataclass(slots=True)
class _State:
    window: Window


async def rebuild(
    settings: Settings,
    store: KafkaStore,
    watch: Watch,
    now: Callable[[], float],
    monotonic: Callable[[], float],
    show: Callable[[float], None],
) -> Rebuilt | None:
    """Fence whoever owns the partition, make its state and a checkpoint of it; None where nothing was folded.

    `show` is told the share done, 0 to 1.
    """
    committing = await store.fence()
    try:
        await _end_sums(settings, store)
        last = await _last_changes(store, settings.retired)
        first, end = await store.bounds()
        position = await _position(store, last)
        if position is None and not first:
            return None
        position = first if position is None else position
        if position > end:
            raise UnusableError(
                f"{store.names.journal}-{store.partition} ends at {end}, before the position {position}: "
                f"it was cut or made anew"
            )
        window, found = await _state(settings, store, (first, position, end), last, show)
        await _write(settings, store, window, committing, position, watch, now, monotonic)
    finally:
        await committing.close()
    return found


async def _end_sums(settings: Settings, store: KafkaStore) -> None:
    """End what one killed adding hex counts up left open: nobody reads `checkpoints` further than that."""
    if store.partition == OWNER:
        await (await replace(store, identity=identity_of(settings)).fence()).close()


async def _position(store: KafkaStore, last: dict[bytes, ColourChanged]) -> int | None:
    """Return the position; where it was lost, the record after the last one that changed anything."""
    found = await recovery.position_of(store)
    offsets = [change.offset + 1 for change in last.values() if change.offset is not None]
    return max(offsets, default=None) if found is None else found


async def _last_changes(store: KafkaStore, retired: frozenset[int]) -> dict[bytes, ColourChanged]:
    last: dict[bytes, bytes] = {}
    async for several in store.changes():
        await store.wire.met(one.value for one in several)
        for one in several:
            if one.value is not None and one.key[0] not in retired:
                last[one.key] = one.value
    return {phone: codecs.decode_change(store.wire.read(value)) for phone, value in last.items()}


async def _state(
    settings: Settings,
    store: KafkaStore,
    stretch: tuple[int, int, int],
    last: dict[bytes, ColourChanged],
    show: Callable[[float], None],
) -> tuple[Window, Rebuilt]:
    """Fold what is kept of the journal up to the position; what comes after it is only read."""
    first, position, end = stretch
    window, kept, doubts = fresh_window(settings, store.partition), Published(), list[str]()
    if first:
        async for offset, record in records(settings.kafka_brokers, settings, store.partition, first, end):
            if not isinstance(record, Refused):
                kept.take(offset, record)
            show((offset - first) / (end - first) / 2)
        before = await beginning(settings, store.wire, kept, position)
        doubts += before.doubts
        for record in before.records:
            window.apply(record, None)
    begins: int | None = None
    async for offset, record in records(settings.kafka_brokers, settings, store.partition, first, position):
        if isinstance(record, Refused):
            continue
        window.apply(record, offset)
        begins = record.clock or None if begins is None else begins
        show(0.5 + (offset - first) / (position - first) / 2)
    differing = 0
    if first:
        doubts += _short(window, begins)
        if last:
            window.apply(TimeAdvanced(max(change.effective_at for change in last.values())), None)
        differing = recall(window, last)
    found = Rebuilt(store.partition, position, first, window.phones, differing, tuple(doubts))
    return window, found


def _short(window: Window, begins: int | None) -> list[str]:
    """Say that sightings are missing which the state would hold, if that is so."""
    if window.clock is None or begins is None:
        return ["no record of the journal is kept: diaries are empty"]
    days = window.deployment.retention_days + 1
    if begins > window.clock - days * 86_400:
        return [f"the journal is kept for less than {days} days: sightings before its beginning are missing"]
    return []


async def _write(
    settings: Settings,
    store: KafkaStore,
    window: Window,
    committing: Committing,
    position: int,
    watch: Watch,
    now: Callable[[], float],
    monotonic: Callable[[], float],
) -> None:
    """Take a checkpoint and commit it, part by part; what stands there already is neither used nor kept."""
    checkpoints = Checkpoints(
        store,
        _State(window),
        partitions=settings.partitions,
        every=0,
        now=now,
        monotonic=monotonic,
        watch=watch,
    )
    checkpoints.begin_anew(*await recovery.standing(store))
    work = asyncio.Event()
    checkpoints.wake = work.set
    taking = asyncio.ensure_future(checkpoints.take(lambda: position))
    taking.add_done_callback(lambda _: work.set())
    at = Output(
        store.names.checkpoints, positions.key(store.partition), positions.encode(position), store.partition
    )
    while not taking.done() or checkpoints.waiting:
        await work.wait()
        work.clear()
        outputs = checkpoints.outputs()
        if outputs:
            await committing.commit([*outputs, at])
            checkpoints.committed()
        await asyncio.sleep(0)
    await taking
