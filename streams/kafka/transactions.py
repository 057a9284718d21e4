"""A transactional producer a journal partition: outputs and position are committed together or not (D4)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aiokafka.errors import IllegalOperation, InvalidProducerEpoch, KafkaError, ProducerFenced

from streams import codecs
from streams.kafka.clients import BATCH_BYTES, TRANSACTION_TIMEOUT_MS, transactional_writer
from streams.kafka.errors import EngineError, Fenced
from streams.kafka.record_batches.filling import filled
from streams.window.changes import Changes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from streams.codecs import Written
    from streams.kafka.wire import Wire

STOP_SECONDS: Final = 5.0
BREATH: Final = 256
"""Outputs handed over between two turns of the event loop."""
AT_ONCE: Final = 512
"""Changes written out at once on their way into batches."""


@dataclass(frozen=True, slots=True)
class Output:
    """A record to be written in a partition's transaction."""

    topic: str
    key: bytes | None
    value: bytes | None
    partition: int | None = None
    headers: Sequence[tuple[str, bytes]] = ()
    about: tuple[Any, ...] = ()
    """What the metrics count once it is committed."""

    def __len__(self) -> int:
        return 1


@dataclass(frozen=True, slots=True)
class Told:
    """Changes to be written to one partition, a record each, in a partition's transaction."""

    topic: str
    partition: int
    changes: Changes
    append_ms: int
    """When the journal record that caused them was appended."""

    def __len__(self) -> int:
        return len(self.changes)


def transactional_id(app_id: str, prefix: str, partition: int) -> str:
    """Return the id by which a journal partition's owners fence each other."""
    return f"{app_id}-{prefix}-{partition}"


class Transactions:
    """A partition's producer from fencing on; after any error but success it is not used again.

    `now` is wall time in seconds.
    """

    def __init__(self, producer: Any, wire: Wire, now: Callable[[], float]) -> None:
        self._producer, self._wire, self._now = producer, wire, now

    @classmethod
    async def fence(
        cls,
        brokers: str,
        identity: str,
        wire: Wire,
        now: Callable[[], float],
        timeout_ms: int = TRANSACTION_TIMEOUT_MS,
    ) -> Transactions:
        """Become the only owner: a predecessor's transaction is over then, and its next one refused.

        If nobody follows, the broker ends an open transaction after `timeout_ms`.
        """
        try:
            return cls(await transactional_writer(brokers, identity, timeout_ms), wire, now)
        except (ProducerFenced, InvalidProducerEpoch) as error:
            raise Fenced(identity) from error

    async def commit(self, outputs: Iterable[Output | Told]) -> None:
        """Write the outputs in one transaction; Fenced if the partition has a newer owner, else EngineError.

        The futures are awaited before the end: it spares the broker's retries (KIP-890), and a batch that
        failed alone would not fail aiokafka's commit.
        """
        try:
            await self._producer.begin_transaction()
            await asyncio.gather(*await self._send_all(outputs))
            await self._producer.commit_transaction()
        except (KafkaError, IllegalOperation, AssertionError, asyncio.InvalidStateError) as error:
            raise self._verdict(error) from error

    async def _send_all(self, outputs: Iterable[Output | Told]) -> list[Any]:
        """Hand all outputs over; what is told of one partition keeps its order."""
        futures, told = [], dict[tuple[str, int], list[Changes]]()
        for number, output in enumerate(outputs):
            if isinstance(output, Told):
                told.setdefault((output.topic, output.partition), []).append(output.changes)
            else:
                futures.append(_heard(await self._send(number, output)))
        for (topic, partition), changes in told.items():
            head = await self._wire.written(topic, codecs.change_head())
            batches = filled(_written(changes, head), BATCH_BYTES, int(self._now() * 1000))
            send = self._producer.send_batch
            futures += [_heard(await send(batch, topic, partition=partition)) for batch in batches]
        return futures

    async def _send(self, number: int, output: Output) -> Any:
        if number % BREATH == 0:
            await asyncio.sleep(0)
        return await self._producer.send(
            output.topic,
            value=None if output.value is None else await self._wire.written(output.topic, output.value),
            key=output.key,
            partition=output.partition,
            headers=list(output.headers),
        )

    def _verdict(self, error: BaseException) -> Exception:
        if _says_fenced(error) or _says_fenced(self._death()):
            return Fenced(str(error))
        return EngineError(f"a transaction failed: {type(error).__name__}: {error}")

    def _death(self) -> BaseException | None:
        task = self._producer._sender.sender_task  # noqa: SLF001 - the cause of IllegalOperation is only there
        return task.exception() if task is not None and task.done() and not task.cancelled() else None

    async def close(self) -> None:
        """Stop the producer; an open transaction is left to the successor's fencing."""
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._producer.stop()
        except (TimeoutError, KafkaError, IllegalOperation):
            return


def _written(several: Iterable[Changes], head: bytes) -> Iterator[Written]:
    """Yield changes as records to be, some at a time."""
    for changes in several:
        for columns in changes.columns:
            for begin in range(0, len(columns.rows), AT_ONCE):
                end = min(begin + AT_ONCE, len(columns.rows))
                yield codecs.written_changes(columns, begin, end, head)


def _heard(future: Any) -> Any:
    """Ask what becomes of an output, as nobody else does where handing over a later one fails; return it."""
    future.add_done_callback(lambda done: done.cancelled() or done.exception())
    return future


def _says_fenced(error: BaseException | None) -> bool:
    """Tell whether an error, or what caused it, means that a newer producer owns the transactional id."""
    while error is not None:
        if isinstance(error, ProducerFenced | InvalidProducerEpoch):
            return True
        error = error.__cause__ or error.__context__
    return False
