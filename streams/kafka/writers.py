"""What agents write with: one idempotent producer, and the journal's writer on it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiokafka.errors import KafkaError

from streams import codecs
from streams.kafka.clients import partitions_of, writer
from streams.kafka.errors import EngineError, UnusableError

if TYPE_CHECKING:
    from streams.domain.records import Record
    from streams.topics import Names


class Producing:
    """An idempotent producer shared by the writers of a worker; started on first use, stopped with it."""

    def __init__(self, brokers: str) -> None:
        self._brokers = brokers
        self._producer: Any = None
        self._starting = asyncio.Lock()

    async def started(self) -> Any:
        """Return the running producer."""
        async with self._starting:
            if self._producer is None:
                self._producer = await writer(self._brokers)
        return self._producer

    async def send(
        self, topic: str, value: bytes, key: bytes | None = None, partition: int | None = None
    ) -> None:
        """Write a record and return once every replica has it; EngineError if that cannot be known."""
        producer = await self.started()
        try:
            acknowledged = await producer.send(topic, value=value, key=key, partition=partition)
            await acknowledged
        except KafkaError as error:
            raise EngineError(f"writing to {topic}: {type(error).__name__}: {error}") from error

    async def partitions(self, topic: str) -> int:
        """Return how many partitions a topic has now; UnusableError where there is no such topic."""
        return len(await partitions_of(await self.started(), topic))

    async def exists(self, topic: str) -> bool:
        """Tell whether the cluster has this topic now."""
        try:
            await self.partitions(topic)
        except UnusableError:
            return False
        return True

    async def stop(self) -> None:
        """Flush and close."""
        if self._producer is not None:
            await self._producer.stop()
            self._producer = None


class JournalWriter:
    """Puts records into the journal; when a call returns, every replica has acknowledged them."""

    def __init__(self, producing: Producing, names: Names, partitions: int) -> None:
        self._producing, self._topic, self.partitions = producing, names.journal, partitions

    async def put(self, partition: int, record: Record) -> None:
        """Append a record to one partition."""
        await self.append(partition, codecs.encode_record(record))

    async def append(self, partition: int, value: bytes) -> None:
        """Append a record that is encoded already."""
        await self._producing.send(self._topic, value, partition=partition)

    async def put_everywhere(self, record: Record) -> None:
        """Append a control record to every partition; after a crash in between write it again (D1)."""
        value = codecs.encode_record(record)
        await asyncio.gather(
            *[self._producing.send(self._topic, value, partition=number) for number in range(self.partitions)]
        )
