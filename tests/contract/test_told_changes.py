"""Changes in columns on a real broker: in their transaction or not at all, and what any consumer reads."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from streams import codecs
from streams.clock import now_precise
from streams.domain.records import ColourChanged, Reason
from streams.kafka import positions
from streams.kafka.errors import Fenced
from streams.kafka.transactions import Output, Told, Transactions, transactional_id
from streams.kafka.wire import Wire
from streams.window.changes import Changes
from tests.agents.stage import Stage, a_stage
from tests.window.told import columns_of

if TYPE_CHECKING:
    from streams.kafka.local import LocalBroker

MANY = 3_000
"""Several batches of changes."""


def change(number: int, sequence: int) -> ColourChanged:
    reasons = (Reason("STAYED", "market", 3, 900, 18_000, 285), Reason("RECENT_ARRIVAL"))
    phone = number.to_bytes(16, "big")
    return ColourChanged(phone, sequence, "green", "red", reasons, 1, 18_000, 1_228_500, 0, sequence)


def of(sequence: int) -> list[ColourChanged]:
    return [change(number, sequence) for number in range(MANY)]


def outputs(stage: Stage, *sequences: int) -> list[Output | Told]:
    topic, told = stage.names.colour_changes, [of(sequence) for sequence in sequences]
    return [
        *(Told(topic, 0, Changes([columns_of(one, 0, one[0].offset)]), 0) for one in told),
        Output(stage.names.checkpoints, positions.key(0), positions.encode(max(sequences)), 0),
    ]


def test_each_is_a_record_as_if_it_had_been_sent_alone_and_in_order(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)
    stage.make_topics()

    async def work() -> None:
        one = await Transactions.fence(
            stage.brokers, transactional_id("contract", topic_prefix, 0), Wire(None), now_precise
        )
        await one.commit(outputs(stage, 1, 2))
        await one.commit(outputs(stage, 3))
        await one.close()

    begun = int(now_precise() * 1000)
    asyncio.run(work())
    found = stage.read(stage.names.colour_changes)
    expected = [one for sequence in (1, 2, 3) for one in of(sequence)]
    assert [(one.key, one.value, list(one.headers)) for one in found] == [
        (one.phone, codecs.encode_change(one), codecs.change_headers(one)) for one in expected
    ]
    assert all(begun <= one.timestamp <= now_precise() * 1000 for one in found)


def test_what_is_not_committed_is_never_seen(broker: LocalBroker, topic_prefix: str) -> None:
    """Neither what an owner left open, nor what one tried to write that has a successor."""
    stage, identity = a_stage(broker.address, topic_prefix), transactional_id("contract", topic_prefix, 0)
    stage.make_topics()

    async def work() -> None:
        old = await Transactions.fence(stage.brokers, identity, Wire(None), now_precise)
        await old.commit(outputs(stage, 1))
        producer = old._producer  # noqa: SLF001 - a crash between the records and the end
        await producer.begin_transaction()
        await asyncio.gather(*await old._send_all(outputs(stage, 2)))  # noqa: SLF001 - as above
        new = await Transactions.fence(stage.brokers, identity, Wire(None), now_precise)
        await new.commit(outputs(stage, 3))
        await old.close()
        other = await Transactions.fence(stage.brokers, identity, Wire(None), now_precise)
        with pytest.raises(Fenced):
            await new.commit(outputs(stage, 4))
        await new.close()
        await other.close()

    asyncio.run(work())
    found = [codecs.decode_change(one.value).sequence for one in stage.read(stage.names.colour_changes)]
    assert found == [1] * MANY + [3] * MANY
