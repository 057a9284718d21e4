"""From a carrier's file to a colour change on real Kafka: the same as `replay`, whatever happens."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.e2e import place
from tests.e2e.processes import Worker, changes, environment, expected, shendeng, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.kafka.local import LocalBroker

SESSION_MS = 2000


class Deployment:
    """Topics, reference data and workers of one test."""

    def __init__(self, broker: LocalBroker, prefix: str, folder: Path, seed: int) -> None:
        self.broker, self.prefix, self.folder = broker, prefix, folder
        self.env = environment(broker.address, prefix, session_timeout_ms=str(SESSION_MS))
        self.workers: list[Worker] = []
        place.write(folder, seed)
        shendeng("topics", "create", "--carrier", "mobile", env=self.env)
        shendeng("publish", "towers", str(folder / "towers.csv"), env=self.env)
        shendeng("publish", "areas", str(folder / "areas.geojson"), env=self.env)

    def worker(self) -> Worker:
        log = self.folder / f"worker-{len(self.workers)}.log"
        self.workers.append(Worker(self.env, log).start())
        return self.workers[-1]

    def publish(self) -> None:
        shendeng("publish", "events", str(self.folder / "events.csv"), "--carrier", "mobile", env=self.env)

    def files(self) -> list[str]:
        out = self.folder / "files.ndjson"
        files = [str(self.folder / name) for name in ("towers.csv", "areas.geojson", "events.csv")]
        words = ["replay", "--towers", files[0], "--areas", files[1], files[2], "-o", str(out)]
        shendeng(*words, env=self.env)
        return out.read_text().splitlines()

    def settled(self) -> list[str]:
        """Wait until Kafka holds what folding its journal gives, and the colours are those of the files."""
        colours = last_colours(self.files())
        until(
            lambda: last_colours(changes(self.broker.address, self.prefix)) == colours, "the files' colours"
        )
        found: list[str] = []

        def same() -> bool:
            found[:] = changes(self.broker.address, self.prefix)
            return found == expected(self.env, self.folder)

        until(same, "what folding the journal gives")
        return found


@pytest.fixture
def deployment(broker: LocalBroker, topic_prefix: str, tmp_path: Path, seed: int) -> Iterator[Deployment]:
    yield from deployed(broker, topic_prefix, tmp_path, seed)


def deployed(broker: LocalBroker, prefix: str, folder: Path, seed: int) -> Iterator[Deployment]:
    made = Deployment(broker, prefix, folder, seed)
    yield made
    for worker in made.workers:
        if worker.alive():
            worker.process.send_signal(signal.SIGCONT)
            worker.kill()


@pytest.fixture
def seed() -> int:
    return 1


def some_changes(deployment: Deployment, wanted: int, begun: float) -> bool:
    """Say whether so many changes are there, or none came for three seconds."""
    found = len(changes(deployment.broker.address, deployment.prefix))
    return found >= wanted or time.monotonic() - begun > 3


def last_colours(lines: list[str]) -> dict[str, tuple[str, list[tuple[str, str | None]]]]:
    """Return each phone's last colour and reasons."""
    found = {}
    for line in lines:
        data = json.loads(line)["data"]
        reasons = [(reason["code"], reason["area"]) for reason in data["reasons"]]
        found[data["phone"]] = (data["colour"], reasons)
    return found


def sequences(lines: list[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for line in lines:
        data = json.loads(line)["data"]
        found.setdefault(data["phone"], []).append(data["sequence"])
    return found


def assert_nothing_lost_doubled_or_out_of_order(lines: list[str]) -> None:
    assert lines
    for numbers in sequences(lines).values():
        assert numbers == list(range(1, len(numbers) + 1))


def test_files_through_kafka_give_the_colours_of_replay(deployment: Deployment) -> None:
    worker = deployment.worker()
    until(worker.ready, "ready")
    deployment.publish()
    assert_nothing_lost_doubled_or_out_of_order(deployment.settled())
    assert worker.stop() == 0


def test_a_restarted_worker_goes_on_where_it_was(deployment: Deployment) -> None:
    deployment.publish()
    first = deployment.worker()
    before = deployment.settled()
    assert first.stop() == 0
    second = deployment.worker()
    until(second.ready, "ready again")
    assert deployment.settled() == before


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_kill_9_in_mid_stream_loses_and_doubles_nothing(deployment: Deployment, seed: int) -> None:
    rnd = random.Random(seed)
    worker = deployment.worker()
    until(worker.ready, "ready")
    deployment.publish()
    for _ in range(2):
        begun = len(changes(deployment.broker.address, deployment.prefix))
        wanted = begun + rnd.randrange(1, 20)
        now = time.monotonic()
        until(partial(some_changes, deployment, wanted, now), "some changes")
        worker.kill()
        worker = deployment.worker()
    assert_nothing_lost_doubled_or_out_of_order(deployment.settled())


@pytest.mark.parametrize("seed", [21, 22])
def test_a_worker_that_joins_and_one_that_leaves_change_nothing(deployment: Deployment, seed: int) -> None:
    del seed
    first = deployment.worker()
    until(first.ready, "ready")
    deployment.publish()
    second = deployment.worker()
    until(second.ready, "the second ready")
    assert first.stop() == 0
    assert_nothing_lost_doubled_or_out_of_order(deployment.settled())


@pytest.mark.parametrize("seed", [31, 32])
def test_a_worker_stopped_beyond_its_session_is_fenced(deployment: Deployment, seed: int) -> None:
    del seed
    first = deployment.worker()
    until(first.ready, "ready")
    second = deployment.worker()
    until(second.ready, "the second ready")
    deployment.publish()
    os.kill(first.process.pid, signal.SIGSTOP)
    assert_nothing_lost_doubled_or_out_of_order(deployment.settled())
    os.kill(first.process.pid, signal.SIGCONT)
    deployment.publish()
    assert_nothing_lost_doubled_or_out_of_order(deployment.settled())


def test_a_restarted_broker_changes_nothing(own_broker: LocalBroker, tmp_path: Path) -> None:
    for made in deployed(own_broker, "", tmp_path, 41):
        worker = made.worker()
        until(worker.ready, "ready")
        made.publish()
        own_broker.restart()
        if not worker.alive():
            made.worker()
        assert_nothing_lost_doubled_or_out_of_order(made.settled())
