"""Two or three workers, a supervisor, a carrier that goes on sending, and the comparison after each round."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from streams import codecs, settings
from streams.clock import now_precise
from streams.domain.records import Sightings
from streams.files.times import Times
from streams.kafka import recovery
from streams.kafka.store import KafkaStore
from tests.chaos.disturbances import owned
from tests.e2e.deployment import (
    DAYS,
    PARTITIONS,
    QUARTER,
    Deployment,
    assert_nothing_lost_doubled_or_out_of_order,
)
from tests.e2e.processes import Worker, expected, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.chaos.broker import DisturbedBroker
    from tests.e2e.deployment import Part

LOOK = 0.5
A_DAY = 86_400
PATIENCE = 300.0
"""Seconds until everything must be folded again; many workers begin anew in them."""
ENDS = {0, 1, 2, -signal.SIGKILL}
"""How a worker may end: in good order, by a fault it tells in a line (2: it found no Kafka), killed."""


class Field(Deployment):
    """A deployment that is disturbed; every other worker is behind the proxy, each has a clock of its own."""

    broker: DisturbedBroker

    def __init__(self, broker: DisturbedBroker, folder: Path, seed: int) -> None:
        self.start = int(time.time()) // A_DAY * A_DAY - (DAYS + 1) * A_DAY
        super().__init__(broker, "", folder, seed, clock="wall")
        self.rnd = random.Random(seed)
        self.wanted = 2
        self.ended: dict[int, int] = {}

    def worker(self) -> Worker:
        """Start one more worker."""
        number = len(self.workers)
        clock = self.folder / f"clock-{number}"
        more = {"CHAOS_CLOCK": str(clock)}
        if number % 2:
            more["SHENDENG_KAFKA_BROKERS"] = self.broker.proxied
        log = self.folder / f"worker-{number}.log"
        self.workers.append(Worker(self.env | more, log, "tests.chaos.launch").start())
        return self.workers[-1]

    def clock_of(self, worker: Worker) -> Path:
        """Return the file that says how far a worker's clock is ahead."""
        return self.folder / f"clock-{self.workers.index(worker)}"

    def alive(self) -> list[Worker]:
        """Return the workers that run."""
        return [worker for worker in self.workers if worker.alive()]

    def one(self) -> Worker:
        """Return one of those that run."""
        return self.rnd.choice(self.alive())

    def owned_without(self, worker: Worker) -> int:
        """Return how many partitions are live at the others; a supervisor replaces those that ended."""
        self.supervise()
        return sum(owned(one) for one in self.alive() if one is not worker)

    def supervise(self) -> None:
        """Start workers in the place of those that ended."""
        for _ in range(self.wanted - len(self.alive())):
            self.worker()

    def during(self, seconds: float) -> None:
        """Let a disturbance last so long, the supervisor at work."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.supervise()
            time.sleep(LOOK)

    def all_ready(self) -> bool:
        """Tell whether as many workers as wanted are ready."""
        self.supervise()
        return sum(one.get("/readyz") == "ready\n" for one in self.alive()) >= self.wanted

    def round(self, part: Part, disturbance: Callable[[Field], None]) -> int:
        """Disturb while a part of the sightings comes in; return how many changes were then compared."""
        part.start()
        time.sleep(self.rnd.random())
        disturbance(self)
        part.finish()
        until(self.folded, "everything sent is folded and committed", PATIENCE, LOOK)
        return self.compare()

    def folded(self) -> bool:
        """Tell whether the journal is folded and committed to its end."""
        return self.all_ready() and self._positions() == self.ends()

    def _positions(self) -> list[int]:
        return [asyncio.run(recovery.position_of(store)) or 0 for store in self._stores()]

    def ends(self) -> list[int]:
        """Return the end of each journal partition."""
        return [asyncio.run(store.bounds())[1] for store in self._stores()]

    def _stores(self) -> list[KafkaStore]:
        chosen = settings.load(self.env)
        return [
            KafkaStore.of(chosen, self.broker.address, n, self.wire, now_precise) for n in range(PARTITIONS)
        ]

    def everything_entered(self) -> bool:
        """Tell whether every sighting of the carrier's file stands in the journal."""
        entered: set[tuple[bytes, int]] = set()
        for value in self.values("journal"):
            record = codecs.decode_record(value)
            if isinstance(record, Sightings):
                entered.update(zip(record.phones, record.slots, strict=True))
        read, rows = Times(), (self.folder / "events.csv").read_text().splitlines()[1:]
        wanted = [(bytes.fromhex(phone), read(seen_at)) for phone, _, seen_at in (r.split(",") for r in rows)]
        return all((phone, (seconds or 0) // QUARTER) in entered for phone, seconds in wanted)

    def compare(self) -> int:
        """Hold `colour-changes` against `replay --journal`, byte for byte."""
        found: list[str] = []

        def same() -> bool:
            """What came in between the two readings is no difference: then they are read once more."""
            before = self.ends()
            found[:] = self.changes()
            implied = expected(self.env, self.folder)
            moved = self.ends() != before
            assert moved or found == implied, self._differ(found, implied)
            return not moved

        until(same, "changes and journal are read at one moment")
        if found:
            assert_nothing_lost_doubled_or_out_of_order(found)
        ends = {one.process.returncode for one in self.workers if not one.alive()}
        assert ends <= ENDS, ends
        return len(found)

    @staticmethod
    def _differ(found: list[str], implied: list[str]) -> str:
        pairs = zip(found, implied, strict=False)
        first = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(found), len(implied)))
        return f"{len(found)} changes, {len(implied)} implied; they differ at line {first + 1}"


@contextmanager
def a_field(broker: DisturbedBroker, folder: Path, seed: int) -> Iterator[Field]:
    """Yield a field with two workers that are ready; all are gone afterwards."""
    field = Field(broker, folder, seed)
    try:
        until(field.all_ready, "two workers are ready")
        yield field
    finally:
        for worker in field.alive():
            worker.process.send_signal(signal.SIGCONT)
            worker.kill()
