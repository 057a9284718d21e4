"""Topics, reference data, a carrier and workers of one test; and what must be true of what comes out."""

from __future__ import annotations

import json
import signal
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

from streams import settings
from streams.files.times import Times
from streams.kafka.batches import Batches
from streams.kafka.errors import UnusableError
from streams.kafka.publishing import publisher
from streams.kafka.wire import wire_of
from tests.e2e import place
from tests.e2e.processes import (
    DEADLINE,
    POLL,
    Worker,
    changes,
    environment,
    expected,
    until,
    values,
    within,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.kafka.local import LocalBroker
    from streams.kafka.publishing import Publisher

SESSION_MS = 2000
PARTITIONS = 4
QUARTER = 900
DAYS = 5


class Deployment:
    """One prefix on a broker, with a place and its people's sightings as files."""

    start = place.START
    """When the sightings begin."""

    def __init__(self, broker: LocalBroker, prefix: str, folder: Path, seed: int, **more: str) -> None:
        self.broker, self.prefix, self.folder = broker, prefix, folder
        self.env = environment(
            broker.address, prefix, session_timeout_ms=str(SESSION_MS), partitions=str(PARTITIONS), **more
        )
        self.wire = wire_of(settings.load(self.env))
        self.workers: list[Worker] = []
        place.write(folder, seed, days=DAYS, start=self.start)
        within("topics", "create", "--carrier", "mobile", env=self.env)
        within("publish", "towers", str(folder / "towers.csv"), env=self.env)
        within("publish", "areas", str(folder / "areas.geojson"), env=self.env)

    def worker(self) -> Worker:
        """Start one more worker."""
        log = self.folder / f"worker-{len(self.workers)}.log"
        self.workers.append(Worker(self.env, log).start())
        return self.workers[-1]

    def ready(self) -> Worker:
        """Start one more worker and wait until it is ready."""
        worker = self.worker()
        until(worker.ready, "ready")
        return worker

    def publish(self) -> None:
        """Publish all sightings with the project's own command."""
        within("publish", "events", str(self.folder / "events.csv"), "--carrier", "mobile", env=self.env)

    def parts(self, count: int) -> Iterator[Part]:
        """Yield the sightings in parts, to be published while something else happens."""
        rows = [line.split(",") for line in (self.folder / "events.csv").read_text().splitlines()[1:]]
        size = -(-len(rows) // count)
        for begin in range(0, len(rows), size):
            yield Part(self, rows[begin : begin + size])

    def sighted(self) -> int:
        """Return how many sightings the workers that live have put into the journal."""
        return sum(
            int(worker.metric("shendeng_sightings_total")) for worker in self.workers if worker.alive()
        )

    def values(self, topic: str) -> list[bytes]:
        """Return everything committed that stands on a topic, as anybody's consumer has it."""
        return values(self.broker.address, self.prefix + topic)

    def changes(self) -> list[str]:
        """Return all committed colour changes as JSON lines, as anybody sees them."""
        return changes(self.broker.address, self.prefix, self.wire)

    def files(self) -> list[str]:
        """Return what `replay` makes of the files."""
        out = self.folder / "files.ndjson"
        files = [str(self.folder / name) for name in ("towers.csv", "areas.geojson", "events.csv")]
        words = ["replay", "--towers", files[0], "--areas", files[1], files[2], "-o", str(out)]
        within(*words, env=self.env)
        return out.read_text().splitlines()

    def settled(self) -> list[str]:
        """Wait until Kafka holds what folding its journal gives, and the colours are those of the files."""
        colours = last_colours(self.files())
        until(lambda: last_colours(self.changes()) == colours, "the files' colours")
        return self.settled_by_journal()

    def settled_by_journal(self) -> list[str]:
        """Wait until Kafka holds changes, and just those that folding its journal gives."""
        found: list[str] = []

        def same() -> bool:
            found[:] = self.changes()
            return bool(found) and found == expected(self.env, self.folder)

        until(same, "what folding the journal gives")
        assert_nothing_lost_doubled_or_out_of_order(found)
        return found


class Part(Thread):
    """Publishes rows a quarter of an hour at a time, its last tenth only once `finish` was called.

    Refused, as where a broker stays away, it goes on from what was acknowledged, as carriers do.
    """

    def __init__(self, deployment: Deployment, rows: list[list[str]]) -> None:
        super().__init__(daemon=True)
        self._deployment, self._rows, self._go = deployment, rows, Event()
        self._acknowledged = 0
        self._refused = ""
        self._over = Event()

    def finish(self) -> None:
        """Let it publish what is left, and wait until it has."""
        self._go.set()
        self.join(DEADLINE)
        self._over.set()
        assert self._acknowledged == len(self._rows), f"{self._acknowledged} sent, then {self._refused}"

    def run(self) -> None:
        while not self._published() and not self._over.wait(POLL):
            pass

    def _published(self) -> bool:
        try:
            with publisher(self._deployment.broker.address, self._deployment.wire) as out:
                self._publish(out)
        except UnusableError as refused:
            self._refused = str(refused)
            return False
        self._acknowledged = len(self._rows)
        return True

    def _publish(self, out: Publisher) -> None:
        read, held, quarter = Times(), len(self._rows) * 9 // 10, None
        batches = Batches(out, f"{self._deployment.prefix}location-events.mobile")
        for number in range(self._acknowledged, len(self._rows)):
            phone, cell, seen_at = self._rows[number]
            seconds = read(seen_at)
            assert seconds is not None
            if quarter not in (None, seconds // QUARTER):
                batches.send()
                out.confirm()
                self._acknowledged = number
            if number == held:
                self._go.wait()
            quarter = seconds // QUARTER
            batches.add(seconds, bytes.fromhex(phone), cell)
        batches.send()


@contextmanager
def deployed(broker: LocalBroker, prefix: str, folder: Path, seed: int, **more: str) -> Iterator[Deployment]:
    """Yield a deployment; its workers are gone afterwards."""
    made = Deployment(broker, prefix, folder, seed, **more)
    try:
        yield made
    finally:
        for worker in made.workers:
            if worker.alive():
                worker.process.send_signal(signal.SIGCONT)
                worker.kill()


def last_colours(lines: list[str]) -> dict[str, tuple[str, list[tuple[str, str | None]]]]:
    """Return each phone's last colour and reasons."""
    found = {}
    for line in lines:
        data = json.loads(line)["data"]
        reasons = [(reason["code"], reason["area"]) for reason in data["reasons"]]
        found[data["phone"]] = (data["colour"], reasons)
    return found


def assert_nothing_lost_doubled_or_out_of_order(lines: list[str]) -> None:
    """Every phone's sequences are 1, 2, 3 … in the order in which anybody reads them."""
    assert lines
    found: dict[str, list[int]] = {}
    for line in lines:
        data = json.loads(line)["data"]
        found.setdefault(data["phone"], []).append(data["sequence"])
    for numbers in found.values():
        assert numbers == list(range(1, len(numbers) + 1))
