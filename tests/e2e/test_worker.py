"""From a carrier's file to a colour change on real Kafka: the same as `replay`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.deployment import Deployment, deployed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.kafka.local import LocalBroker


@pytest.fixture
def deployment(broker: LocalBroker, topic_prefix: str, tmp_path: Path) -> Iterator[Deployment]:
    with deployed(broker, topic_prefix, tmp_path, 1) as made:
        yield made


def test_files_through_kafka_give_the_colours_of_replay(deployment: Deployment) -> None:
    worker = deployment.ready()
    deployment.publish()
    deployment.settled()
    assert worker.stop() == 0


def test_a_restarted_worker_goes_on_where_it_was(deployment: Deployment) -> None:
    deployment.publish()
    first = deployment.worker()
    before = deployment.settled()
    assert first.stop() == 0
    deployment.ready()
    assert deployment.settled() == before
