"""Hex counts with workers that are killed: byte for byte what the journals imply (rule 17.3)."""

from __future__ import annotations

import signal
import time
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from streams import codecs, settings
from streams.domain.hexes import cell_of
from streams.domain.records import Record, Sightings, TimeAdvanced
from tests.agents.counting import told
from tests.e2e.processes import Worker, environment, until, within

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.kafka.local import LocalBroker

PARTITIONS: Final = 2
PHONES: Final = 40
SLOT: Final = 900
START: Final = int(time.time()) // SLOT * SLOT - 10 * 86_400
CELLS: Final = [cell_of(116.4 + east / 10, 39.9, 8) for east in range(3)]
PARTS: Final = 4
SLOTS: Final = 30
"""In each part of the journals."""


class Town:
    """Two partitions' phones that go about between three hexes, and whoever folds their journals."""

    def __init__(self, broker: LocalBroker, prefix: str, folder: Path) -> None:
        self.broker, self.prefix, self.folder = broker, prefix, folder
        more = {"partitions": str(PARTITIONS), "session_timeout_ms": "2000", "checkpoint_seconds": "1"}
        self.env = environment(broker.address, prefix, **more)
        self.settings = settings.load(self.env)
        self.random = Random(17)
        self.workers: list[Worker] = []
        within("topics", "create", env=self.env)

    def worker(self, module: str = "streams") -> Worker:
        log = self.folder / f"worker-{len(self.workers)}.log"
        self.workers.append(Worker(self.env, log, module).start())
        return self.workers[-1]

    def feed(self, part: int) -> None:
        """Append a part of the journals: in each slot some phones are seen somewhere."""
        producer = KafkaProducer(bootstrap_servers=self.broker.address)
        for partition in range(PARTITIONS):
            for record in self.records(partition, part * SLOTS):
                value = codecs.encode_record(record)
                producer.send(f"{self.prefix}journal", value=value, partition=partition)
        producer.flush()
        producer.close()

    def records(self, partition: int, first: int) -> Iterator[Record]:
        for number in range(first, first + SLOTS):
            clock, crowd = START + number * SLOT, self.random.choice(CELLS)
            seen = self.random.sample(range(PHONES), self.random.randint(5, PHONES))
            phones = [bytes([partition + 1, *one.to_bytes(15, "big")]) for one in seen]
            cells = [crowd if self.random.random() < 0.7 else self.random.choice(CELLS) for _ in seen]
            yield Sightings(clock, phones, cells, [clock // SLOT] * len(seen), [False] * len(seen))
        yield TimeAdvanced(START + (first + SLOTS) * SLOT)

    def published(self) -> list[tuple[bytes, bytes]]:
        return [(one.key, one.value) for one in self.read("hex-counts", 0)]

    def expected(self) -> list[tuple[bytes, bytes]]:
        journals = [self.read("journal", partition) for partition in range(PARTITIONS)]
        rows = [[(one.offset, one.timestamp, one.value) for one in journal] for journal in journals]
        return told(self.settings, rows)

    def exact(self) -> bool:
        expected = self.expected()
        return len(expected) > PARTS and self.published() == expected

    def read(self, topic: str, partition: int) -> list[Any]:
        consumer = KafkaConsumer(
            bootstrap_servers=self.broker.address, isolation_level="read_committed", enable_auto_commit=False
        )
        tp, found = TopicPartition(self.prefix + topic, partition), []
        consumer.assign([tp])
        consumer.seek_to_beginning(tp)
        end = consumer.end_offsets([tp])[tp]
        while consumer.position(tp) < end:
            found += consumer.poll(500).get(tp, [])
        consumer.close()
        return found


@pytest.fixture
def town(broker: LocalBroker, topic_prefix: str, tmp_path: Path) -> Iterator[Town]:
    made = Town(broker, topic_prefix, tmp_path)
    try:
        yield made
    finally:
        for worker in made.workers:
            if worker.alive():
                worker.kill()


@pytest.mark.parametrize("topic", ["hex-partials", "hex-counts"])
@pytest.mark.parametrize("moment", ["within", "after"])
def test_killed_in_the_transaction_of_a_count_each_is_told_once(town: Town, moment: str, topic: str) -> None:
    town.feed(0)
    town.env |= {"DIES": moment, "DIES_ON": town.prefix + topic}
    dying = town.worker("tests.e2e.dying")
    assert dying.process.wait(120) == -signal.SIGKILL, dying.log.read_text()[-2000:]
    town.worker()
    until(town.exact, "what the journals imply")
    town.feed(1)
    until(town.exact, "what the journals imply, further on")


def test_killed_again_and_again_the_counts_are_those_of_the_journals(town: Town) -> None:
    for part in range(PARTS):
        before = len(town.published())
        town.feed(part)
        worker = town.worker()
        until(lambda before=before: len(town.published()) > before, "something is told")  # type: ignore[misc]
        worker.kill()
    last = town.worker()
    until(last.ready, "ready")
    town.feed(PARTS)
    until(town.exact, "what the journals imply")
    assert last.stop() == 0
    assert town.published() == town.expected()
