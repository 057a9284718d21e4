"""A worker process: the product's Lives, Life, Colouring, Ingest and Transactions."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from streams.agents.colours import Colouring
from streams.agents.ingest import Ingest
from streams.agents.refold import fresh_fold
from streams.kafka.checkpoints import Checkpoints
from streams.kafka.engine import Engine
from streams.kafka.letters import DeadLetters
from streams.kafka.life import Life
from streams.kafka.lives import Lives
from streams.kafka.transactions import transactional_id
from streams.kafka.writers import JournalWriter
from streams.metrics import Metrics
from streams.window.changes import Changes, Outcome
from streams.window.columns import record_of
from tests.simulation.member import Member
from tests.simulation.producers import Producing
from tests.simulation.store import SimulatedStore
from tests.window.told import columns_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.domain.fold import Fold
    from streams.domain.records import Record
    from streams.window.columns import SightingColumns
    from tests.simulation.world import World

METRICS = Metrics()


class Reference:
    """The domain's fold in the place of the window."""

    def __init__(self, fold: Fold) -> None:
        self._fold = fold

    @property
    def clock(self) -> int | None:
        return self._fold.clock

    @property
    def phones(self) -> int:
        return len(self._fold.phones)

    def apply(self, record: Record | SightingColumns, offset: int | None) -> Outcome:
        found = self._fold.apply(record_of(record), offset)
        columns = columns_of(found.changes, self._fold.partition, offset)
        changes = Changes([columns] if found.changes else ())
        return Outcome(changes, found.refused, found.too_late)


class Worker:
    """One process from start to end; `ended` is told its fault, None for a stop in good order."""

    def __init__(
        self, world: World, name: str, ended: Callable[[Worker, BaseException | None], None]
    ) -> None:
        self.world, self.name, self._ended = world, name, ended
        self.process = world.loop.process(name)
        self.member: Member | None = None
        self.lives: Lives[Life] | None = None
        self.process.run(world.loop.create_task, self._run())

    def stop(self) -> None:
        """Ask it to stop in good order, as SIGTERM does."""
        self.process.run(self.world.loop.create_task, self._stop())

    async def _run(self) -> None:
        world = self.world
        member = self.member = Member(world, self.name)
        engine: Any = Engine(member, world.settings, "", METRICS, world.now, world.loop.time)
        link = world.network.link()
        engine.producing = Producing(link, world.broker)
        engine.journal = JournalWriter(engine.producing, engine.names, world.settings.partitions)
        engine.dead_letters = DeadLetters(
            engine.producing, engine.wire, engine.names, engine.watch, world.loop.time
        )

        def life(partition: int) -> Life:
            world.on_opening()
            identity = transactional_id(world.settings.app_id, engine.names.prefix, partition)
            store = SimulatedStore(
                engine.names, partition, world.broker, world.network.link(), identity, world.most, world.now
            )
            colouring: Any = Colouring(partition, engine)
            checkpoints = Checkpoints(
                store,
                colouring,
                partitions=world.settings.partitions,
                every=world.settings.checkpoint_seconds,
                now=world.now,
                monotonic=world.loop.time,
                watch=engine.watch,
                aside=self._aside,
            )
            if world.reference:
                colouring.window = Reference(fresh_fold(engine.settings, partition))
            return Life(
                store,
                colouring,
                checkpoints,
                interval=world.settings.commit_interval_ms / 1000,
                monotonic=world.loop.time,
                watch=engine.watch,
            )

        ingest = Ingest(engine)
        for record in world.towers:
            ingest.towers.take(record)
        self.lives = lives = Lives(member, engine.names.journal, engine.ending, life)
        member.before_leaving(ingest.leave)
        for work in (
            self._agent(engine, engine.names.journal, lives.take),
            self._agent(engine, world.source, ingest.take),
            member.run(),
            member.keep_alive(),
            member.commit_for_ever(),
            lives.joined(),
            ingest.sweep(),
        ):
            engine.ending.guard(work)
        fault = await engine.ending.wait()
        self._end(fault)

    async def _agent(self, engine: Any, topic: str, take: Callable[[Any], Any]) -> None:
        assert self.member is not None
        with engine.ending.fatal():
            async for chunk in self.member.chunks(topic):
                await take(chunk)

    async def _aside(self, work: Callable[..., Any], *args: Any) -> Any:
        """Stand for another thread: the work is done at some later moment."""
        await asyncio.sleep(self.world.random.random() * self.world.network.weather.delay)
        return work(*args)

    async def _stop(self) -> None:
        if self.member is not None:
            await self.member.leave()
        self._end(None)

    def _end(self, fault: BaseException | None) -> None:
        self.process.kill()
        self._ended(self, fault)
