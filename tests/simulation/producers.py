"""Producers on the simulated broker, as aiokafka's look to those who use them."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from aiokafka.errors import IllegalOperation, KafkaError
from aiokafka.record.default_records import DefaultRecordBatch

from streams.kafka.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.simulation.broker import Broker
    from tests.simulation.log import Transaction
    from tests.simulation.network import Link

    Place = tuple[str, int]
    Written = tuple[bytes | None, bytes | None, Sequence[tuple[str, bytes]]]


class Sender:
    """Sends batches in the background, one after the other; after an error nothing more."""

    def __init__(self, link: Link, broker: Broker, producer: tuple[int, int]) -> None:
        self.link, self.broker, self.producer = link, broker, producer
        self.error: BaseException | None = None
        self._waiting: dict[Place, list[tuple[Written, asyncio.Future[None]]]] = {}
        self._sequences: dict[Place, int] = {}
        self._sending: asyncio.Task[None] | None = None

    def send(self, place: Place, written: Written) -> asyncio.Future[None]:
        """Take a record; what is returned is done when the broker has it."""
        if self.error is not None:
            raise self.error
        done: asyncio.Future[None] = self.link.future()
        self._waiting.setdefault(place, []).append((written, done))
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._drain())
        return done

    async def flush(self) -> None:
        """Return once nothing is on its way any more."""
        if self._sending is not None:
            await self._sending
        if self.error is not None:
            raise self.error

    async def begin(self, places: Sequence[Place]) -> Transaction | None:
        """Let partitions take part in a transaction, where there is one."""
        del places
        return None

    async def _drain(self) -> None:
        while self._waiting and self.error is None:
            batches, self._waiting = self._waiting, {}
            try:
                transaction = await self.begin(list(batches))
                for place, batch in batches.items():
                    await self._produce(place, batch, transaction)
            except KafkaError as error:
                self.error = error
                for batch in (*batches.values(), *self._waiting.values()):
                    for _, done in batch:
                        if not done.done():
                            done.set_exception(error)

    async def _produce(
        self,
        place: Place,
        batch: Sequence[tuple[Written, asyncio.Future[None]]],
        transaction: Transaction | None,
    ) -> None:
        written = [one for one, _ in batch]
        sequence = self._sequences.get(place, 0)
        await self.link.ask(
            f"produce {place} {len(written)}",
            lambda: self.broker.produce(place, self.producer, sequence, written, transaction),
        )
        self._sequences[place] = sequence + len(written)
        for _, done in batch:
            done.set_result(None)


class TransactionalProducer(Sender):
    """What `streams.kafka.transactions.Transactions` asks of an AIOKafkaProducer."""

    def __init__(self, link: Link, broker: Broker, producer: tuple[int, int], identity: str) -> None:
        super().__init__(link, broker, producer)
        self._identity = identity
        self._transaction: Transaction | None = None
        self._within = False
        self._sender = SimpleNamespace(sender_task=None)

    async def begin_transaction(self) -> None:
        if self.error is not None or self._within:
            raise IllegalOperation from self.error
        self._within, self._transaction = True, None

    async def begin(self, places: Sequence[Place]) -> Transaction | None:
        self._transaction = await self.link.ask(
            f"add {self._identity} {places}",
            lambda: self.broker.add(self._identity, self.producer[1], places),
        )
        return self._transaction

    async def send(  # type: ignore[override]
        self, topic: str, *, value: Any, key: Any, partition: int | None, headers: Any
    ) -> asyncio.Future[None]:
        if not self._within:
            raise IllegalOperation
        return Sender.send(self, (topic, partition or 0), (key, value, headers))

    async def send_batch(self, batch: Any, topic: str, *, partition: int) -> asyncio.Future[list[None]]:
        """Take a batch as it would be sent, read by aiokafka's own reader."""
        batch._set_producer_state(*self.producer, 0)  # noqa: SLF001 - as aiokafka's does
        return asyncio.gather(
            *[
                await self.send(topic, value=one.value, key=one.key, partition=partition, headers=one.headers)
                for one in DefaultRecordBatch(batch._build())  # noqa: SLF001 - as above
            ]
        )

    async def commit_transaction(self) -> None:
        await self.flush()
        ended, self._transaction, self._within = self._transaction, None, False
        if ended is not None:
            try:
                await self.link.ask(
                    f"end {self._identity}",
                    lambda: self.broker.end(self._identity, self.producer[1], ended),
                )
            except KafkaError as error:
                self.error = error
                raise

    async def stop(self) -> None:
        """Send what waits; an open transaction stays open."""
        if self._sending is not None:
            await asyncio.wait([self._sending])


class Producing:
    """What `streams.kafka.writers.Producing` is to the writers of a worker."""

    def __init__(self, link: Link, broker: Broker) -> None:
        self._sender = Sender(link, broker, (broker.number(), 0))

    async def send(
        self, topic: str, value: bytes, key: bytes | None = None, partition: int | None = None
    ) -> None:
        """Write a record and return once the broker has it; EngineError if that cannot be known."""
        try:
            await self._sender.send((topic, partition or 0), (key, value, ()))
        except KafkaError as error:
            raise EngineError(f"writing to {topic}: {type(error).__name__}") from error

    async def send_all(self, topic: str, values: Sequence[bytes], partition: int) -> None:
        """Write records of one partition and return once the broker has them; else as `send`."""
        await asyncio.gather(*[self.send(topic, value, partition=partition) for value in values])

    async def exists(self, topic: str) -> bool:
        """Say that no carrier has a topic of dead letters of its own."""
        del topic
        return False
