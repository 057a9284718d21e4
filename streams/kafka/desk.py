"""A partition of the people's side at one worker: fenced, rebuilt from its facts, live, given away.

What a command led to (facts, effects, dead letters) and the position behind it are one transaction, as the
colours' changes are (`streams.kafka.life`). The state is rebuilt from topics alone, so nothing else is kept.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final, Protocol

from streams.kafka import positions, recovery
from streams.kafka.errors import EngineError, Fenced
from streams.kafka.life import LAST_COMMIT_SECONDS, Stage
from streams.kafka.transactions import Output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from streams.kafka.chunks import Chunk
    from streams.kafka.store import Committing, KafkaStore
    from streams.kafka.watch import Watch

log = logging.getLogger(__name__)

OUTPUTS_WAITING: Final = 20_000
"""While so many outputs wait for their transaction nothing more is taken in."""

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

    def clock(self) -> int | None:
        """Return the latest time heard (seconds), None before the first."""

    def remember(self, topic: str, record: Any, *, settled: bool) -> None:
        """Take a record as it stands in a topic; `settled`: what it led to is committed."""

    def hear(self, topic: str, record: Any) -> Sequence[Output]:
        """Decide on a command, or on a new record of a topic that is heard; return what is to be written."""


class Desk:
    """One assignment of one partition of `commands`; never used again after it ended."""

    def __init__(
        self,
        store: KafkaStore,
        deciding: Deciding,
        *,
        interval: float,
        monotonic: Callable[[], float],
        watch: Watch,
    ) -> None:
        self.partition = store.partition
        self.deciding = deciding
        self.stage = Stage.OPENING
        self._store, self._interval, self._monotonic, self._watch = store, interval, monotonic, watch
        self._transactions: Committing | None = None
        self._next: dict[str, int] = {}
        """By topic taken in: the offset of the next record."""
        self._committed: dict[str, int] = {}
        self._watched: dict[str, int] = {}
        self._outputs: list[Output] = []
        self._chunks: list[Chunk] = []
        self._work, self._room = asyncio.Event(), asyncio.Event()
        self._room.set()
        self._committing = asyncio.Lock()

    async def open(self) -> int:
        """Fence, learn the positions, rebuild; return the offset of the next command."""
        self._transactions = await self._store.fence()
        commands = self._store.names.commands
        keys = {topic: positions.key_of(topic, self.partition) for topic in (commands, *self.deciding.heard)}
        found = await recovery.newest(self._store, *keys.values())
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
        for record in records:
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
        following = [self._follow(topic, since) for topic, since in self._watched.items()]
        following += [self._follow(topic, self._next[topic]) for topic in self.deciding.heard]
        tasks = [asyncio.ensure_future(work) for work in (self._commit_for_ever(), *following)]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _follow(self, topic: str, since: int) -> None:
        async with aclosing(self._store.followed(topic, since)) as fetched:
            async for records in fetched:
                if topic in self.deciding.heard:
                    await self._hear(topic, records)
                    continue
                await self._store.wire.met(record.value for record in records)
                for record in records:
                    self.deciding.remember(topic, record, settled=True)

    async def _commit_for_ever(self) -> None:
        """Commit at most once an interval."""
        while True:
            await self._work.wait()
            begun = self._monotonic()
            await self._commit()
            await asyncio.sleep(max(0.0, self._interval - (self._monotonic() - begun)))

    async def _commit(self) -> None:
        async with self._committing:
            if self._transactions is None or self.stage is Stage.FENCED:
                return
            self._work.clear()
            outputs, self._outputs = self._outputs, []
            done, self._chunks = self._chunks, []
            reached = {topic: at for topic, at in self._next.items() if at != self._committed[topic]}
            if reached:
                outputs += [self._position(topic, at) for topic, at in reached.items()]
                await self._written(outputs)
                self._committed |= reached
            for chunk in done:
                chunk.ack()
            self._room.set()

    async def _written(self, outputs: list[Output]) -> None:
        assert self._transactions is not None  # noqa: S101 - _commit asked
        try:
            await self._transactions.commit(outputs)
        except (Fenced, EngineError) as error:
            self._watch.transaction("fenced" if isinstance(error, Fenced) else "failed")
            self.stage = Stage.FENCED
            self._room.set()
            raise
        self._watch.transaction("committed")
        self._watch.written(outputs)

    def _position(self, topic: str, offset: int) -> Output:
        key, value = positions.key_of(topic, self.partition), positions.encode(offset)
        return Output(self._store.names.checkpoints, key, value, self.partition)

    async def close(self) -> None:
        """Stop deciding, commit what was decided, let the producer go. The next owner redoes what fails."""
        was_live = self.stage is Stage.LIVE
        if self.stage is not Stage.FENCED:
            self.stage = Stage.CLOSED
        self._room.set()
        if was_live:
            try:
                async with asyncio.timeout(LAST_COMMIT_SECONDS):
                    await self._commit()
            except (Fenced, EngineError, TimeoutError) as error:
                log.warning("people, partition %d: last transaction not committed: %s", self.partition, error)
        if self._transactions is not None:
            await self._transactions.close()
            self._transactions = None
