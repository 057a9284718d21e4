"""A partition of the people's side at one worker: fenced, rebuilt from its facts, live, given away.

What a command led to (facts, effects, dead letters, denied attempts) and the position behind it are one
transaction, as the colours' changes are (`streams.kafka.life`). The state is rebuilt from topics alone, so
nothing else is kept.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final, Protocol

from streams.kafka import chains, positions, recovery
from streams.kafka.owned import Owned, Stage
from streams.kafka.transactions import Output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from streams.kafka.chunks import Chunk
    from streams.kafka.lookups import Chain
    from streams.kafka.store import KafkaStore
    from streams.kafka.watch import Watch
    from streams.people.audit.chain import End

log = logging.getLogger(__name__)

OUTPUTS_WAITING: Final = 20_000
"""While so many outputs wait for their transaction nothing more is taken in."""
BREATH: Final = 64
"""Records decided on between two turns of the event loop: some 20 ms, in which nothing else moves."""

NEVER: Final = -1
"""In place of a position that was never written; writing one spares the next start looking for it."""


class Deciding(Protocol):
    """What a partition's aggregates are to their desk. A record has offset, timestamp (ms), key and value."""

    @property
    def facts(self) -> Sequence[str]:
        """Return the topics that are written here alone: read whole at the start."""

    @property
    def heard(self) -> Sequence[str]:
        """Return the topics that others write too: what is new in them is decided on, once."""

    @property
    def watched(self) -> Sequence[str]:
        """Return the topics known whole before anything is decided, and followed; none is decided on."""

    def go_on(self, chain: Chain) -> None:
        """Go on with the chain of denied attempts (rule 17.1), before anything is heard."""

    def remember(self, topic: str, record: Any, *, settled: bool) -> None:
        """Take a record as it stands in a topic; `settled`: what it led to is committed."""

    def hear(self, topic: str, record: Any) -> Sequence[Output]:
        """Decide on a command, or on a new record of a topic that is heard; return what is to be written."""


class Desk(Owned):
    """One assignment of one partition of `commands`."""

    what = "people, partition"
    _store: KafkaStore

    def __init__(
        self,
        store: KafkaStore,
        deciding: Deciding,
        *,
        interval: float,
        monotonic: Callable[[], float],
        watch: Watch,
        salt: Callable[[], bytes],
    ) -> None:
        super().__init__(store, interval=interval, monotonic=monotonic, watch=watch)
        self.deciding, self._salt = deciding, salt
        self._chain: Chain | None = None
        self._chained: End | None = None
        """Where the chain stands as it is noted."""
        self._next: dict[str, int] = {}
        """By topic taken in: the offset of the next record."""
        self._committed: dict[str, int] = {}
        self._watched: dict[str, int] = {}

    async def open(self) -> int:
        """Fence, learn the positions, rebuild; return the offset of the next command."""
        await self._fence()
        commands = self._store.names.commands
        keys = {topic: positions.key_of(topic, self.partition) for topic in (commands, *self.deciding.heard)}
        chained = chains.key(self.partition)
        found = await recovery.newest(self._store, *keys.values(), chained)
        await self._go_on(found.get(chained))
        self._committed = {
            topic: positions.decode(found[key]) if key in found else NEVER for topic, key in keys.items()
        }
        self._next = {topic: max(0, at) for topic, at in self._committed.items()}
        for topic in (*self.deciding.facts, *self.deciding.heard, *self.deciding.watched):
            await self._remember_whole(topic)
        await self._say_expired(commands)
        self.stage = Stage.LIVE
        self._work.set()
        return self._next[commands]

    async def _go_on(self, noted: bytes | None) -> None:
        """Go on with the partition's chain where it is noted to stand, else where its links end."""
        self._chained = None if noted is None else chains.decode(noted, self.partition)
        writer = chains.writer_of(self.partition)
        self._chain = await self._store.chain(writer, self._chained, self._salt)
        self.deciding.go_on(self._chain)

    async def _remember_whole(self, topic: str) -> None:
        first, _ = await self._store.end(topic)
        position, reached = self._committed.get(topic), first
        async with aclosing(self._store.whole(topic)) as fetched:
            async for records in fetched:
                await self._store.wire.met(record.value for record in records)
                for record in records:
                    settled = position is None or record.offset < position
                    self.deciding.remember(topic, record, settled=settled)
                    reached = record.offset + 1
                await asyncio.sleep(0)
        if topic in self.deciding.watched:
            self._watched[topic] = reached
        elif topic in self._next:
            self._next[topic] = max(first, self._next[topic])

    async def _say_expired(self, commands: str) -> None:
        """Go on at the oldest command kept; any before it that nobody decided are gone."""
        first, _ = await self._store.end(commands)
        if first > self._next[commands]:
            if self._next[commands]:
                log.error(
                    "%s-%d: undecided commands before offset %d are gone", commands, self.partition, first
                )
            self._next[commands] = first

    async def take(self, chunk: Chunk) -> None:
        """Decide on live commands; they are acknowledged once their transaction has committed."""
        await self._hear(chunk.topic, chunk.rows.each())
        chunk.let_go()
        if self.stage is Stage.LIVE:
            self._chunks.append(chunk)
            self._work.set()

    async def _hear(self, topic: str, records: Iterable[Any]) -> None:
        records = list(records)
        await self._store.wire.met(record.value for record in records)
        for number, record in enumerate(records):
            if number % BREATH == 0:
                await asyncio.sleep(0)
            await self._room.wait()
            if self.stage is not Stage.LIVE:
                return
            if record.offset < self._next[topic]:
                continue
            self._outputs.extend(self.deciding.hear(topic, record))
            self._next[topic] = record.offset + 1
            self._work.set()
            if len(self._outputs) > OUTPUTS_WAITING:
                self._room.clear()

    async def run(self) -> None:
        """Follow the other topics and commit what was decided until fenced; Fenced and EngineError end it."""
        heard = {topic: self._next[topic] for topic in self.deciding.heard}
        await self._commit_beside(self._follow(self._watched | heard))

    async def _follow(self, since: Mapping[str, int]) -> None:
        async with aclosing(self._store.followed(since)) as fetched:
            async for topic, records in fetched:
                if topic in self.deciding.heard:
                    await self._hear(topic, records)
                    continue
                await self._store.wire.met(record.value for record in records)
                for record in records:
                    self.deciding.remember(topic, record, settled=True)

    async def _commit_gathered(self) -> None:
        outputs, self._outputs = self._outputs, []
        done, self._chunks = self._chunks, []
        reached = {topic: at for topic, at in self._next.items() if at != self._committed[topic]}
        if reached:
            outputs += [self._position(topic, at) for topic, at in reached.items()]
            outputs += self._noted()
            await self._write(outputs)
            self._committed |= reached
        for chunk in done:
            chunk.ack()
        self._room.set()

    def _noted(self) -> list[Output]:
        """Return the note of where the chain stands, unless it is there already."""
        assert self._chain is not None  # noqa: S101 - nothing is committed before it is open
        if self._chained == self._chain.end:
            return []
        self._chained = self._chain.end
        value = chains.encode(self._chained)
        return [Output(self._store.names.checkpoints, chains.key(self.partition), value, self.partition)]

    def _position(self, topic: str, offset: int) -> Output:
        key, value = positions.key_of(topic, self.partition), positions.encode(offset)
        return Output(self._store.names.checkpoints, key, value, self.partition)
