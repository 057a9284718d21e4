"""What agents write with, on a real broker."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from streams.kafka.clients import BATCH_BYTES
from streams.kafka.errors import EngineError
from streams.kafka.writers import Producing
from tests.agents.stage import PARTITIONS, a_stage, run

if TYPE_CHECKING:
    from streams.kafka.local import LocalBroker


def test_many_records_of_a_partition_keep_their_order_through_any_number_of_batches(
    broker: LocalBroker, topic_prefix: str
) -> None:
    """Also where two write at once, and where one record is larger than a batch."""
    stage = a_stage(broker.address, topic_prefix)
    stage.make_topics()
    journal = stage.names.journal
    sizes = [10, BATCH_BYTES // 2, BATCH_BYTES // 2, BATCH_BYTES + 1, 10, BATCH_BYTES * 2, 20]
    chunks = [[b"%d-%d-" % (chunk, n) + bytes(size) for n, size in enumerate(sizes)] for chunk in range(3)]

    async def work() -> None:
        producing = Producing(stage.brokers)
        await asyncio.gather(*[producing.send_all(journal, chunk, 1) for chunk in chunks])
        await producing.send_all(journal, [], 0)
        await producing.stop()

    run(work)
    assert [one.value for one in stage.read(journal, 1)] == [value for chunk in chunks for value in chunk]
    assert PARTITIONS == 2
    assert stage.read(journal, 0) == []


def test_a_record_that_the_broker_refuses_ends_the_writing(broker: LocalBroker, topic_prefix: str) -> None:
    stage = a_stage(broker.address, topic_prefix)
    stage.make_topics()

    async def work() -> None:
        producing = Producing(stage.brokers)
        try:
            with pytest.raises(EngineError, match="MessageSizeTooLargeError"):
                await producing.send_all(stage.names.journal, [b"fine", bytes(2 << 20)], 0)
        finally:
            await producing.stop()

    run(work)
