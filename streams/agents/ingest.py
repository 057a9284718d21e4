"""The agent `ingest`: carriers' sightings, joined with their towers, into the journal (D1, D4).

A chunk is acknowledged when the journal has all of it, its dead letters are written, and none of its
sightings waits for a tower any more: a crash reads it again, and sightings entered twice change nothing.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from streams import codecs
from streams.agents.errand import Errand
from streams.agents.grace import Grace, Waiting
from streams.agents.sorting import MILLISECONDS, Seen, Sorter
from streams.agents.towers import TowerTable
from streams.kafka.carriers import Carriers
from streams.kafka.chunks import chunks
from streams.kafka.compacted import CompactedReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.agents.sorting import Placed
    from streams.domain.towers import Placed as Place
    from streams.kafka.chunks import Chunk
    from streams.kafka.engine import Engine
    from streams.kafka.rows import Rows
    from streams.kafka.wire import Wire

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
            partitions_of=lambda phones: codecs.partitions_of(phones, settings.partitions),
        )
        self._released: list[tuple[Waiting, Placed]] = []
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
        await self._engine.wire.met(record.value for record in chunk.rows.each())
        seen, bad = _decoded(chunk.rows, self._engine.wire, int(self._engine.now() * 1000))
        chunk.let_go()
        sorted_ = self._sorter.sort(seen)
        for one, cell in sorted_.waiting:
            errand.more()
            second = one.seen_ms // MILLISECONDS
            self.grace.wait(Waiting(cell, one.phone, second, one.offset, one.nth, errand))
        bad.extend((reason, one.offset, one.nth) for one, reason in sorted_.refused)
        await asyncio.gather(
            self._write(chunk.topic, sorted_.placed),
            *[self._bury(reason, chunk, offset, index) for reason, offset, index in bad],
        )
        errand.done()

    async def _write(self, topic: str, placed: list[Placed]) -> None:
        """Put sightings into the journal; they are there for good when this returns."""
        if placed:
            journal = self._engine.journal
            await asyncio.gather(
                *[journal.put(number, record) for number, record in self._sorter.records(placed)]
            )
            self._engine.watch.sighted(self._engine.names.carrier(topic) or topic, len(placed))

    async def _bury(self, reason: str, chunk: Chunk, offset: int, index: int) -> None:
        await self._engine.dead_letters.bury(reason, chunk.topic, chunk.partition, offset, index)

    def _found(self, cell: str, place: Place) -> None:
        for one in self.grace.found(cell):
            self._released.append((one, (one.phone, *place, one.seen_at)))

    async def sweep(self) -> None:
        """Enter the sightings whose tower has come, bury those that waited too long, for ever."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            released, self._released = self._released, []
            topics = defaultdict(list)
            for one, placed in released:
                topics[one.errand.chunk.topic].append((one.errand, placed))
            for topic, found in topics.items():
                await self._write(topic, [placed for _, placed in found])
                for errand, _ in found:
                    errand.done()
            await self._give_up()

    async def _give_up(self) -> None:
        for some in batched(self.grace.given_up(), BATCH):
            await asyncio.gather(
                *[self._bury("unknown_tower", one.errand.chunk, one.offset, one.index) for one in some]
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


def _decoded(rows: Rows, wire: Wire, now: int) -> tuple[list[Seen], list[tuple[str, int, int]]]:
    """Return the sightings of rows read at `now` (ms), and (reason, offset, index) of what cannot be read."""
    seen: list[Seen] = []
    bad: list[tuple[str, int, int]] = []
    for record, arrived in zip(rows.each(), rows.arrived(now).tolist(), strict=True):
        try:
            events = codecs.decode_events(wire.read(record.value))
        except codecs.CodecError as error:
            bad.append((error.reason, record.offset, 0))
            continue
        columns = zip(events.phones, events.cells, events.seen_at, strict=True)
        for index, (phone, cell, seen_ms) in enumerate(columns):
            seen.append(Seen(phone, cell, seen_ms, arrived, record.offset, index))
    return seen, bad


def batched(many: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Yield lists of at most `size`."""
    rest = iter(many)
    while some := list(islice(rest, size)):
        yield some
