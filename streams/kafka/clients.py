"""aiokafka's clients as this project uses them: one place for their options."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaConnectionError

from streams.kafka.errors import UnusableError
from streams.kafka.fetching import in_rows

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping

    from streams.kafka.rows import Row

PATIENCE: Final = 60
"""Seconds a client waits for a broker that is being restarted."""
BATCH_BYTES: Final = 262_144
FETCH_BYTES: Final = 4_194_304
"""Of a partition at once.

A broker cuts where that ends, in the middle of a batch, which is then sent again: of 1 MiB two fifths were
for nothing where batches have 0.6 MB (2026-11: two workers took 458,000 sightings a second, now 664,000).
"""
TRANSACTION_TIMEOUT_MS: Final = 60_000
"""After this long the broker ends a dead worker's transaction, if no successor has fenced it before."""


@asynccontextmanager
async def reader(brokers: str, *, committed: bool) -> AsyncIterator[AIOKafkaConsumer]:
    """Start a consumer without a group; `committed` hides what is in open and aborted transactions.

    Its reset is `none`: with any other, aiokafka can answer a seek to the beginning with the end. It is
    assigned once: aiokafka cannot stop a consumer that was assigned anew.
    """
    consumer = AIOKafkaConsumer(
        bootstrap_servers=brokers,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="none",
        isolation_level="read_committed" if committed else "read_uncommitted",
        max_partition_fetch_bytes=FETCH_BYTES,
        fetch_max_wait_ms=200,
        metadata_max_age_ms=30_000,
    )
    await _start(consumer, brokers)
    try:
        yield consumer
    finally:
        await consumer.stop()


async def writer(brokers: str) -> AIOKafkaProducer:
    """Start an idempotent producer: a record is in every replica, once, when its future is done.

    It is a worker's first client, so a broker that is not there is told at once.
    """
    producer = AIOKafkaProducer(
        bootstrap_servers=brokers, acks="all", enable_idempotence=True, max_batch_size=BATCH_BYTES
    )
    await _start(producer, brokers, patience=0)
    return producer


async def transactional_writer(
    brokers: str, transactional_id: str, timeout_ms: int = TRANSACTION_TIMEOUT_MS
) -> AIOKafkaProducer:
    """Start a transactional producer; this fences all earlier ones of its id and ends their transaction."""
    producer = AIOKafkaProducer(
        bootstrap_servers=brokers,
        transactional_id=transactional_id,
        transaction_timeout_ms=timeout_ms,
        max_batch_size=BATCH_BYTES,
    )
    await _start(producer, brokers)
    return producer


async def _start(client: Any, brokers: str, patience: int = PATIENCE) -> None:
    """Connect, again each second while no broker answers, `patience` times; then UnusableError."""
    try:
        while True:
            try:
                await client.start()
            except KafkaConnectionError as error:
                if patience == 0:
                    raise UnusableError(f"no Kafka at {brokers}: {error}") from error
            else:
                return
            patience -= 1
            await asyncio.sleep(1)
    except BaseException:
        await client.stop()
        raise


async def partitions_of(client: Any, topic: str) -> list[int]:
    """Return a topic's partitions as the cluster has them now; UnusableError where it has no such topic."""
    metadata = client._client if isinstance(client, AIOKafkaConsumer) else client.client  # noqa: SLF001
    # Asked about a topic that is not there, many a Kafka would make it.
    there = (await metadata.fetch_all_metadata()).topics(exclude_internal_topics=False)
    if topic not in there:
        raise UnusableError(f"topic {topic!r} does not exist; create it with: shendeng topics create")
    await metadata.add_topic(topic)
    if not metadata.cluster.partitions_for_topic(topic):
        await metadata.force_metadata_update()
    found = metadata.cluster.partitions_for_topic(topic)
    if not found:
        raise UnusableError(f"topic {topic!r} does not exist; create it with: shendeng topics create")
    return sorted(found)


async def bounds(brokers: str, topic: str, partitions: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return the first offset and the end of each partition, open transactions included."""
    tps = [TopicPartition(topic, partition) for partition in partitions]
    async with reader(brokers, committed=False) as consumer:
        # Of a topic that it has not met aiokafka asks first, fails, and waits for a tenth of a second.
        await consumer._client.add_topic(topic)  # noqa: SLF001 - as in partitions_of
        first = await consumer.beginning_offsets(tps)
        end = await consumer.end_offsets(tps)
    return {tp.partition: (first[tp], end[tp]) for tp in tps}


async def read_range(
    brokers: str, topic: str, partition: int, first: int, end: int, *, committed: bool
) -> AsyncGenerator[list[Row], None]:
    """Yield the records of one partition from offset `first` up to `end` (exclusive), as they are fetched."""
    tp = TopicPartition(topic, partition)
    if first >= end:
        return
    async with reader(brokers, committed=committed) as consumer:
        in_rows(consumer)
        consumer.assign([tp])
        consumer.seek(tp, first)
        while await consumer.position(tp) < end:
            for rows in (await consumer.getmany(tp, timeout_ms=200)).get(tp, ()):
                records = [row for row in rows.each() if row.offset < end]
                if records:
                    yield records


async def read_on(
    brokers: str, since: Mapping[tuple[str, int], int]
) -> AsyncGenerator[tuple[str, list[Row]], None]:
    """Yield topic and committed records of partitions, (topic, number), from their offsets on, for ever."""
    tps = {TopicPartition(*place): offset for place, offset in since.items()}
    async with reader(brokers, committed=True) as consumer:
        in_rows(consumer)
        consumer.assign(list(tps))
        for tp, offset in tps.items():
            consumer.seek(tp, offset)
        while True:
            for tp, fetched in (await consumer.getmany(timeout_ms=200)).items():
                for rows in fetched:
                    yield tp.topic, list(rows.each())
