"""What agents write with: one idempotent producer, and the journal's writer on it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from aiokafka.errors import KafkaError

from streams import codecs
from streams.kafka.clients import partitions_of, writer
from streams.kafka.errors import EngineError, UnusableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from streams.domain.records import Record
    from streams.topics import Names


class Producing:
    """An idempotent producer shared by the writers of a worker; started on first use, stopped with it."""

    def __init__(self, brokers: str) -> None:
        self._brokers = brokers
        self._producer: Any = None
        self._starting = asyncio.Lock()
        self._in_turn: defaultdict[tuple[str, int], asyncio.Lock] = defaultdict(asyncio.Lock)

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

    async def send_all(self, topic: str, values: Sequence[bytes], partition: int) -> None:
        """Write records of one partition and return once every replica has them, else as `send`.

        Whoever asked first for a partition is written first. They travel in batches made here: a future and a
        turn of the loop for each record would cost more than all the rest of it.
        """
        producer = await self.started()
        try:
            async with self._in_turn[topic, partition]:
                written = [
                    await producer.send_batch(batch, topic, partition=partition)
                    for batch in _batches(producer, values)
                ]
            await asyncio.gather(*written)
        except KafkaError as error:
            raise EngineError(f"writing to {topic}: {type(error).__name__}: {error}") from error

    async def partitions(self, topic: str) -> int:
        """Return how many partitions a topic has now; UnusableError where there is no such topic."""
        producer = await self.started()
        try:
            return len(await partitions_of(producer, topic))
        except KafkaError as error:
            raise EngineError(f"asking for {topic}: {type(error).__name__}: {error}") from error

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
        await self._producing.send(self._topic, codecs.encode_record(record), partition=partition)

    async def put_encoded(self, records: Iterable[tuple[int, bytes]]) -> None:
        """Append records that are encoded already, each to its partition; those of one in their order."""
        values: defaultdict[int, list[bytes]] = defaultdict(list)
        for partition, value in records:
            values[partition].append(value)
        await asyncio.gather(
            *[self._producing.send_all(self._topic, several, number) for number, several in values.items()]
        )

    async def put_everywhere(self, record: Record) -> None:
        """Append a control record to every partition; after a crash in between write it again (D1)."""
        value = codecs.encode_record(record)
        await asyncio.gather(
            *[self._producing.send(self._topic, value, partition=number) for number in range(self.partitions)]
        )


def _batches(producer: Any, values: Iterable[bytes]) -> Iterator[Any]:
    """Yield values in batches of the producer's size; one that is larger alone has a batch of its own."""
    batch = producer.create_batch()
    for value in values:
        if batch.append(key=None, value=value, timestamp=None) is None:
            yield batch
            batch = producer.create_batch()
            batch.append(key=None, value=value, timestamp=None)
    if batch.record_count():
        yield batch
