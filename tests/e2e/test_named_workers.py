"""Workers that keep a name over restarts (SHENDENG_INSTANCE_ID): back at once, and nobody else notices."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from tests.chaos.disturbances import owned
from tests.e2e.deployment import PARTITIONS, deployed
from tests.e2e.processes import Worker, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.kafka.local import LocalBroker
    from tests.e2e.deployment import Deployment


@pytest.fixture
def made(broker: LocalBroker, topic_prefix: str, tmp_path: Path) -> Iterator[Deployment]:
    with deployed(broker, topic_prefix, tmp_path, 21) as deployment:
        deployment.env["SHENDENG_SESSION_TIMEOUT_MS"] = "60000"
        yield deployment


def named(made: Deployment, name: str) -> Worker:
    log = made.folder / f"worker-{len(made.workers)}.log"
    worker = Worker(made.env | {"SHENDENG_INSTANCE_ID": name}, log).start()
    made.workers.append(worker)
    return worker


def begun(worker: Worker) -> int:
    """Return how many lives of partitions began at a worker."""
    return worker.log.read_text().count(" live at offset ")


def shared(*workers: Worker) -> bool:
    return all(worker.ready() for worker in workers) and sum(map(owned, workers)) == PARTITIONS


def test_a_killed_worker_is_back_under_its_name_and_the_other_keeps_what_it_has(made: Deployment) -> None:
    one, other = named(made, "one"), named(made, "other")
    until(lambda: shared(one, other), "both have a share")
    made.publish()
    before = begun(other)
    one.kill()
    again = named(made, "one")
    until(lambda: shared(again, other), "the share is back")
    assert begun(other) == before
    made.settled()


def test_of_two_under_one_name_one_ends_whoever_stood_still_meanwhile(made: Deployment) -> None:
    stopped = named(made, "one")
    until(stopped.ready, "ready")
    made.publish()
    os.kill(stopped.process.pid, signal.SIGSTOP)
    successor = named(made, "one")
    until(lambda: owned(successor) == PARTITIONS, "the successor has everything")
    os.kill(stopped.process.pid, signal.SIGCONT)
    until(lambda: stopped.alive() != successor.alive(), "one has ended")
    left = stopped if stopped.alive() else successor
    until(lambda: owned(left) == PARTITIONS, "the other has everything")
    assert made.settled()
