"""A worker's app on a real broker, in the test's own process: made, fed, watched, stopped."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic

from streams import codecs, topics
from streams.app import App, create
from streams.domain.towers import Tower
from streams.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

    from streams.domain.records import Record

PARTITIONS = 2
HEXED = Tower("460-0-1-1", 116.4, 39.9, 500.0)


@dataclass(frozen=True)
class Stage:
    """A deployment's topics on a broker, with stock clients on both sides."""

    brokers: str
    settings: Settings

    @property
    def names(self) -> topics.Names:
        return topics.Names(self.settings.topic_prefix)

    def make_topics(self, *carriers: str) -> None:
        admin = KafkaAdminClient(bootstrap_servers=self.brokers)
        there = set(admin.list_topics())
        wanted = [
            NewTopic(topic.name, topic.partitions, 1, topic_configs=dict(topic.settings))
            for topic in topics.topics(self.settings, carriers)
            if topic.name not in there
        ]
        admin.create_topics(wanted)
        admin.close()

    def send(
        self, topic: str, values: Iterable[tuple[bytes | None, bytes | None]], partition: int | None = None
    ) -> None:
        producer = KafkaProducer(bootstrap_servers=self.brokers)
        for key, value in values:
            producer.send(topic, key=key, value=value, partition=partition)
        producer.flush()
        producer.close()

    def send_towers(self, *towers: Tower) -> None:
        self.send(self.names.cell_towers, [(one.id.encode(), codecs.encode_tower(one)) for one in towers])

    def send_events(self, carrier: str, *events: tuple[bytes, str, int]) -> None:
        self.send(self.names.events(carrier), [(None, codecs.encode_event(*event)) for event in events])

    def send_journal(self, partition: int, *records: Record) -> None:
        self.send(self.names.journal, [(None, codecs.encode_record(one)) for one in records], partition)

    def read(self, topic: str, partition: int | None = None) -> list[Any]:
        """Return what a stock consumer sees of committed records, partition by partition."""
        consumer = KafkaConsumer(
            bootstrap_servers=self.brokers,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        numbers = consumer.partitions_for_topic(topic) or set()
        tps = [TopicPartition(topic, n) for n in sorted(numbers) if partition in {None, n}]
        consumer.assign(tps)
        ends = consumer.end_offsets(tps)
        found = []
        while any(consumer.position(tp) < ends[tp] for tp in tps):
            for records in consumer.poll(200).values():
                found.extend(records)
        consumer.close()
        return sorted(found, key=lambda record: (record.partition, record.offset))

    def committed(self, topic: str) -> dict[int, int | None]:
        consumer = KafkaConsumer(bootstrap_servers=self.brokers, group_id=group_of(self.settings))
        numbers = sorted(consumer.partitions_for_topic(topic) or set())
        found = {number: consumer.committed(TopicPartition(topic, number)) for number in numbers}
        consumer.close()
        return found


def group_of(settings: Settings) -> str:
    return f"{settings.app_id}-{settings.topic_prefix}"


def a_stage(brokers: str, prefix: str, **changed: Any) -> Stage:
    settings = Settings(
        kafka_brokers=brokers, topic_prefix=prefix, partitions=PARTITIONS, session_timeout_ms=6000
    )
    return Stage(brokers, replace(settings, **changed))


@asynccontextmanager
async def a_worker(stage: Stage) -> AsyncIterator[App]:
    """Run a worker's app until it is ready, then until the block ends; its fault is raised.

    It is raised in place of an AssertionError, too: what the block waited for may never come because of it.
    """
    app = create(stage.settings, stage.brokers)
    running = asyncio.create_task(app.start())
    try:
        await until(lambda: app.engine.ready() or app.engine.ending.fault or failed(running))
        raise_fault(app)
        if failed(running):
            await running
        try:
            yield app
        except AssertionError:
            raise_fault(app)
            raise
        raise_fault(app)
    finally:
        await app.transport.leave()
        await app.stop()
        await app.engine.stop()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def failed(task: asyncio.Task[None]) -> bool:
    return task.done() and task.exception() is not None


def raise_fault(app: App) -> None:
    if app.engine.ending.fault is not None:
        raise app.engine.ending.fault


async def until(holds: Callable[[], Any], seconds: float = 30.0) -> Any:
    """Poll a condition, which may block a moment, until it holds; fail at the deadline."""
    deadline = time.monotonic() + seconds
    while not (found := await asyncio.to_thread(holds)):
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s"
        await asyncio.sleep(0.05)
    return found


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        await work()

    asyncio.run(main())
