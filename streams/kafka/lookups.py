"""The one way a look-up is recorded: link and text in one transaction, one chain a writer (rule 17.1)."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kafka.partitioner.default import murmur2

from streams import codecs
from streams.kafka.clients import bounds, partitions_of, read_range, reader
from streams.kafka.errors import EngineError
from streams.kafka.transactions import Output, Transactions
from streams.kafka.wire import Wire
from streams.people.audit.chain import Link, begun, extended
from streams.people.audit.heads import Head
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from streams.people.audit.chain import End
    from streams.people.audit.lookups import LookUp, Subject
    from streams.settings import Settings

AT_ONCE: Final = 1_000
"""Look-ups in one transaction at most."""
WINDOW: Final = 1_000
"""Records read first to find where a chain stands; then four times as many, and so on."""
TIMEOUT_MS: Final = 10_000
"""A transaction that a killed writer leaves open holds others up who begin, so it is ended soon."""


def partition_of(text: str, partitions: int) -> int:
    """Return Kafka's default partition of a UTF-8 key."""
    return int(murmur2(text.encode()) & 0x7FFFFFFF) % partitions


def subject_partition(subject: Subject, partitions: int) -> int:
    """Return where a subject's texts stand."""
    if not subject.id:
        return partition_of(subject.kind.value, partitions)
    return codecs.partitions_of([subject.id], partitions)[0]


@dataclass(slots=True)
class Chain:
    """A writer's chain, and the records that make it longer; whoever writes them holds the writer's name.

    `partitions` are those of the topic, `salt` returns SALT random bytes. What was returned has happened: if
    it is not committed, the chain is not used again.
    """

    topic: str
    partitions: int
    end: End
    salt: Callable[[], bytes]

    def longer(self, lookup: LookUp) -> list[Output]:
        """Return a look-up's link and text, for one transaction."""
        link, text = extended(self.end, lookup, self.salt())
        self.end = link.end()
        by_writer = partition_of(link.writer, self.partitions)
        by_subject = subject_partition(lookup.subject, self.partitions)
        return [
            Output(self.topic, codecs.lookup_key(link), codecs.encode_lookup(link), by_writer),
            Output(self.topic, codecs.lookup_key(text), codecs.encode_lookup(text), by_subject),
        ]


class Recorder:
    """Records look-ups under one writer's name; look-ups that come meanwhile share a transaction.

    Whoever opens the name next fences this one: its next `record` raises Fenced, and nothing of it is kept.
    After any error it is not used again.
    """

    def __init__(self, transactions: Transactions, chain: Chain) -> None:
        self._transactions, self._chain = transactions, chain
        self._waiting: list[tuple[LookUp, asyncio.Future[None]]] = []
        self._some = asyncio.Event()
        self._fault: BaseException | None = None

    async def record(self, lookup: LookUp) -> None:
        """Return once the look-up is recorded; only then may anything be shown of its subject."""
        if self._fault is not None:
            raise self._fault
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((lookup, done))
        self._some.set()
        await done

    async def run(self) -> None:
        """Write what waits, until cancelled; who waits is told of what ends it."""
        taken: list[tuple[LookUp, asyncio.Future[None]]] = []
        try:
            while True:
                await self._some.wait()
                taken, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
                if not self._waiting:
                    self._some.clear()
                await self._write([lookup for lookup, _ in taken])
                for _, done in taken:
                    if not done.done():
                        done.set_result(None)
        except BaseException as fault:
            self._fail(EngineError("recording look-ups was stopped") if _cancelled(fault) else fault, taken)
            if _cancelled(fault):
                raise

    def _fail(self, fault: BaseException, taken: list[tuple[LookUp, asyncio.Future[None]]]) -> None:
        self._fault = fault
        for _, done in (*taken, *self._waiting):
            if not done.done():
                done.set_exception(fault)

    async def _write(self, lookups: list[LookUp]) -> None:
        await self._transactions.commit([output for one in lookups for output in self._chain.longer(one)])


def _cancelled(fault: BaseException) -> bool:
    return isinstance(fault, asyncio.CancelledError)


@asynccontextmanager
async def recorder(
    settings: Settings, writer: str, salt: Callable[[], bytes], now: Callable[[], float]
) -> AsyncIterator[Recorder]:
    """Give a writer's recorder, its chain going on after the last link; `salt` returns SALT random bytes.

    `now` is wall time in seconds.

    One at a time holds a name: a predecessor is fenced first, only then the last link is read.
    """
    begun(writer)
    brokers, names = settings.kafka_brokers, Names(settings.topic_prefix)
    async with reader(brokers, committed=True) as consumer:
        partitions = len(await partitions_of(consumer, names.lookups))
    identity = f"{settings.app_id}-{names.lookups}-{writer}"
    transactions = await Transactions.fence(brokers, identity, Wire(None), now, TIMEOUT_MS)
    try:
        end = await end_of(brokers, names.lookups, partition_of(writer, partitions), writer)
        found = Recorder(transactions, Chain(names.lookups, partitions, end, salt))
        running = asyncio.create_task(found.run())
        try:
            yield found
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    finally:
        await transactions.close()


async def end_of(brokers: str, topic: str, partition: int, writer: str) -> End:
    """Return where a writer's chain stands, reading backwards: by its last link, or the last head of it.

    A head alone is left of a chain of which retention has taken every link.
    """
    first, until = (await bounds(brokers, topic, [partition]))[partition]
    size = WINDOW
    link, head = begun(writer), begun(writer)
    while until > first and not link.sequence:
        begin = max(first, until - size)
        async for records in read_range(brokers, topic, partition, begin, until, committed=True):
            for record in records:
                what = codecs.stood(partition, record.offset, record.key, record.value).what
                if isinstance(what, Link) and what.writer == writer and what.sequence > link.sequence:
                    link = what.end()
                if isinstance(what, Head) and what.end.writer == writer:
                    head = max(head, what.end, key=lambda end: end.sequence)
        until, size = begin, size * 4
    return link if link.sequence else head
