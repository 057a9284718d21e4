"""Fencing on a real broker: what carries exactly-once is that a predecessor can write nothing any more."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aiokafka.errors import IllegalOperation, KafkaError

from streams.clock import now_precise
from streams.kafka import positions, recovery
from streams.kafka.clients import writer
from streams.kafka.errors import Fenced, UnusableError
from streams.kafka.store import KafkaStore
from streams.kafka.transactions import Output, Transactions, transactional_id
from streams.kafka.wire import Wire
from tests.agents.stage import Stage, a_stage

if TYPE_CHECKING:
    from streams.kafka.local import LocalBroker


def ready(broker: LocalBroker, prefix: str) -> tuple[Stage, str]:
    stage = a_stage(broker.address, prefix)
    stage.make_topics()
    return stage, transactional_id("contract", prefix, 0)


def store(stage: Stage) -> KafkaStore:
    return KafkaStore.of(stage.settings, stage.brokers, 0, Wire(None), now_precise)


def change(stage: Stage, value: bytes) -> Output:
    return Output(stage.names.colour_changes, b"key", value, 0, [("ce_id", b"1")])


def position(stage: Stage, offset: int) -> Output:
    return Output(stage.names.checkpoints, positions.key(0), positions.encode(offset), 0)


def test_a_predecessor_is_refused_and_nothing_of_it_is_seen(broker: LocalBroker, topic_prefix: str) -> None:
    stage, identity = ready(broker, topic_prefix)

    async def work() -> None:
        old = await Transactions.fence(stage.brokers, identity, Wire(None), now_precise)
        await old.commit([change(stage, b"before"), position(stage, 1)])
        new = await Transactions.fence(stage.brokers, identity, Wire(None), now_precise)
        with pytest.raises(Fenced):
            await old.commit([change(stage, b"after"), position(stage, 2)])
        assert (await recovery.find(store(stage))).position == 1
        await new.commit([change(stage, b"new"), position(stage, 3)])
        await old.close()
        await new.close()
        assert (await recovery.find(store(stage))).position == 3

    asyncio.run(work())
    assert [one.value for one in stage.read(stage.names.colour_changes)] == [b"before", b"new"]


def test_an_open_transaction_of_a_predecessor_is_over_when_the_fencing_returns(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage, identity = ready(broker, topic_prefix)

    async def work() -> None:
        old = await Transactions.fence(stage.brokers, identity, Wire(None), now_precise)
        producer = old._producer  # noqa: SLF001
        await producer.begin_transaction()
        await producer.send_and_wait(stage.names.checkpoints, positions.encode(9), positions.key(0), 0)
        new = await Transactions.fence(stage.brokers, identity, Wire(None), now_precise)
        assert (await recovery.find(store(stage))).position is None
        await new.commit([position(stage, 4)])
        assert (await recovery.find(store(stage))).position == 4
        await old.close()
        await new.close()

    asyncio.run(work())


def test_a_predecessor_in_the_middle_of_a_transaction_cannot_end_it(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage, identity = ready(broker, topic_prefix)

    async def work() -> None:
        old = await Transactions.fence(stage.brokers, identity, Wire(None), now_precise)
        await old.commit([position(stage, 1)])
        producer = old._producer  # noqa: SLF001
        await producer.begin_transaction()
        await producer.send_and_wait(stage.names.checkpoints, positions.encode(2), positions.key(0), 0)
        new = await Transactions.fence(stage.brokers, identity, Wire(None), now_precise)
        with pytest.raises((KafkaError, IllegalOperation)) as caught:
            await producer.commit_transaction()
        assert isinstance(old._verdict(caught.value), Fenced)  # noqa: SLF001
        assert (await recovery.find(store(stage))).position == 1
        await old.close()
        await new.close()

    asyncio.run(work())


def test_an_aborted_first_transaction_does_not_make_a_missing_position_fatal(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage, identity = ready(broker, topic_prefix)

    async def work() -> None:
        old = await Transactions.fence(stage.brokers, identity, Wire(None), now_precise)
        producer = old._producer  # noqa: SLF001
        await producer.begin_transaction()
        await producer.send_and_wait(stage.names.colour_changes, b"never", b"key", 0)
        new = await Transactions.fence(stage.brokers, identity, Wire(None), now_precise)
        assert (await recovery.find(store(stage))).position is None
        await old.close()
        await new.close()

    asyncio.run(work())


def test_a_broker_that_is_not_there_is_named() -> None:
    async def work() -> None:
        with pytest.raises(UnusableError, match=r"no Kafka at 127\.0\.0\.1:1"):
            await writer("127.0.0.1:1")

    asyncio.run(work())
