"""A transactional producer a journal partition: outputs and position are committed together or not (D4)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aiokafka.errors import IllegalOperation, InvalidProducerEpoch, KafkaError, ProducerFenced

from streams.kafka.clients import TRANSACTION_TIMEOUT_MS, transactional_writer
from streams.kafka.errors import EngineError, Fenced

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.kafka.wire import Wire

STOP_SECONDS: Final = 5.0
BREATH: Final = 256
"""Outputs handed over between two turns of the event loop."""


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


def transactional_id(app_id: str, prefix: str, partition: int) -> str:
    """Return the id by which a journal partition's owners fence each other."""
    return f"{app_id}-{prefix}-{partition}"


class Transactions:
    """A partition's producer from fencing on; after any error but success it is not used again."""

    def __init__(self, producer: Any, wire: Wire) -> None:
        self._producer, self._wire = producer, wire

    @classmethod
    async def fence(
        cls, brokers: str, identity: str, wire: Wire, timeout_ms: int = TRANSACTION_TIMEOUT_MS
    ) -> Transactions:
        """Become the only owner: a predecessor's transaction is over then, and its next one refused.

        If nobody follows, the broker ends an open transaction after `timeout_ms`.
        """
        try:
            return cls(await transactional_writer(brokers, identity, timeout_ms), wire)
        except (ProducerFenced, InvalidProducerEpoch) as error:
            raise Fenced(identity) from error

    async def commit(self, outputs: Iterable[Output]) -> None:
        """Write the outputs in one transaction; Fenced if the partition has a newer owner, else EngineError.

        The futures are awaited before the end: it spares the broker's retries (KIP-890), and a batch that
        failed alone would not fail aiokafka's commit.
        """
        try:
            await self._producer.begin_transaction()
            await asyncio.gather(*[await self._send(n, output) for n, output in enumerate(outputs)])
            await self._producer.commit_transaction()
        except (KafkaError, IllegalOperation, AssertionError, asyncio.InvalidStateError) as error:
            raise self._verdict(error) from error

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


def _says_fenced(error: BaseException | None) -> bool:
    """Tell whether an error, or what caused it, means that a newer producer owns the transactional id."""
    while error is not None:
        if isinstance(error, ProducerFenced | InvalidProducerEpoch):
            return True
        error = error.__cause__ or error.__context__
    return False
