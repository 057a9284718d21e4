# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["aiokafka==0.14.0"]
# ///
"""The floor: aiokafka's bare getmany, which neither decodes nor remembers nor emits anything."""

from __future__ import annotations

import asyncio

from aiokafka import AIOKafkaConsumer, TopicPartition
from work import BROKER, TOPIC, Clock

PARTITIONS = 4
MOST = 10_000


async def main() -> None:
    """Fetch every event."""
    clock, done = Clock(), False
    consumer = AIOKafkaConsumer(bootstrap_servers=BROKER, enable_auto_commit=False, auto_offset_reset="none")
    await consumer.start()
    found = [TopicPartition(TOPIC, number) for number in range(PARTITIONS)]
    consumer.assign(found)
    for tp in found:
        consumer.seek(tp, 0)
    while not done:
        fetched = await consumer.getmany(timeout_ms=1000, max_records=MOST)
        if count := sum(map(len, fetched.values())):
            done = clock.tick(count)
    clock.report()
    await consumer.stop()


asyncio.run(main())
