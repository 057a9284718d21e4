"""Following a compacted topic whole and without a group: every worker needs all of it, live."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiokafka import TopicPartition

from streams.kafka.clients import bounds, partitions_of, reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.kafka.wire import Wire

    Taken = Callable[[Any], None]


class CompactedReader:
    """Reads all partitions of `topic` from their beginning, then follows; `take` gets each record, in order.

    By then `wire` has learnt what it takes to read its value. A record has `key`, `value` (None: the key is
    withdrawn), `partition`, `offset` and `timestamp` (ms). `caught_up` is set once all that stood there
    at the start has been taken. `follow` runs until it is cancelled and raises what ends it, so run it under
    `Ending.guard`.
    """

    def __init__(self, brokers: str, topic: str, take: Taken, wire: Wire) -> None:
        self._brokers, self._topic, self._take, self._wire = brokers, topic, take, wire
        self.caught_up = asyncio.Event()

    async def follow(self) -> None:
        """Read to the end and go on; UnusableError where the topic does not exist."""
        async with reader(self._brokers, committed=True) as consumer:
            partitions = await partitions_of(consumer, self._topic)
            ends = await bounds(self._brokers, self._topic, partitions)
            consumer.assign([TopicPartition(self._topic, partition) for partition in partitions])
            for partition, (first, _) in ends.items():
                consumer.seek(TopicPartition(self._topic, partition), first)
            due = {TopicPartition(self._topic, partition): end for partition, (_, end) in ends.items()}
            while True:
                await self._check_caught_up(consumer, due)
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    await self._wire.met(record.value for record in records)
                    for number, record in enumerate(records):
                        self._take(record)
                        if number % 1000 == 0:
                            await asyncio.sleep(0)

    async def _check_caught_up(self, consumer: Any, due: dict[TopicPartition, int]) -> None:
        if self.caught_up.is_set():
            return
        for tp in list(due):
            if await consumer.position(tp) >= due[tp]:
                del due[tp]
        if not due:
            self.caught_up.set()
