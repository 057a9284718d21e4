"""Hex counts on a real broker: all partitions added up, told once, whoever owns the first one (rule 17.3)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from streams import codecs
from streams.domain.records import Record, Sightings, TimeAdvanced
from tests.agents.counting import killed_adding_up, told
from tests.agents.stage import HEXED, PARTITIONS, Stage, a_stage, a_worker, run, until

if TYPE_CHECKING:
    from streams.kafka.local import LocalBroker

HOUR = 3600
NOW = int(time.time()) // HOUR * HOUR
AGO = 11 * HOUR
CELL, COARSE = HEXED.placed(8, 5000)


def seen(partition: int, many: int, slots: int, ago: int = AGO) -> list[Record]:
    """So many phones of a partition at one tower in each of the slots, then nobody until the hour is over."""
    phones = [bytes([partition, *number.to_bytes(15, "big")]) for number in range(many)]
    found: list[Record] = []
    for number in range(slots):
        clock = NOW - ago + number * 900
        found.append(Sightings(clock, phones, [CELL] * many, [clock // 900] * many, [COARSE] * many))
    return [*found, TimeAdvanced(NOW - ago + -(-slots * 900 // HOUR) * HOUR)]


def a_counting_stage(broker: LocalBroker, prefix: str) -> Stage:
    return a_stage(broker.address, prefix, clock="events")


def exact(stage: Stage, at_least: int) -> bool:
    """Tell whether what is published is what the journals imply, byte for byte, and not too little."""
    journals = [stage.read(stage.names.journal, partition) for partition in range(PARTITIONS)]
    expected = told(
        stage.settings, [[(one.offset, one.timestamp, one.value) for one in some] for some in journals]
    )
    return len(expected) >= at_least and published(stage) == expected


def published(stage: Stage) -> list[tuple[bytes, bytes]]:
    return [(one.key, one.value) for one in stage.read(stage.names.hex_counts, 0)]


def test_partitions_are_added_up_before_anything_is_hidden(broker: LocalBroker, topic_prefix: str) -> None:
    stage = a_counting_stage(broker, topic_prefix)

    async def work() -> None:
        stage.make_topics()
        for partition in range(PARTITIONS):
            stage.send_journal(partition, *seen(partition, 14, 3))
        async with a_worker(stage):
            await until(lambda: exact(stage, 1))

    run(work)
    [key, value], *_ = published(stage)
    first = codecs.decode_hex_count(value)
    assert codecs.hex_key(first.hex) == key
    assert first.at == (NOW - AGO + HOUR) * 1000
    assert (first.red, first.yellow, first.green, first.unknown) == (None, None, None, 15)


def test_the_next_worker_goes_on_where_the_last_one_stopped(broker: LocalBroker, topic_prefix: str) -> None:
    stage = a_counting_stage(broker, topic_prefix)

    async def work() -> None:
        stage.make_topics()
        for many, ago in ((20, AGO), (5, AGO - 3 * HOUR), (40, AGO - 6 * HOUR)):
            for partition in range(PARTITIONS):
                stage.send_journal(partition, *seen(partition, many, 3, ago))
            async with a_worker(stage):
                await until(lambda: exact(stage, 1))

    run(work)
    assert len(published(stage)) >= 2


def test_two_workers_share_partitions_and_one_of_them_adds_up(broker: LocalBroker, topic_prefix: str) -> None:
    stage = a_counting_stage(broker, topic_prefix)

    def feed(many: int, ago: int) -> None:
        for partition in range(PARTITIONS):
            stage.send_journal(partition, *seen(partition, many, 3, ago))

    async def work() -> None:
        stage.make_topics()
        feed(20, AGO)
        async with a_worker(stage) as one:
            await until(lambda: exact(stage, 1))
            async with a_worker(stage) as two:
                await until(lambda: {len(app.lives.live()) for app in (one, two)} == {1})
                feed(30, AGO - 3 * HOUR)
                await until(lambda: exact(stage, 2))
            feed(60, AGO - 6 * HOUR)
            await until(lambda: exact(stage, 3))

    run(work)


def test_a_worker_killed_within_a_transaction_of_sums_holds_up_no_successor(
    broker: LocalBroker, topic_prefix: str
) -> None:
    # `checkpoints` ends for a reader where that transaction begins, until it is ended.
    stage = a_counting_stage(broker, topic_prefix)

    async def work() -> None:
        stage.make_topics()
        for partition in range(PARTITIONS):
            stage.send_journal(partition, *seen(partition, 20, 3))
        async with a_worker(stage):
            await until(lambda: exact(stage, 1))
        for partition in range(PARTITIONS):
            stage.send_journal(partition, *seen(partition, 30, 3, AGO - 3 * HOUR))
        async with killed_adding_up(stage), a_worker(stage):
            await until(lambda: exact(stage, 2))

    run(work)


def test_what_is_no_count_is_a_dead_letter_and_the_rest_is_added_up(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_counting_stage(broker, topic_prefix)

    async def work() -> None:
        stage.make_topics()
        stage.send(stage.names.hex_partials, [(b"0", b"rubbish")], partition=0)
        for partition in range(PARTITIONS):
            stage.send_journal(partition, *seen(partition, 20, 3))
        for _ in range(2):
            async with a_worker(stage):
                await until(lambda: exact(stage, 1))

    run(work)
    letters = [codecs.decode_dead_letter(one.value) for one in stage.read(stage.names.dead_letters)]
    assert [(one.reason, one.topic, one.offset) for one in letters] == [
        ("bad_framing", stage.names.hex_partials, 0)
    ]
