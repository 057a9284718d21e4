"""What Kafka's own client, librdkafka and aiokafka write comes out in rows as aiokafka's consumer gives it.

Each writes a partition for each codec and one in transactions of two producers, some of them aborted.
"""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from confluent_kafka import Producer
from kafka.admin import KafkaAdminClient, NewTopic

from streams.kafka.clients import reader
from streams.kafka.errors import CorruptError
from streams.kafka.fetching import in_rows
from tests.kafka.written import listed, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.kafka.local import LocalBroker

CODECS = ("none", "gzip", "snappy", "lz4", "zstd")
RECORDS = 500
ROUNDS, EACH = 3, 10
PARTITIONS = [*range(len(CODECS) + 1)]

Record = tuple[bytes | None, bytes | None, list[tuple[str, bytes | None]]]


def record(number: int) -> Record:
    headers: list[tuple[str, bytes | None]] = [("h", None), ("é", bytes(200))] if number % 5 == 0 else []
    key = None if number % 7 == 1 else b"key %d" % number
    return key, None if number % 7 == 0 else b"value %d" % number * (number % 40), headers


def by_java(broker: LocalBroker, topic: str) -> None:
    source = Path(__file__).parent / "Write.java"
    command = [broker.java.command, "-cp", f"{broker.jars}/*", str(source), broker.address, topic]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def by_librdkafka(broker: LocalBroker, topic: str) -> None:
    def send(producer: Any, partition: int, number: int) -> None:
        key, value, headers = record(number)
        producer.produce(topic, value, key, partition, headers=headers)

    common = {"bootstrap.servers": broker.address, "linger.ms": 5}
    for partition, codec in enumerate(CODECS):
        producer = Producer(common | {"compression.type": codec})
        for number in range(RECORDS):
            send(producer, partition, number)
        producer.flush()
    one = Producer(common | {"transactional.id": f"{topic}one", "compression.type": "lz4"})
    two = Producer(common | {"transactional.id": f"{topic}two"})
    for each in (one, two):
        each.init_transactions()
    for round_ in range(ROUNDS):
        for each in (one, two):
            each.begin_transaction()
        for number in range(EACH):
            send(one, PARTITIONS[-1], number)
            send(two, PARTITIONS[-1], number)
        for each in (one, two):
            each.flush()
        (one.abort_transaction if round_ == 1 else one.commit_transaction)()
        two.abort_transaction()


def by_aiokafka(broker: LocalBroker, topic: str) -> None:
    async def send(producer: Any, partition: int, number: int) -> Any:
        key, value, headers = record(number)
        return await producer.send(topic, value, key, partition, headers=headers)

    async def write() -> None:
        for partition, codec in enumerate(CODECS):
            named = None if codec == "none" else codec
            producer = AIOKafkaProducer(bootstrap_servers=broker.address, compression_type=named, linger_ms=5)
            async with producer:
                await asyncio.gather(*[await send(producer, partition, number) for number in range(RECORDS)])
        one, two = (
            AIOKafkaProducer(bootstrap_servers=broker.address, transactional_id=f"{topic}{name}")
            for name in ("one", "two")
        )
        async with one, two:
            for round_ in range(ROUNDS):
                for each in (one, two):
                    await each.begin_transaction()
                for number in range(EACH):
                    await asyncio.gather(*[await send(each, PARTITIONS[-1], number) for each in (one, two)])
                await (one.abort_transaction if round_ == 1 else one.commit_transaction)()
                await two.abort_transaction()

    asyncio.run(write())


def a_topic(broker: LocalBroker, topic: str, **settings: str) -> str:
    admin = KafkaAdminClient(bootstrap_servers=broker.address)
    configs = {name.replace("_", "."): value for name, value in settings.items()}
    admin.create_topics([NewTopic(topic, len(PARTITIONS), 1, topic_configs=configs)])
    admin.close()
    return topic


async def read(
    broker: LocalBroker, topic: str, partition: int, *, rows: bool, committed: bool, first: int = 0
) -> tuple[list[Any], int]:
    """Return what is read of a partition from an offset to its end, and where reading would go on."""
    tp = TopicPartition(topic, partition)
    async with reader(broker.address, committed=committed) as consumer:
        if rows:
            in_rows(consumer)
        [end] = (await consumer.end_offsets([tp])).values()
        consumer.assign([tp])
        consumer.seek(tp, first)
        found: list[Any] = []
        while await consumer.position(tp) < end:
            fetched: list[Any] = (await consumer.getmany(tp, timeout_ms=200)).get(tp, [])
            found += [one for some in fetched for one in told(some)] if rows else listed(fetched)
        return found, await consumer.position(tp)


@pytest.mark.parametrize("write", [by_java, by_librdkafka, by_aiokafka])
def test_rows_are_what_aiokafkas_consumer_gives(
    broker: LocalBroker, topic_prefix: str, write: Callable[[LocalBroker, str], None]
) -> None:
    topic = a_topic(broker, f"{topic_prefix}written")
    write(broker, topic)

    async def compare() -> None:
        for partition in PARTITIONS:
            for committed in (True, False):
                mine = await read(broker, topic, partition, rows=True, committed=committed)
                upstream = await read(broker, topic, partition, rows=False, committed=committed)
                assert mine == upstream
                transactions = (ROUNDS - 1) * EACH if committed else 2 * ROUNDS * EACH
                assert len(mine[0]) == (transactions if partition == PARTITIONS[-1] else RECORDS)
        middle = await read(broker, topic, 3, rows=True, committed=True, first=123)
        assert middle[0][0][0] == 123
        assert middle == await read(broker, topic, 3, rows=False, committed=True, first=123)

    asyncio.run(compare())


def test_the_brokers_own_time_is_told_from_a_producers(broker: LocalBroker, topic_prefix: str) -> None:
    topic = a_topic(broker, f"{topic_prefix}appended", message_timestamp_type="LogAppendTime")
    by_aiokafka(broker, topic)

    async def compare() -> None:
        for partition in PARTITIONS:
            mine = await read(broker, topic, partition, rows=True, committed=True)
            assert mine == await read(broker, topic, partition, rows=False, committed=True)
            assert {kind for _, _, kind, _, _ in mine[0]} == {1}

    asyncio.run(compare())


def test_a_byte_lost_on_the_brokers_disk_ends_the_reading_by_its_place(
    broker: LocalBroker, topic_prefix: str
) -> None:
    topic = a_topic(broker, f"{topic_prefix}corrupt")

    async def write() -> None:
        async with AIOKafkaProducer(bootstrap_servers=broker.address) as producer:
            for number in range(3):
                await producer.send_and_wait(topic, b"value %d" % number, partition=0)

    async def look() -> None:
        with pytest.raises(CorruptError) as refused:
            await read(broker, topic, 0, rows=True, committed=True)
        assert str(refused.value) == f"{topic}-0: the batch at offset 2 is corrupt: its checksum is wrong"
        with pytest.raises(CorruptError):
            await read(broker, topic, 0, rows=True, committed=True, first=1)

    asyncio.run(write())
    [segment] = (broker.folder / "data" / f"{topic}-0").glob("*.log")
    with segment.open("r+b") as file:
        file.seek(segment.read_bytes().index(b"value 2"))
        file.write(b"other")
    asyncio.run(look())
