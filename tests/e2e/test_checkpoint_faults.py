"""kill -9 in the middle of a checkpoint: the one before it stands, and nothing is lost or doubled (D5)."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from kafka import KafkaConsumer, TopicPartition

from tests.e2e.deployment import PARTITIONS, Deployment, Part, deployed
from tests.e2e.processes import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.kafka.local import LocalBroker


@pytest.fixture
def deployment(broker: LocalBroker, topic_prefix: str, tmp_path: Path, seed: int) -> Iterator[Deployment]:
    with deployed(broker, topic_prefix, tmp_path, seed, checkpoint_seconds="1") as made:
        yield made


SOME = 500
"""Sightings of which one of the first is waited for before a disturbance."""


def begun(deployment: Deployment, part: Part, rnd: random.Random) -> None:
    """Begin to publish a part; return while it is being published and folded."""
    wanted = deployment.sighted() + rnd.randrange(1, SOME)
    part.start()
    until(lambda: deployment.sighted() >= wanted, "folding")
    assert part.is_alive(), "the publishing ended before the disturbance"


class Checkpoints:
    """What the workers write to `checkpoints`, as it is committed."""

    def __init__(self, deployment: Deployment) -> None:
        self._consumer = KafkaConsumer(
            bootstrap_servers=deployment.broker.address, isolation_level="read_committed"
        )
        topic = f"{deployment.prefix}checkpoints"
        self._consumer.assign([TopicPartition(topic, number) for number in range(PARTITIONS)])
        self._consumer.seek_to_beginning()
        self.whole = 0
        """Manifests seen so far."""
        self._open: set[int] = set()

    def begun(self) -> bool:
        """Say whether some partition's checkpoint has begun and is not whole."""
        for tp, records in self._consumer.poll(50).items():
            for record in records:
                if record.key.startswith(b"segment/") and record.value is not None:
                    self._open.add(tp.partition)
                elif record.key.startswith(b"checkpoint/"):
                    self.whole += 1
                    self._open.discard(tp.partition)
        return bool(self._open)


@pytest.mark.parametrize("seed", [51, 52, 53])
def test_kill_9_in_the_middle_of_a_checkpoint_loses_and_doubles_nothing(
    deployment: Deployment, seed: int
) -> None:
    rnd = random.Random(seed)
    worker = deployment.ready()
    written = Checkpoints(deployment)
    whole = []
    for part in deployment.parts(3):
        begun(deployment, part, rnd)
        until(written.begun, "a checkpoint has begun")
        worker.kill()
        whole.append(written.whole)
        worker = deployment.ready()
        part.finish()
    until(lambda: not written.begun() and written.whole > whole[-1], "a checkpoint is whole")
    deployment.settled()
    assert worker.metric("shendeng_checkpoint_age_seconds") > 0
    assert worker.metric("shendeng_checkpoint_pause_seconds") > 0
