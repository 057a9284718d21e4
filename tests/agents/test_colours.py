"""The agent `colours` on a real broker: what the journal says, once, whatever happens in between."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from kafka.admin import KafkaAdminClient, NewPartitions
from kafka.structs import TopicPartition

from streams import codecs
from streams.agents.colours import first_policy
from streams.clock import now_precise
from streams.domain.fold import Fold
from streams.domain.policy import Deployment
from streams.domain.records import AreaPublished, AreaVersion, Record, Sightings, TimeAdvanced
from streams.kafka import lives
from streams.kafka.errors import EngineError, UnusableError
from streams.kafka.journal import Refused, admit
from streams.kafka.transactions import Transactions, transactional_id
from streams.kafka.wire import Wire
from streams.window.columns import record_of
from tests.agents.stage import HEXED, Stage, a_stage, a_worker, run, until

if TYPE_CHECKING:
    from streams.domain.records import ColourChanged
    from streams.kafka.local import LocalBroker

NOW = int(time.time()) // 900 * 900
PHONES = [b"\x01" + bytes(14) + bytes([n]) for n in range(5)]
RING = ((116.3, 39.8), (116.5, 39.8), (116.5, 40.0), (116.3, 40.0), (116.3, 39.8))
AREA = AreaPublished(NOW - 86_400, AreaVersion("a", 1, ((RING,),), NOW - 30 * 86_400))


def stays(hours: int, ago: int, phones: list[bytes] = PHONES) -> list[Record]:
    """Each phone at one tower of the area, slot by slot."""
    hexed, coarse = HEXED.placed(8, 5000)
    many = len(phones)
    found: list[Record] = []
    for slot in range(hours * 4):
        clock = NOW - ago + slot * 900
        found.append(Sightings(clock, phones, [hexed] * many, [clock // 900] * many, [coarse] * many))
    return found


def folded(stage: Stage, partition: int = 0) -> list[tuple[bytes, bytes]]:
    """Return the changes that the journal as it stands now implies, the clock's records included."""
    fold = Fold(Deployment(), first_policy(stage.settings), partition=partition)
    found: list[ColourChanged] = []
    for one in stage.read(stage.names.journal, partition):
        record = admit(one.value, one.timestamp, stage.settings.max_skew, stage.settings.resolution)
        if not isinstance(record, Refused):
            found.extend(fold.apply(record_of(record), one.offset).changes)
    return [(change.phone, codecs.encode_change(change)) for change in found]


def exact(stage: Stage, partition: int = 0, at_least: int = len(PHONES)) -> bool:
    """Tell whether what is written is just what the journal implies, and that is not too little to tell."""
    expected = folded(stage, partition)
    return len(expected) >= at_least and written(stage, partition) == expected


def written(stage: Stage, partition: int = 0) -> list[tuple[bytes, bytes]]:
    return [(one.key, one.value) for one in stage.read(stage.names.colour_changes, partition)]


def test_what_comes_out_is_the_fold_of_the_journal_byte_for_byte(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)
    records = [AREA, *stays(5, 80_000)]

    async def work() -> None:
        stage.make_topics()
        stage.send_journal(0, *records)
        async with a_worker(stage) as app:
            await until(lambda: exact(stage))
            app.engine.refresh()
            offset = app.engine.metrics.registry.get_sample_value(
                "shendeng_journal_offset", {"partition": "0"}
            )
            assert offset is not None
            assert offset >= len(records)

    run(work)
    first = stage.read(stage.names.colour_changes, 0)[0]
    assert list(first.headers) == codecs.change_headers(codecs.decode_change(first.value))


def test_the_next_worker_goes_on_where_the_last_one_stopped(broker: LocalBroker, topic_prefix: str) -> None:
    stage = a_stage(broker.address, topic_prefix)
    before, after = [AREA, *stays(2, 80_000)], stays(5, 70_000)

    async def work() -> None:
        stage.make_topics()
        stage.send_journal(0, *before)
        async with a_worker(stage):
            await until(lambda: exact(stage))
        stage.send_journal(0, *after)
        async with a_worker(stage):
            await until(lambda: exact(stage, at_least=2 * len(PHONES)))

    run(work)


def test_journal_values_that_cannot_enter_are_dead_letters_once_and_the_rest_is_folded(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)
    no_cell = Sightings(NOW, [PHONES[0]], [7], [NOW // 900], [False])
    future = TimeAdvanced(NOW + 86_400)
    good = stays(5, 80_000)
    bad = [(None, b"rubbish"), (None, codecs.encode_record(no_cell)), (None, codecs.encode_record(future))]

    async def work() -> None:
        stage.make_topics()
        stage.send(stage.names.journal, bad, partition=0)
        stage.send_journal(0, AREA, *good)
        for _ in range(2):
            async with a_worker(stage):
                await until(lambda: exact(stage))

    run(work)
    letters = [codecs.decode_dead_letter(one.value) for one in stage.read(stage.names.dead_letters)]
    assert [(one.reason, one.offset) for one in letters] == [
        ("bad_framing", 0),
        ("bad_value", 1),
        ("future", 2),
    ]
    assert all(one.topic == stage.names.journal for one in letters)
    assert {codecs.decode_change(value).colour for _, value in written(stage)[-len(PHONES) :]} == {"red"}


def test_a_fenced_worker_writes_nothing_more_and_ends_without_a_new_assignment(
    broker: LocalBroker, topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lives, "REJOIN_SECONDS", 0.5)
    stage = a_stage(broker.address, topic_prefix)

    async def work() -> None:
        stage.make_topics()
        async with a_worker(stage) as app:
            identity = transactional_id(stage.settings.app_id, topic_prefix, 0)
            other = await Transactions.fence(stage.brokers, identity, Wire(None), now_precise)
            stage.send_journal(0, AREA, *stays(5, 80_000))
            fault = await app.engine.ending.wait()
            await other.close()
            raise fault

    with pytest.raises(EngineError, match="no new assignment"):
        run(work)
    assert written(stage) == []


def test_a_missing_position_is_never_taken_for_an_empty_state(broker: LocalBroker, topic_prefix: str) -> None:
    stage = a_stage(broker.address, topic_prefix)

    async def work() -> None:
        stage.make_topics()
        stage.send(stage.names.colour_changes, [(PHONES[0], b"an older life's")], partition=0)
        async with a_worker(stage):
            pass

    with pytest.raises(UnusableError, match="no position of journal partition 0"):
        run(work)


def test_a_journal_that_lost_its_beginning_is_refused_with_the_remedy(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)

    async def work() -> None:
        stage.make_topics()
        stage.send_journal(0, AREA, *stays(1, 80_000))
        admin = KafkaAdminClient(bootstrap_servers=stage.brokers)
        admin.delete_records({TopicPartition(stage.names.journal, 0): 2})
        admin.close()
        async with a_worker(stage):
            pass

    with pytest.raises(
        UnusableError, match=r"begins at 2, and there is no checkpoint; .* rebuild --partition 0"
    ):
        run(work)


def test_topics_with_other_partitions_than_configured_are_refused(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)

    async def work() -> None:
        stage.make_topics()
        admin = KafkaAdminClient(bootstrap_servers=stage.brokers)
        admin.create_partitions({stage.names.journal: NewPartitions(total_count=3)})
        await until(lambda: len(admin.describe_topics([stage.names.journal])[0]["partitions"]) == 3)
        admin.close()
        async with a_worker(stage):
            pass

    with pytest.raises(UnusableError, match="3 partitions"):
        run(work)


def test_two_workers_share_the_partitions_and_the_second_may_leave(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)
    first, second, third = [AREA, *stays(2, 80_000)], stays(3, 70_000), stays(5, 50_000)

    def everywhere(at_least: int) -> bool:
        return all(exact(stage, partition, at_least) for partition in range(2))

    def feed(records: list[Record]) -> None:
        for partition in range(2):
            stage.send_journal(partition, *records)

    async def work() -> None:
        stage.make_topics()
        feed(first)
        async with a_worker(stage) as one:
            await until(lambda: everywhere(len(PHONES)))
            async with a_worker(stage) as two:
                await until(lambda: {len(app.lives.live()) for app in (one, two)} == {1})
                feed(second)
                await until(lambda: everywhere(2 * len(PHONES)))
            feed(third)
            await until(lambda: everywhere(2 * len(PHONES)))

    run(work)
