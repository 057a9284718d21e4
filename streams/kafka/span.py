"""Reading a topic by when its records arrived: all partitions, from one time to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiokafka import TopicPartition

from streams.kafka.clients import partitions_of, reader
from streams.kafka.errors import UnusableError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


async def arrived(
    brokers: str, topic: str, since_ms: int | None = None, until_ms: int | None = None
) -> AsyncIterator[tuple[list[Any], float]]:
    """Yield a partition's next records with the share of the span read so far (0 to 1).

    The span ends at what stands in the topic now; without `since_ms` it begins with the oldest record kept.
    Times count as the broker has them (its append time). UnusableError if there is no such topic.
    """
    async with reader(brokers, committed=True) as consumer:
        # Asked for a topic that is not there, aiokafka would warn on standard error before partitions_of can.
        if topic not in await consumer.topics():
            raise UnusableError(f"topic {topic!r} does not exist; create it with: shendeng topics create")
        tps = [TopicPartition(topic, number) for number in await partitions_of(consumer, topic)]
        first = await _offsets(consumer, tps, since_ms, await consumer.beginning_offsets(tps))
        ends = await consumer.end_offsets(tps)
        due = {
            tp: end for tp, end in (await _offsets(consumer, tps, until_ms, ends)).items() if first[tp] < end
        }
        if not due:
            return
        whole, done = sum(end - first[tp] for tp, end in due.items()), 0
        consumer.assign(list(due))
        for tp in due:
            consumer.seek(tp, first[tp])
        while due:
            for tp, records in (await consumer.getmany(*due, timeout_ms=200)).items():
                within = [record for record in records if record.offset < due[tp]]
                done += len(within)
                if within:
                    yield within, done / whole
            for tp in [tp for tp, end in due.items() if await consumer.position(tp) >= end]:
                del due[tp]
                consumer.pause(tp)


async def _offsets(
    consumer: Any, tps: list[TopicPartition], time_ms: int | None, without: dict[TopicPartition, int]
) -> dict[TopicPartition, int]:
    """Return each partition's first offset at a time or after; `without` where no time is given."""
    if time_ms is None:
        return dict(without)
    ends = await consumer.end_offsets(tps)
    found = await consumer.offsets_for_times(dict.fromkeys(tps, time_ms))
    return {tp: at.offset if (at := found.get(tp)) is not None else ends[tp] for tp in tps}
