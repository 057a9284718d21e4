"""What is to be published of phones by hex, from the journals alone; and somebody who dies adding it up."""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final

from aiokafka.errors import KafkaError

from streams import codecs
from streams.agents.colours import first_policy
from streams.agents.hex_counts import OWNER, identity_of, note_key
from streams.domain.fold import Fold
from streams.domain.headcount import by_hex, every
from streams.domain.policy import Deployment
from streams.domain.records import TimeAdvanced
from streams.domain.slots import slot_of, start_of
from streams.kafka.clients import transactional_writer
from streams.kafka.journal import Refused, admit
from streams.people.disclosure import HexCount, released
from streams.window.columns import record_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from streams.domain.records import Colour
    from streams.settings import Settings
    from tests.agents.stage import Stage

    Journal = Iterable[tuple[int, int, bytes]]
    """Of one partition: offset, append time (ms) and value."""
    Standing = dict[int, Counter[Colour]]

COLOURS: Final[tuple[Colour, ...]] = ("red", "yellow", "green", "unknown")


@asynccontextmanager
async def killed_adding_up(stage: Stage) -> AsyncIterator[None]:
    """Leave a transaction of sums open, as a worker does that is killed within."""
    killed = await transactional_writer(stage.brokers, identity_of(stage.settings))
    try:
        await killed.begin_transaction()
        await killed.send_and_wait(
            stage.names.checkpoints, key=note_key(stage.names), value=b"never", partition=OWNER
        )
        yield
    finally:
        with suppress(KafkaError):
            await killed.stop()


def told(settings: Settings, journals: Iterable[Journal]) -> list[tuple[bytes, bytes]]:
    """Return keys and values as they are to stand on `hex-counts`, in order."""
    partitions = [by_slot(settings, number, journal) for number, journal in enumerate(journals)]
    if not all(partitions):
        return []
    shown: defaultdict[int, tuple[int | None, ...]] = defaultdict(lambda: (None,) * len(COLOURS))
    found = []
    begun, until = max(map(min, partitions)), min(map(max, partitions))
    for slot in range(begun, until + 1, every(settings.slot_minutes)):
        total: defaultdict[int, Counter[Colour]] = defaultdict(Counter)
        for partition in partitions:
            for cell, counts in partition[slot].items():
                total[cell].update(counts)
        for cell in sorted({*total, *shown}):
            now = tuple(released(total[cell][colour]) for colour in COLOURS)
            if now != shown[cell]:
                shown[cell] = now
                at = start_of(slot, settings.slot_minutes) * 1000
                red, yellow, green, unknown = now
                count = HexCount(cell, at, red, yellow, green, unknown)
                found.append((codecs.hex_key(cell), codecs.encode_hex_count(count)))
    return found


def by_slot(settings: Settings, partition: int, journal: Journal) -> dict[int, Standing]:
    """Return the exact counts of a partition at each hour that its clock passed, by slot."""
    length, found = settings.slot_minutes, dict[int, "Standing"]()
    deployment = Deployment(settings.retention_days, settings.max_skew)
    fold = Fold(deployment, first_policy(settings), partition=partition)
    for offset, append_ms, value in journal:
        admitted = admit(value, append_ms, settings.max_skew, settings.resolution)
        if isinstance(admitted, Refused):
            continue
        record = record_of(admitted)
        if fold.clock is not None:
            for slot in range(slot_of(fold.clock, length) + 1, slot_of(record.clock, length) + 1):
                fold.apply(TimeAdvanced(start_of(slot, length)), None)
                if slot % every(length) == 0:
                    found[slot] = {cell: counts.copy() for cell, counts in by_hex(fold).items()}
        fold.apply(record, offset)
    return found
