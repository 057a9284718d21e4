"""The floor: aiokafka fetching a topic to its end and doing nothing with it.

Run as `python -m streams.bench.floor BROKERS TOPIC RECORDS`; prints wall and CPU seconds.
"""

from __future__ import annotations

import asyncio
import sys

from aiokafka import TopicPartition

from streams.bench.spent import Spent
from streams.kafka.clients import partitions_of, reader


async def fetch(brokers: str, topic: str, wanted: int) -> str:
    """Return what was spent from the first records fetched to the last."""
    async with reader(brokers, committed=False) as consumer:
        found = [TopicPartition(topic, number) for number in await partitions_of(consumer, topic)]
        consumer.assign(found)
        for tp in found:
            consumer.seek(tp, 0)
        spent, count = Spent(), 0
        while count < wanted:
            fetched = await consumer.getmany(timeout_ms=1000)
            spent = spent if count else Spent()
            count += sum(map(len, fetched.values()))
        return spent.told()


if __name__ == "__main__":
    print(asyncio.run(fetch(sys.argv[1], sys.argv[2], int(sys.argv[3]))))  # noqa: T201 - its answer
