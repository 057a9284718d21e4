"""Far more is in the topics than fits a worker: whatever stands still, it holds what was predicted."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from streams import codecs
from streams.bench.capacity import Demand, capacity
from streams.domain.records import Sightings
from streams.kafka.clients import FETCH_BYTES, writer
from streams.kafka.consumer import AHEAD
from tests.chaos.broker import a_disturbed_broker
from tests.chaos.proxy import ADD_PARTITIONS_TO_TXN, END_TXN
from tests.e2e import place
from tests.e2e.deployment import PARTITIONS, deployed
from tests.e2e.processes import ends, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.chaos.broker import DisturbedBroker
    from tests.e2e.deployment import Deployment
    from tests.e2e.processes import Worker

PHONES, TOWERS = 1_000, 10
JOURNALLED, PUBLISHED = 200, 50
"""Records of a partition, 10,000 sightings each: what is seen again changes nothing, but has to be folded."""
STILL = 30
"""Looks, a tenth of a second apart, through which nothing moves: folding may go on for a second."""
SLACK = 1.1
"""The heads of batches and the columns beside a value, where values are as large as these."""


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[DisturbedBroker]:
    with a_disturbed_broker(tmp_path / "kafka") as started:
        yield started


@pytest.fixture
def made(broker: DisturbedBroker, tmp_path: Path) -> Iterator[Deployment]:
    """A deployment whose worker is behind the proxy."""
    with deployed(broker, "", tmp_path, 1) as deployment:
        deployment.env |= {
            "SHENDENG_SESSION_TIMEOUT_MS": "6000",
            "SHENDENG_KAFKA_BROKERS": broker.proxied,
        }
        yield deployment


def phones(partition: int) -> list[bytes]:
    return [bytes([1, partition]) + number.to_bytes(14, "big") for number in range(PHONES)]


def publish(made: Deployment, topic: str, values: list[bytes], times: int) -> None:
    """Write each partition's value again and again."""

    async def write() -> None:
        producer = await writer(made.broker.address)  # kafka-python works out its checksums in plain Python
        for _ in range(times):
            for partition, value in enumerate(values):
                await producer.send(topic, value=value, partition=partition)
        await producer.stop()

    asyncio.run(write())


def journalled(partition: int) -> bytes:
    cells = place.cells()[:TOWERS] * PHONES
    seen = [phone for phone in phones(partition) for _ in range(TOWERS)]
    count = len(seen)
    record = Sightings(place.START, seen, cells, [place.START // 900] * count, [False] * count)
    return codecs.encode_record(record)


def batch(partition: int) -> bytes:
    seen = [phone for phone in phones(partition) for _ in range(TOWERS)]
    towers = [f"460-0-1-{number}" for number in range(TOWERS)] * PHONES
    return codecs.encode_batch(codecs.Events(seen, towers, [place.START * 1000] * len(seen)))


def folded(worker: Worker) -> float:
    return worker.metric("shendeng_journal_offset")


def stands_still(worker: Worker) -> None:
    """Wait until folding stands still."""
    found: list[float] = []

    def still() -> bool:
        assert worker.alive(), worker.log.read_text()[-2000:]
        found.append(folded(worker))
        return len(found) > STILL and len(set(found[-STILL:])) == 1

    until(still, "folding stands still")


def assert_little_was_fetched(worker: Worker) -> None:
    assert folded(worker) > 0, "it still answers"
    waiting = worker.metric("shendeng_fetched_bytes")
    assert waiting <= 2 * PARTITIONS * AHEAD * FETCH_BYTES * SLACK


def assert_it_fitted(worker: Worker) -> None:
    """The most that was ever resident of a worker is no more than `shendeng capacity` predicts."""
    status = Path(f"/proc/{worker.process.pid}/status").read_text()
    peak = 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    demand = Demand(PARTITIONS * PHONES, TOWERS, TOWERS, 14, PARTITIONS, 15, 500, 100_000.0, 8_000_000_000)
    assert peak <= capacity(demand).resident_bytes_per_worker


def test_a_worker_that_cannot_commit_stops_folding_and_fetching_then_goes_on(
    broker: DisturbedBroker, made: Deployment
) -> None:
    publish(made, "journal", [journalled(partition) for partition in range(PARTITIONS)], JOURNALLED)
    broker.proxy.hold(ADD_PARTITIONS_TO_TXN, END_TXN)
    worker = made.worker()
    until(lambda: folded(worker) > 0, "folding")
    stands_still(worker)
    end = sum(ends(made.broker.address, "journal"))
    assert folded(worker) < end
    assert_little_was_fetched(worker)
    broker.proxy.mend()
    until(lambda: folded(worker) >= end, "everything is folded")
    made.settled_by_journal()
    assert_it_fitted(worker)
    assert worker.stop() == 0


def test_a_worker_whose_broker_stands_still_goes_on_with_it(
    broker: DisturbedBroker, made: Deployment
) -> None:
    number = int((broker.folder / "pid").read_text())
    publish(made, "location-events.mobile", [batch(partition) for partition in range(PARTITIONS)], PUBLISHED)
    sent = PUBLISHED * PARTITIONS * PHONES * TOWERS
    worker = made.worker()
    until(lambda: folded(worker) > PARTITIONS, "folding")
    os.kill(number, signal.SIGSTOP)
    try:
        stands_still(worker)
        assert_little_was_fetched(worker)
    finally:
        os.kill(number, signal.SIGCONT)
    until(lambda: made.sighted() >= sent, "everything has entered")
    made.settled_by_journal()
    assert_it_fitted(worker)
    assert worker.stop() == 0
