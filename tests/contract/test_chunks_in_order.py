"""The chunk-fed consumer commits only the contiguous acknowledged head and skips nothing."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import faust
from aiokafka import TopicPartition
from faust.types import TP

from streams.kafka.chunks import Chunk
from streams.kafka.clients import bounds, read_range, reader
from streams.kafka.consumer import AHEAD, Consumer, Thread
from streams.kafka.rows import Rows
from tests.agents.stage import a_stage

if TYPE_CHECKING:
    from streams.kafka.local import LocalBroker

HERE = TP("topic", 0)


def rows(first: int, last: int) -> Rows:
    record = SimpleNamespace(timestamp=1000, timestamp_type=1, key=None, value=None)
    return Rows.of([SimpleNamespace(offset=n, **vars(record)) for n in range(first, last + 1)])


def chunk(first: int, last: int, next_offset: int | None = None) -> Chunk:
    return Chunk("topic", 0, rows(first, last), next_offset or last + 1, 100)


def a_consumer() -> Consumer:
    app = faust.App("contract", broker="chunked://127.0.0.1:1", web_enabled=False)
    found = app.consumer
    assert isinstance(found, Consumer)
    return found


def test_an_offset_is_committed_up_to_the_first_chunk_that_is_not_acknowledged() -> None:
    async def look() -> None:
        consumer = a_consumer()
        one, two, three = chunk(0, 9), chunk(10, 19), chunk(20, 29, next_offset=31)
        consumer._delivered[HERE].extend([one, two, three])  # noqa: SLF001
        assert consumer._new_offset(HERE) is None  # noqa: SLF001
        three.acked = True
        one.acked = True
        assert consumer._new_offset(HERE) == 10  # noqa: SLF001
        two.acked = True
        assert consumer._new_offset(HERE) == 31  # noqa: SLF001

    asyncio.run(look())


def test_acknowledging_a_chunk_of_an_earlier_assignment_commits_nothing() -> None:
    async def look() -> None:
        consumer = a_consumer()
        old, again = chunk(10, 19), chunk(0, 19)
        message = consumer._message(HERE, old)  # noqa: SLF001
        consumer._delivered[HERE].append(old)  # noqa: SLF001
        consumer._forget()  # noqa: SLF001
        consumer._delivered[HERE].append(again)  # noqa: SLF001
        consumer.ack(message)
        assert consumer._new_offset(HERE) is None  # noqa: SLF001

    asyncio.run(look())


def test_a_partition_whose_agent_is_behind_gets_no_room_and_others_keep_theirs() -> None:
    async def look() -> None:
        consumer = a_consumer()
        waiting = [chunk(n, n) for n in range(AHEAD)]
        consumer._delivered[HERE].extend(waiting)  # noqa: SLF001
        assert not consumer._has_room(HERE)  # noqa: SLF001
        assert consumer._has_room(TP("topic", 1))  # noqa: SLF001
        waiting[0].taken = True
        assert consumer._has_room(HERE)  # noqa: SLF001

    asyncio.run(look())


def test_a_partition_held_back_is_not_resumed_with_the_others() -> None:
    async def look() -> None:
        consumer = a_consumer()
        other = TP("topic", 1)
        consumer._held = {HERE}  # noqa: SLF001
        consumer.resume_partitions({HERE, other})
        assert consumer._get_active_partitions() == {other}  # noqa: SLF001

    asyncio.run(look())


def test_a_chunk_that_could_not_be_delivered_is_fetched_again_unless_somebody_has_sought_since(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)
    stage.make_topics()
    topic = stage.names.journal
    stage.send(topic, [(None, b"%d" % n) for n in range(5)], partition=0)
    tp = TopicPartition(topic, 0)

    async def look() -> None:
        async with reader(broker.address, committed=False) as consumer:
            consumer.assign([tp])
            consumer.seek(tp, 0)
            fetched: list[Any] = []
            while len(fetched) < 5:
                fetched += (await consumer.getmany(tp, timeout_ms=200)).get(tp, [])
            dropped = {TP(topic, 0): Chunk(topic, 0, Rows.of(fetched), 5, 5)}
            thread: Any = SimpleNamespace(_ensure_consumer=lambda: consumer)
            await Thread._put_back(thread, dropped)  # noqa: SLF001
            assert await consumer.position(tp) == 0
            consumer.seek(tp, 3)
            await Thread._put_back(thread, dropped)  # noqa: SLF001
            assert await consumer.position(tp) == 3

    asyncio.run(look())


def test_a_range_is_read_whole_though_it_begins_at_the_beginning(
    broker: LocalBroker, topic_prefix: str
) -> None:
    """With any reset but `none` aiokafka answered a seek to the beginning with the end."""
    stage = a_stage(broker.address, topic_prefix)
    stage.make_topics()
    topic = stage.names.journal
    stage.send(topic, [(None, b"%d" % n) for n in range(1000)], partition=1)

    async def look() -> None:
        for _ in range(5):
            first, end = (await bounds(broker.address, topic, [1]))[1]
            found = [
                record.offset
                async for some in read_range(broker.address, topic, 1, first, end, committed=True)
                for record in some
            ]
            assert found == list(range(1000))

    asyncio.run(look())
