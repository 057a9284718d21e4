"""Faults injected in mid-stream, on real processes: nothing is lost, doubled or out of order (D4, D5).

Each disturbance comes while a carrier is publishing, once what it published has begun to be folded; the
seed chooses when.
"""

from __future__ import annotations

import os
import random
import signal
from typing import TYPE_CHECKING

import pytest

from tests.e2e.deployment import PARTITIONS, Deployment, Part, deployed
from tests.e2e.processes import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.kafka.local import LocalBroker
    from tests.e2e.processes import Worker

SOME = 500
"""Sightings of a part (of some thousands) that may be in the journal before the disturbance comes."""


@pytest.fixture
def deployment(broker: LocalBroker, topic_prefix: str, tmp_path: Path, seed: int) -> Iterator[Deployment]:
    with deployed(broker, topic_prefix, tmp_path, seed) as made:
        yield made


def begun(deployment: Deployment, part: Part, rnd: random.Random) -> None:
    """Begin to publish a part; return while it is being published and folded."""
    wanted = deployment.sighted() + rnd.randrange(1, SOME)
    part.start()
    until(lambda: deployment.sighted() >= wanted, "folding")
    assert part.is_alive(), "the publishing ended before the disturbance"


def owned(worker: Worker) -> list[str]:
    """Return the lines of a worker's metrics that stand for the journal partitions live there."""
    lines = worker.get("/metrics").splitlines()
    return [line for line in lines if line.startswith("shendeng_journal_offset{")]


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_kill_9_in_mid_stream_loses_and_doubles_nothing(deployment: Deployment, seed: int) -> None:
    rnd = random.Random(seed)
    worker = deployment.ready()
    for part in deployment.parts(3):
        begun(deployment, part, rnd)
        worker.kill()
        worker = deployment.ready()
        part.finish()
    deployment.settled()


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_a_worker_that_joins_and_one_that_leaves_change_nothing(deployment: Deployment, seed: int) -> None:
    rnd = random.Random(seed)
    first = deployment.ready()
    joining, leaving = deployment.parts(2)
    begun(deployment, joining, rnd)
    deployment.ready()
    joining.finish()
    begun(deployment, leaving, rnd)
    assert first.stop() == 0
    leaving.finish()
    deployment.settled()


@pytest.mark.parametrize("seed", [31, 32, 33])
def test_a_worker_stopped_beyond_its_session_is_fenced(deployment: Deployment, seed: int) -> None:
    rnd = random.Random(seed)
    first, second = deployment.ready(), deployment.ready()
    stopped, woken = deployment.parts(2)
    begun(deployment, stopped, rnd)
    os.kill(first.process.pid, signal.SIGSTOP)
    stopped.finish()
    until(lambda: len(owned(second)) == PARTITIONS, "the other worker has taken over")
    assert second.alive()
    os.kill(first.process.pid, signal.SIGCONT)
    begun(deployment, woken, rnd)
    woken.finish()
    deployment.settled()


@pytest.mark.parametrize("seed", [41, 42])
def test_a_restarted_broker_changes_nothing(own_broker: LocalBroker, tmp_path: Path, seed: int) -> None:
    rnd = random.Random(seed)
    with deployed(own_broker, "", tmp_path, seed) as made:
        worker = made.ready()
        for part in made.parts(2):
            begun(made, part, rnd)
            own_broker.restart()
            part.finish()
            if not worker.alive():
                worker = made.worker()
        made.settled()
