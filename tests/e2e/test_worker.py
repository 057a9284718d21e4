"""From a carrier's file to a colour change on real Kafka: the same as `replay`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from kafka import TopicPartition
from kafka.admin import KafkaAdminClient

from streams.cli._ending import SOME
from tests.e2e.deployment import PARTITIONS, Deployment, deployed
from tests.e2e.processes import shendeng, until

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from streams.kafka.local import LocalBroker

SLOT = 900


@pytest.fixture
def deployment(broker: LocalBroker, topic_prefix: str, tmp_path: Path) -> Iterator[Deployment]:
    with deployed(broker, topic_prefix, tmp_path, 1) as made:
        yield made


@pytest.fixture(scope="module")
def untouched(broker: LocalBroker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """The environment of a deployment that no worker changes."""
    with deployed(broker, "untouched.", tmp_path_factory.mktemp("untouched"), 1) as made:
        yield made.env


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


def test_by_the_wall_clock_idle_partitions_move_on(
    broker: LocalBroker, topic_prefix: str, tmp_path: Path
) -> None:
    with deployed(broker, topic_prefix, tmp_path, 1, clock="wall") as made:
        worker = made.ready()

        def moved() -> bool:
            lines = worker.get("/metrics").splitlines()
            lags = [float(x.split()[-1]) for x in lines if x.startswith("shendeng_clock_lag_seconds{")]
            return len(lags) == PARTITIONS and all(0 <= lag < 2 * SLOT for lag in lags)

        until(moved, "every partition's clock is in this slot or the last")
        assert worker.metric("shendeng_phones") == 0


def test_a_worker_whose_broker_is_gone_is_not_ready(own_broker: LocalBroker, tmp_path: Path) -> None:
    with deployed(own_broker, "", tmp_path, 1) as made:
        worker = made.ready()
        own_broker.kill()
        until(lambda: worker.get("/readyz") == "" and worker.alive(), "not ready")
        own_broker.start()
        until(worker.ready, "ready again")


def test_a_journal_cut_at_its_beginning_is_not_told_again_but_rebuilt_from(
    deployment: Deployment, tmp_path: Path
) -> None:
    deployment.env["SHENDENG_CHECKPOINT_SECONDS"] = "3600"
    worker = deployment.ready()
    deployment.publish()
    deployment.settled()
    worker.stop()
    admin = KafkaAdminClient(bootstrap_servers=deployment.broker.address)
    admin.delete_records({TopicPartition(f"{deployment.prefix}journal", 0): 3})
    admin.close()
    out = tmp_path / "cut.ndjson"
    commands = {
        ("replay", "--journal", "-o", str(out)): "begins at 3, not at 0",
        ("worker",): "begins at 3, and there is no checkpoint",
    }
    for words, told in commands.items():
        line = [sys.executable, "-m", "streams", *words]
        done = subprocess.run(line, env=deployment.env, capture_output=True, text=True, check=False)
        assert (done.returncode, told in done.stderr) == (2, True), words
        assert "Traceback" not in done.stderr
    assert not out.exists()
    found = json.loads(shendeng("rebuild", "--json", env=deployment.env, codes=(SOME,)))
    assert [one["first"] for one in found] == [3, 0, 0, 0]
    assert "kept for less than 15 days" in found[0]["doubts"][0]
    assert shendeng("explain", "01" * 16, env=deployment.env, codes=(SOME,)).startswith("never seen")
    deployment.ready()


def test_a_byte_lost_on_a_brokers_disk_ends_a_worker_that_names_its_place(deployment: Deployment) -> None:
    deployment.publish()
    topic = f"{deployment.prefix}location-events.mobile"
    data = deployment.broker.folder / "data"
    segment = max(data.glob(f"{topic}-*/*.log"), key=lambda path: path.stat().st_size)
    with segment.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        last = file.read(1)[0]
        file.seek(-1, os.SEEK_END)
        file.write(bytes([last ^ 1]))
    worker = deployment.worker()
    assert worker.process.wait(60) == 1
    said = worker.log.read_text().splitlines()[-1]
    assert f"ends: {segment.parent.name}: the batch at offset " in said
    assert said.endswith(" is corrupt: its checksum is wrong")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kafka_brokers", "foo:bar"),
        ("metrics_port", "99999"),
        ("session_timeout_ms", "99999999"),
        ("session_timeout_ms", "10"),
        ("slot_minutes", "7"),
        ("resolution", "99"),
        ("retention_days", "3"),
        ("partitions", "8"),
        ("schema_registry_url", "localhost:8081"),
    ],
)
def test_a_setting_that_cannot_be_meant_ends_a_worker_in_a_line(
    untouched: Mapping[str, str], name: str, value: str
) -> None:
    env = {**untouched, f"SHENDENG_{name.upper()}": value}
    done = subprocess.run(
        [sys.executable, "-m", "streams", "worker"], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert value in done.stderr.splitlines()[-1]
