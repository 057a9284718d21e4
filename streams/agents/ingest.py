"""The agent `ingest`: carriers' sightings, joined with their towers, into the journal (D1, D4).

A chunk is acknowledged when the journal has all of it, its dead letters are written, and none of its
sightings waits for a tower any more: a crash reads it again, and sightings entered twice change nothing.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from streams import codecs
from streams.agents.errand import Errand
from streams.agents.grace import Grace, Waiting
from streams.agents.joining import Joining
from streams.agents.sorting import Sorter
from streams.agents.towers import TowerTable
from streams.columns.placed import Placed
from streams.kafka.carriers import Carriers
from streams.kafka.chunks import chunks
from streams.kafka.compacted import CompactedReader
from streams.people.sunset import CODE, sunset
from streams.window.book import halves

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from streams.domain.towers import Placed as Place
    from streams.kafka.chunks import Chunk
    from streams.kafka.engine import Engine

AT_ONCE: Final = 8
"""Chunks on their way into the journal at a time."""
LEAVE_SECONDS: Final = 5.0
SWEEP_SECONDS: Final = 0.5
BATCH: Final = 1_000


def attach(app: Any, engine: Engine) -> Ingest:
    """Add the agent to the app."""
    ingest = Ingest(engine)
    channel = engine.chunked()
    carriers = Carriers(app, engine.brokers, engine.names, engine.settings.carriers, channel)
    engine.before_start(carriers.look)
    engine.run(carriers.follow)
    towers = CompactedReader(engine.brokers, engine.names.cell_towers, ingest.towers.take, engine.wire)
    engine.run(towers.follow)
    engine.run(ingest.sweep)
    engine.ready_when(towers.caught_up.is_set)
    app.transport.before_leaving(ingest.leave)

    @app.agent(channel, name="ingest")  # type: ignore[untyped-decorator]
    async def agent(stream: Any) -> None:
        with engine.ending.fatal():
            await towers.caught_up.wait()
            async for chunk in chunks(stream):
                await ingest.take(chunk)

    return ingest


class Ingest:
    """What ingesting needs between chunks: the towers, who waits for one, and what is being written."""

    def __init__(self, engine: Engine) -> None:
        settings = engine.settings
        self._engine = engine
        self.towers = TowerTable(settings.resolution, settings.coarse_range_m, self._found, engine.wire.read)
        self.grace = Grace(settings.tower_grace, settings.tower_grace_sightings, engine.monotonic)
        self._sorter = Sorter(
            self.towers,
            slot_minutes=settings.slot_minutes,
            max_skew=settings.max_skew,
            partitions=settings.partitions,
            retired=settings.retired,
        )
        self._joining = Joining(
            lambda placed: engine.journal.put_encoded(self._sorter.records(placed)), engine.ending.guard
        )
        self._released: list[tuple[Waiting, Place]] = []
        self._sunset = settings.sunset_at
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._writing: set[asyncio.Task[None]] = set()

    async def take(self, chunk: Chunk) -> None:
        """Begin with a chunk; return when there is room for the next."""
        await self._at_once.acquire()
        task = self._engine.ending.guard(self._enter(chunk))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        task.add_done_callback(lambda _: self._at_once.release())

    async def _enter(self, chunk: Chunk) -> None:
        errand = Errand(chunk)
        wire, rows = self._engine.wire, chunk.rows
        chunk.let_go()
        if self._over():
            await self._refuse(chunk, rows.offset.tolist())
            errand.done()
            return
        await wire.met(rows.values)
        heard, unread = codecs.hear(
            rows.values, wire.heads, lambda value: codecs.decode_events(wire.read(value))
        )
        sorted_ = self._sorter.sort(heard, rows.arrived(int(self._engine.now() * 1000)))
        offsets = rows.offset.tolist()
        for one in sorted_.waiting:
            errand.more()
            self.grace.wait(Waiting(one.cell, one.phone, one.seen_at, offsets[one.value], one.nth, errand))
        bad = [(reason, value, 0) for value, reason in unread] + sorted_.refused
        await asyncio.gather(
            self._write(chunk.topic, sorted_.placed),
            *[self._bury(reason, chunk, offsets[value], index) for reason, value, index in bad],
        )
        errand.done()

    async def _write(self, topic: str, placed: list[Placed]) -> None:
        """Put sightings into the journal; they are there for good when this returns."""
        count = sum(len(several.high) for several in placed)
        if count:
            await self._joining.put(placed)
            self._engine.watch.sighted(self._engine.names.carrier(topic) or topic, count)

    def _over(self) -> bool:
        """Say whether the sunset is over: whatever comes then is refused (rule 19.1)."""
        return sunset(self._sunset, int(self._engine.now())) is not None

    async def _refuse(self, chunk: Chunk, offsets: list[int]) -> None:
        """Write a dead letter for each record: what stands in it is not looked at."""
        for some in batched(offsets, BATCH):
            await asyncio.gather(*[self._bury(CODE, chunk, offset, 0) for offset in some])

    async def _bury(self, reason: str, chunk: Chunk, offset: int, index: int) -> None:
        await self._engine.dead_letters.bury(reason, chunk.topic, chunk.partition, offset, index)

    def _found(self, cell: str, place: Place) -> None:
        for one in self.grace.found(cell):
            self._released.append((one, place))

    async def sweep(self) -> None:
        """Enter the sightings whose tower has come, bury those that waited too long, for ever."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            released, self._released = self._released, []
            if self._over():
                await self._bury_waiting(CODE, [one for one, _ in released])
                released = []
            topics = defaultdict(list)
            for pair in released:
                topics[pair[0].errand.chunk.topic].append(pair)
            for topic, found in topics.items():
                await self._write(topic, [_placed(found)])
                for one, _ in found:
                    one.errand.done()
            await self._give_up()

    async def _give_up(self) -> None:
        await self._bury_waiting("unknown_tower", self.grace.given_up())

    async def _bury_waiting(self, reason: str, waiting: Iterable[Waiting]) -> None:
        for some in batched(waiting, BATCH):
            await asyncio.gather(
                *[self._bury(reason, one.errand.chunk, one.offset, one.index) for one in some]
            )
            for one in some:
                one.errand.done()

    async def leave(self, leaving: object) -> None:
        """Let what is being written end; what waits is read again by whoever comes next."""
        del leaving
        if self._writing:
            await asyncio.wait(self._writing, timeout=LEAVE_SECONDS)
        self.grace.clear()
        self._released.clear()


def _placed(found: Sequence[tuple[Waiting, Place]]) -> Placed:
    """Return sightings whose tower has come in columns."""
    hexes, coarse = np.array([place for _, place in found], np.int64).T
    seconds = np.array([one.seen_at for one, _ in found], np.int64)
    return Placed(*halves([one.phone for one, _ in found]), hexes, coarse, seconds)


def batched(many: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Yield lists of at most `size`."""
    rest = iter(many)
    while some := list(islice(rest, size)):
        yield some
