"""The port under a partition's life (streams.kafka.store), on the simulated broker."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from aiokafka.errors import InvalidProducerEpoch, ProducerFenced

from streams.kafka.errors import Fenced
from streams.kafka.transactions import Transactions
from streams.kafka.wire import Wire
from tests.simulation.producers import TransactionalProducer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from streams.topics import Names
    from tests.simulation.broker import Broker
    from tests.simulation.log import Log
    from tests.simulation.network import Link

AGAIN = 0.2
WIRE = Wire(None)


@dataclass(frozen=True)
class SimulatedStore:
    """One partition as a process sees it over its link."""

    names: Names
    partition: int
    broker: Broker
    link: Link
    identity: str
    """Its transactional id."""
    most: int
    """Records in one fetch."""
    now: Callable[[], float]

    async def fence(self) -> Transactions:
        """Become the only owner; the class that commits is the product's own."""
        identity = self.identity
        try:
            producer = await self.link.ask(f"init {identity}", lambda: self.broker.begin(identity), sure=True)
        except (ProducerFenced, InvalidProducerEpoch) as error:
            raise Fenced(identity) from error
        return Transactions(TransactionalProducer(self.link, self.broker, producer, identity), WIRE, self.now)

    async def checkpoint_bounds(self) -> tuple[int, int]:
        """Return the bounds of the partition's part of `checkpoints`."""
        log = self._log(self.names.checkpoints)
        return 0, await self.link.ask(f"end {log.place}", lambda: log.end, sure=True)

    async def checkpoints(self, since: int = 0) -> AsyncGenerator[Sequence[Any], None]:
        """Yield what is committed of `checkpoints`."""
        log = self._log(self.names.checkpoints)
        end = await self.link.ask(f"end {log.place}", lambda: log.end, sure=True)
        async for records in self._read(log, since, end, committed=True):
            yield records

    async def emitted(self) -> bool:
        """Look for one committed change."""
        log = self._log(self.names.colour_changes)
        end = await self.link.ask(f"end {log.place}", lambda: log.end, sure=True)
        found = False
        async for records in self._read(log, 0, end, committed=True):
            found = found or bool(records)
        return found

    async def bounds(self) -> tuple[int, int]:
        """Return the journal's bounds."""
        log = self._log(self.names.journal)
        return 0, await self.link.ask(f"end {log.place}", lambda: log.end, sure=True)

    def journal(self, first: int, end: int) -> AsyncGenerator[Sequence[Any], None]:
        """Yield the journal's records."""
        return self._read(self._log(self.names.journal), first, end, committed=False)

    def _log(self, topic: str) -> Log:
        return self.broker.logs[topic, self.partition]

    async def _read(
        self, log: Log, first: int, end: int, *, committed: bool
    ) -> AsyncGenerator[Sequence[Any], None]:
        """Read as `streams.kafka.clients.read_range` does."""
        position = first
        while position < end:
            records, after = await self.link.ask(
                f"fetch {log.place} {position}",
                partial(log.read, position, self.most, committed=committed),
                sure=True,
            )
            if after == position:
                await asyncio.sleep(AGAIN)
            position = after
            within = [record for record in records if record.offset < end]
            if within:
                yield within
