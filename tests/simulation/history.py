"""One history: workers, what is told to them, and faults, from one seed; then what must hold."""

from __future__ import annotations

import asyncio
import gc
import sys
import warnings
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from streams import codecs
from streams.kafka.errors import EngineError, GapError, UnusableError
from tests.simulation import checks
from tests.simulation.loop import StuckError
from tests.simulation.worker import Worker
from tests.simulation.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.simulation.loop import Process

PATIENCE = 1_000.0
"""Virtual seconds after the last fault in which everything must have come to rest."""
LOOK = 1.0
IN_TRANSACTION = 0.3
"""Chance that a fault comes just when the worker has asked for something of a transaction."""
TAKEOVER = 6
"""Delays of the network that opening a partition takes about."""
MOST_STEPS = 400_000


@dataclass(frozen=True)
class Result:
    """How a history ended."""

    seed: int
    problems: Sequence[str]
    digest: str
    changes: int
    faults: int
    steps: int
    lines: Sequence[str]


class History:
    """Drives one world; its own steps are those of a process `world` that no fault meets."""

    def __init__(self, seed: int, *, reference: bool) -> None:
        self.world = World(seed, reference=reference)
        self.seed = seed
        self.problems: list[str] = []
        self.over = False
        self.faults = 0
        self._workers: dict[int, Worker] = {}
        self._lives = 0
        self._source = 0
        self._away_until_taken_over: list[Process] = []
        self.world.on_opening = self._taken_over
        self._director = self.world.loop.process("world")
        self._context = self._director.run(copy_context)

    def run(self) -> Result:
        """Run it to its end."""
        world = self.world
        self._director.run(world.loop.create_task, self._direct())
        try:
            world.loop.run_until(lambda: self.over or bool(self.problems) or world.loop.steps > MOST_STEPS)
            if not self.over and not self.problems:
                self.problems.append("it never came to rest: too many steps")
        except StuckError:
            self.problems.append("everybody waits for somebody")
        finally:
            world.loop.close()
        found = checks.expected(world)
        self.problems.extend(checks.problems(world, found))
        return Result(
            self.seed,
            self.problems,
            world.trace.digest(),
            sum(len(one.changes) for one in found),
            self.faults,
            world.loop.steps,
            world.trace.lines(),
        )

    async def _direct(self) -> None:
        world = self.world
        for record in world.first:
            self._put_everywhere(codecs.encode_record(record))
        for number in range(world.workers):
            self._start(number)
        telling = world.loop.create_task(self._tell())
        for _ in range(world.faults):
            await asyncio.sleep(world.random.choice([0.01, 0.3, 1.0, 4.0]) * world.random.random())
            self._disturb()
        await telling
        world.network.weather = replace(world.network.weather, lost=0.0)
        for _ in range(int(PATIENCE / LOOK)):
            await asyncio.sleep(LOOK)
            if checks.at_rest(world) and len(self._workers) == world.workers:
                self.over = True
                return
        self.problems.append(f"not at rest {PATIENCE:.0f} s after the last fault: {checks.standing(world)}")

    async def _tell(self) -> None:
        world, random = self.world, self.world.random
        pace = random.choice([0.0, 0.05, 0.5, 2.0])
        for told in world.told:
            await asyncio.sleep(pace * random.random())
            if told.control is not None:
                self._put_everywhere(codecs.encode_record(told.control))
                continue
            self._source += 1
            values = [(None, codecs.encode_event(*event), ()) for event in told.events]
            place = (world.source, told.partition)
            world.broker.logs[place].produce((-self._source, 0), 0, values, world.broker.now_ms())
            if random.random() < 0.1:
                log = world.broker.logs[world.names.checkpoints, told.partition]
                log.compact(random.randint(0, log.end))

    def _put_everywhere(self, value: bytes) -> None:
        broker, names = self.world.broker, self.world.names
        for partition in range(self.world.settings.partitions):
            self._source += 1
            log = broker.logs[names.journal, partition]
            log.produce((-self._source, 0), 0, [(None, value, ())], broker.now_ms())

    def _start(self, number: int) -> None:
        self._lives += 1
        self._workers[number] = Worker(self.world, f"w{number}.{self._lives}", self._ended)

    def _disturb(self) -> None:
        """Let something happen to a worker, some steps from now."""
        random = self.world.random
        if not self._workers:
            return
        number = random.choice(sorted(self._workers))
        worker = self._workers[number]
        kind = random.choice(["kill", "kill", "pause", "pause", "cut", "stop"])
        process = worker.process
        if process.fuse or process.dreaded or process.paused:
            return
        if random.random() < IN_TRANSACTION:
            process.dreaded = random.choice(["add ", "produce ", "end "])
        else:
            process.fuse = random.randint(1, random.choice([10, 80, 400]))
        process.burnt = lambda: self._burnt(number, worker, kind)

    def _burnt(self, number: int, worker: Worker, kind: str) -> None:
        world, random, process = self.world, self.world.random, worker.process
        if not process.alive:
            return
        self.faults += 1
        seconds = random.choice([0.1, 2.0, 8.0, 20.0]) * random.random()
        world.trace.say(worker.name, f"{kind} {seconds:.2f}")
        if kind == "kill":
            process.kill()
            del self._workers[number]
            self._later(seconds, partial(self._start, number))
        elif kind == "stop":
            worker.stop()
        else:
            self._away(worker, kind, seconds)

    def _away(self, worker: Worker, kind: str, seconds: float) -> None:
        """Keep a worker from the broker: for a while, or until just when others are taking over."""
        world, random, process = self.world, self.world.random, worker.process
        process.paused = kind == "pause"
        if random.random() < 0.5:
            seconds = 3 * world.session
            self._away_until_taken_over.append(process)
        if kind == "cut":
            process.cut_until = world.loop.time() + seconds
        self._later(seconds, partial(self._back, process))

    def _taken_over(self) -> None:
        for process in self._away_until_taken_over:
            self._later(
                self.world.random.random() * TAKEOVER * self.world.network.weather.delay,
                partial(self._back, process),
            )
        self._away_until_taken_over.clear()

    def _back(self, process: Process) -> None:
        if process.paused:
            self.world.trace.say(process.name, "goes on")
        process.paused, process.cut_until = False, 0.0

    def _ended(self, worker: Worker, fault: BaseException | None) -> None:
        """A worker ended by itself: its supervisor starts the next, unless it should never have ended so."""
        self.world.trace.say(worker.name, f"ended {type(fault).__name__} {fault}")
        if fault is not None and (
            isinstance(fault, UnusableError | GapError) or not isinstance(fault, EngineError)
        ):
            self.problems.append(f"{worker.name} ended: {type(fault).__name__}: {fault}")
        for number, one in list(self._workers.items()):
            if one is worker:
                del self._workers[number]
                self._later(self.world.random.random() * 3, partial(self._start, number))

    def _later(self, seconds: float, work: Callable[[], None]) -> None:
        self.world.loop.call_later(seconds, work, context=self._context)


def run(seed: int, *, reference: bool = True) -> Result:
    """Run the history of one seed."""
    with _forgotten():
        return History(seed, reference=reference).run()


@contextmanager
def _forgotten() -> Iterator[None]:
    """Clear away what killed processes left half done, in silence: nobody runs its ends in life either."""
    hook, collecting = sys.unraisablehook, gc.isenabled()
    gc.disable()
    gc.freeze()
    sys.unraisablehook = lambda _: None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            yield
            gc.collect()
    finally:
        sys.unraisablehook = hook
        if collecting:
            gc.enable()
