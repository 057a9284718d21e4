"""The broker's topics of one contest: filled once, kept for every round; what a run leaves is deleted."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from bench.peers.load import PARTITIONS
from bench.peers.reference import Expected, checksum, expected
from streams import clock, codecs
from streams.topics import LARGEST, Names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from bench.peers.load import Load

PREFIX: Final = "peers."
SMALL: Final = 200_000
"""Events of plain Faust: it would take an hour for ten million."""
STRETCH: Final = 100_000
HOUR_MS: Final = 3_600_000
MOST: Final = 10_000
SECONDS: Final = 60.0
POLL: Final = 0.2
INPUT: Final = {
    "retention.ms": "-1",
    "message.timestamp.type": "LogAppendTime",
    "max.message.bytes": str(LARGEST),
}
FAST: Final = {"linger.ms": 50, "batch.size": 1_000_000, "queue.buffering.max.messages": 1_000_000}


@dataclass(frozen=True)
class Ground:
    """Where a contest is held: a broker, the load, and a folder for what is measured."""

    broker: str
    load: Load
    folder: Path

    @property
    def names(self) -> Names:
        """Return the names of our topics."""
        return Names(PREFIX)

    def events(self, carrier: str) -> int:
        """Return how many events a carrier's topic holds."""
        return min(SMALL, len(self.load)) if carrier == "small" else len(self.load)

    def expected(self, carrier: str) -> Expected:
        """Return what others must emit for a carrier's topic."""
        found: list[int] = json.loads((self.folder / "expected.json").read_text(encoding="utf-8"))[carrier]
        return Expected(*found)

    def fill(self, say: Callable[[str], None]) -> None:
        """Write the files and topics that everybody reads, unless a run before did."""
        if (self.folder / "expected.json").exists():
            return
        say(f"filling the topics with {len(self.load):,} events, single and in batches")
        load, names = self.load, self.names
        lines = [f"{t.id},{cell}\n" for t, cell in zip(load.towers, load.hexes.tolist(), strict=True)]
        (self.folder / "towers.csv").write_text("".join(lines), encoding="ascii")
        (self.folder / "risk.txt").write_text("".join(f"{cell}\n" for cell in load.risk), encoding="ascii")
        carriers = [names.events(carrier) for carrier in ("single", "small", "batches")]
        self.delete(lambda _: True)
        self.create(carriers, PARTITIONS, INPUT)
        self.create([names.cell_towers, names.risk_areas], 1, {"cleanup.policy": "compact"})
        producer = Producer({"bootstrap.servers": self.broker, "acks": "all", **FAST})
        reference_data(producer, names, load)
        for carrier in ("single", "small"):
            _singles(producer, names.events(carrier), load, self.events(carrier))
        _batches(producer, names.events("batches"), load)
        producer.flush()
        found = {carrier: expected(load, self.events(carrier)) for carrier in ("single", "small")}
        (self.folder / "expected.json").write_text(json.dumps(found), encoding="utf-8")

    def create(self, topics: Sequence[str], partitions: int, settings: dict[str, str]) -> None:
        """Make topics."""
        made = self._admin.create_topics([NewTopic(name, partitions, 1, config=settings) for name in topics])
        for future in made.values():
            future.result()

    def topics(self) -> set[str]:
        """Return the topics there are."""
        return set(self._admin.list_topics(timeout=SECONDS).topics)

    def delete(self, wanted: Callable[[str], bool]) -> None:
        """Delete the topics of whom it is wanted, Kafka's own left out; return once they are gone."""
        end = clock.monotonic() + SECONDS
        while gone := [name for name in self.topics() if not name.startswith("__") and wanted(name)]:
            for future in self._admin.delete_topics(gone).values():
                future.exception()  # already on its way out: looked at again above
            if clock.monotonic() > end:
                raise TimeoutError(f"the broker keeps {gone}")
            time.sleep(POLL)

    def clean(self) -> None:
        """Delete what runs leave."""
        names = self.names
        kept = {names.cell_towers, names.risk_areas}
        self.delete(lambda name: name not in kept and names.carrier(name) is None)

    def outputs(self, topic: str) -> Expected:
        """Return the count and checksum of what a contender of others has committed."""
        count = total = 0
        for message in committed(self.broker, topic):
            value = message.value()
            seen, slots = int.from_bytes(value[32:40], "big"), int.from_bytes(value[40:44], "big")
            count += 1
            total ^= checksum(value[:16], seen, slots)
        return Expected(count, total)

    @cached_property
    def _admin(self) -> Any:
        return AdminClient({"bootstrap.servers": self.broker, "log_level": 0})  # it outlives the broker


def committed(broker: str, topic: str) -> Iterator[Any]:
    """Yield a topic's committed messages to their ends, a partition after the other."""
    consumer = Consumer(
        {
            "bootstrap.servers": broker,
            "group.id": "check",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "enable.partition.eof": True,
            "auto.offset.reset": "error",
        }
    )
    try:
        for number in range(PARTITIONS):
            consumer.assign([TopicPartition(topic, number, 0)])
            ended = False
            while not ended:
                for message in consumer.consume(MOST, 1.0):
                    if message.error() is None:
                        yield message
                    else:
                        ended = True
    finally:
        consumer.close()


def reference_data(producer: Any, names: Names, load: Load) -> None:
    """Publish the towers, and the risk hexes as areas, for ours."""
    for tower in load.towers:
        producer.produce(names.cell_towers, codecs.encode_tower(tower), tower.id.encode())
    for area in load.areas():
        producer.produce(names.risk_areas, codecs.encode_area(area), area.id.encode())
    producer.flush()


def _singles(producer: Any, topic: str, load: Load, events: int) -> None:
    for first in range(0, events, STRETCH):
        end = min(first + STRETCH, events)
        values, keys = load.values(first, end).tobytes(), load.keys(first, end)
        size = len(values) // (end - first)
        for number, (key, phone) in enumerate(zip(keys, load.phone[first:end].tolist(), strict=True)):
            producer.produce(topic, values[number * size : (number + 1) * size], key, phone % PARTITIONS)
        while len(producer) > STRETCH:
            producer.poll(POLL)


def _batches(producer: Any, topic: str, load: Load) -> None:
    """Send an hour of a partition's sightings as a batch, or as several of at most MOST."""
    for partition in range(PARTITIONS):
        rows = load.rows(partition)
        hours = load.seen_ms[rows] // HOUR_MS
        for first, end in _stretches(hours):
            for begin in range(first, end, MOST):
                value = load.batch(rows[begin : min(begin + MOST, end)])
                producer.produce(topic, value, partition=partition)
                producer.poll(0)


def _stretches(hours: Any) -> Iterator[tuple[int, int]]:
    """Yield where each run of equal numbers begins and ends."""
    cuts = [0, *((hours[1:] != hours[:-1]).nonzero()[0] + 1).tolist(), len(hours)]
    yield from pairwise(cuts)
