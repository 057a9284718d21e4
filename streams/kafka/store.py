"""What a journal partition's life asks of the broker: a port, and the same on aiokafka (D4, D5).

A simulated broker stands behind the same port, so that faults are tried on the code that runs.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from streams.kafka.clients import bounds, partitions_of, read_on, read_range, reader
from streams.kafka.lookups import Chain, end_of, partition_of
from streams.kafka.transactions import Transactions, transactional_id
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence

    from streams.kafka.transactions import Output, Told
    from streams.kafka.wire import Wire
    from streams.people.audit.chain import End
    from streams.settings import Settings


class Committing(Protocol):
    """A partition's transactional producer, from fencing on."""

    async def commit(self, outputs: Iterable[Output | Told]) -> None:
        """Write the outputs in one transaction; Fenced if there is a newer owner, else EngineError."""

    async def close(self) -> None:
        """Let go; an open transaction is left to the successor's fencing."""


class Store(Protocol):
    """One partition of the journal with what is kept of it in other topics.

    Records have `offset`, `timestamp` (ms), `key` and `value`.
    """

    @property
    def names(self) -> Names:
        """Return the deployment's topics."""

    @property
    def partition(self) -> int:
        """Return which partition of each it is."""

    async def fence(self) -> Committing:
        """Become the only owner: a predecessor's transaction is over then, and its next one refused."""

    async def checkpoint_bounds(self) -> tuple[int, int]:
        """Return the first offset of `checkpoints` and its end."""

    def checkpoints(self, since: int = 0) -> AsyncGenerator[Sequence[Any], None]:
        """Yield the committed records of `checkpoints` from an offset, or its beginning, to its end now."""

    async def emitted(self) -> bool:
        """Tell whether any change was ever committed and is still kept."""

    async def bounds(self) -> tuple[int, int]:
        """Return the journal's first offset and its end."""

    def journal(self, first: int, end: int) -> AsyncGenerator[Sequence[Any], None]:
        """Yield the journal's records from offset `first` up to `end` (exclusive), as they are fetched."""


@dataclass(frozen=True, slots=True)
class KafkaStore:
    """The store of one partition on a real broker; `identity` is its transactional id, `now` wall time."""

    brokers: str
    names: Names
    partition: int
    identity: str
    wire: Wire
    now: Callable[[], float]

    @classmethod
    def of(
        cls, settings: Settings, brokers: str, partition: int, wire: Wire, now: Callable[[], float]
    ) -> KafkaStore:
        """Return the store of a partition of this deployment."""
        names = Names(settings.topic_prefix)
        identity = transactional_id(settings.app_id, names.prefix, partition)
        return cls(brokers, names, partition, identity, wire, now)

    @classmethod
    def of_desk(
        cls, settings: Settings, brokers: str, partition: int, wire: Wire, now: Callable[[], float]
    ) -> KafkaStore:
        """Return the store of a partition of the people's side, whose owners fence each other apart."""
        store = cls.of(settings, brokers, partition, wire, now)
        return replace(store, identity=f"{settings.app_id}-{store.names.prefix}-people-{partition}")

    async def fence(self) -> Transactions:
        """Start the transactional producer."""
        return await Transactions.fence(self.brokers, self.identity, self.wire, self.now)

    async def checkpoint_bounds(self) -> tuple[int, int]:
        """Ask for the bounds of the partition's part of `checkpoints`."""
        return await self._bounds(self.names.checkpoints)

    async def checkpoints(self, since: int = 0) -> AsyncGenerator[Sequence[Any], None]:
        """Read the partition's part of `checkpoints`."""
        async with aclosing(await self._committed(self.names.checkpoints, since)) as fetched:
            async for records in fetched:
                yield records

    async def emitted(self) -> bool:
        """Look for one record in the partition's part of `colour-changes`."""
        async with aclosing(self.changes()) as fetched:
            async for records in fetched:
                return bool(records)
        return False

    def changes(self) -> AsyncGenerator[Sequence[Any], None]:
        """Read the partition's part of `colour-changes`."""
        return self.whole(self.names.colour_changes)

    async def whole(self, topic: str) -> AsyncGenerator[Sequence[Any], None]:
        """Read the partition's part of any topic, of an undivided one all, to its end now."""
        async with aclosing(await self._committed(topic)) as fetched:
            async for records in fetched:
                yield records

    async def chain(self, writer: str, end: End | None, salt: Callable[[], bytes]) -> Chain:
        """Return a writer's chain of look-ups, going on at an end, or if none is known at its last link."""
        topic = self.names.lookups
        async with reader(self.brokers, committed=True) as consumer:
            partitions = len(await partitions_of(consumer, topic))
        if end is None:
            end = await end_of(self.brokers, topic, partition_of(writer, partitions), writer)
        return Chain(topic, partitions, end, salt)

    async def end(self, topic: str) -> tuple[int, int]:
        """Return the first offset and the end of the partition's part of any topic."""
        return await self._bounds(topic)

    def followed(self, since: Mapping[str, int]) -> AsyncGenerator[tuple[str, Sequence[Any]], None]:
        """Read the partition's part of topics from their offsets on, for ever; what is committed of it."""
        return read_on(self.brokers, {(topic, self._part(topic)): offset for topic, offset in since.items()})

    async def bounds(self) -> tuple[int, int]:
        """Ask for the journal's bounds, open transactions included."""
        return await self._bounds(self.names.journal)

    def journal(self, first: int, end: int) -> AsyncGenerator[Sequence[Any], None]:
        """Read the journal."""
        return read_range(self.brokers, self.names.journal, self.partition, first, end, committed=False)

    async def _committed(self, topic: str, since: int = 0) -> AsyncGenerator[Sequence[Any], None]:
        first, end = await self._bounds(topic)
        return read_range(self.brokers, topic, self._part(topic), max(first, since), end, committed=True)

    async def _bounds(self, topic: str) -> tuple[int, int]:
        part = self._part(topic)
        return (await bounds(self.brokers, topic, [part]))[part]

    def _part(self, topic: str) -> int:
        return 0 if topic in self.names.undivided() else self.partition
