"""From producing to a committed change's being visible, while sightings come at a steady rate.

The first change of a phone is caused by its first sighting and nothing else: so one sighting in so many is of
a phone never seen before.
"""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TYPE_CHECKING, Final

from aiokafka import TopicPartition

from streams import clock, codecs
from streams.kafka.clients import bounds, reader, writer
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.settings import Settings

SECONDS: Final = 36
"""What is left of it counts for longer than a checkpoint's interval: each partition takes one meanwhile."""
NEW_ONE_IN: Final = 20
TICK: Final = 0.02
"""Seconds between two batches."""
WARM: Final = 3
"""One part in so many of the sightings, the first, is left out."""
PATIENCE: Final = 30.0
P99: Final = 0.99


async def p99_ms(chosen: Settings, topic: str, cells: Sequence[str], rate: int, seen_ms: int) -> float:
    """Return the 99th percentile in milliseconds; all are seen at `seen_ms`."""
    names = Names(chosen.topic_prefix)
    numbers = range(chosen.partitions)
    ends = await bounds(chosen.kafka_brokers, names.colour_changes, numbers)
    sent: dict[bytes, float] = {}
    async with reader(chosen.kafka_brokers, committed=True) as consumer:
        found = [TopicPartition(names.colour_changes, number) for number in numbers]
        consumer.assign(found)
        for tp in found:
            consumer.seek(tp, ends[tp.partition][1])
        seen: dict[bytes, float] = {}
        sending = asyncio.create_task(_send(chosen, topic, cells, rate, seen_ms, sent))
        last = clock.monotonic()
        while not (sending.done() and len(seen) == len(sent)) and clock.monotonic() - last < PATIENCE:
            for records in (await consumer.getmany(timeout_ms=100)).values():
                last = clock.monotonic()
                seen.update((record.key, last) for record in records if record.key not in seen)
        await sending
    delays = [seen[phone] - at for phone, at in list(sent.items())[len(sent) // WARM :]]
    return sorted(delays)[int(len(delays) * P99)] * 1000


async def _send(
    chosen: Settings, topic: str, cells: Sequence[str], rate: int, seen_ms: int, sent: dict[bytes, float]
) -> None:
    """Send a batch each tick, to one partition after the other."""
    producer = await writer(chosen.kafka_brokers)
    phones = count(1)
    try:
        begun = clock.monotonic()
        for tick in range(int(SECONDS / TICK)):
            await asyncio.sleep(max(0.0, begun + tick * TICK - clock.monotonic()))
            new = [next(phones).to_bytes(16, "big") for _ in range(int(rate * TICK / NEW_ONE_IN))]
            some = new + [number.to_bytes(16, "little") for number in range(1, int(rate * TICK) - len(new))]
            where = [cells[number % len(cells)] for number in range(len(some))]
            value = codecs.encode_batch(codecs.Events(some, where, [seen_ms] * len(some)))
            sent.update(dict.fromkeys(new, clock.monotonic()))
            await producer.send(topic, value=value, partition=tick % chosen.partitions)
    finally:
        await producer.stop()
