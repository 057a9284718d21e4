"""Rule 17.1 on a real broker: link and text together or not at all, and no writer ever forks a chain."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING

import pytest

from streams import clock, codecs
from streams.kafka import lookups
from streams.kafka.errors import Fenced, UnusableError
from streams.kafka.looked import erase, stood, texts_of
from streams.kafka.lookups import end_of, partition_of, recorder, subject_partition
from streams.kafka.publishing import publisher
from streams.kafka.wire import Wire
from streams.people.audit.lookups import Kind, Subject
from streams.people.audit.seen import seen_by
from streams.people.audit.verify import Report, verified
from tests.agents.stage import PARTITIONS, Stage, a_stage, run
from tests.people.looking import DAY, HOUR, KEYS, NOW, PERSON, PHONE, chained, head, lookup

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractAsyncContextManager

    from streams.kafka.local import LocalBroker
    from streams.kafka.lookups import Recorder
    from streams.people.audit.chain import Link, Text
    from streams.people.audit.heads import Head


def ready(broker: LocalBroker, prefix: str) -> Stage:
    stage = a_stage(broker.address, prefix)
    stage.make_topics()
    return stage


def opened(stage: Stage, writer: str) -> AbstractAsyncContextManager[Recorder]:
    return recorder(stage.settings, writer, lambda: secrets.token_bytes(32), clock.now_precise)


def found(stage: Stage) -> Report:
    return verified(stood(stage.brokers, stage.names.lookups), KEYS, NOW + HOUR)


def ends(stage: Stage) -> dict[str, int]:
    return {chain.end.writer: chain.end.sequence for chain in found(stage).chains}


def send(stage: Stage, writer: str, what: Iterable[Link | Text | Head]) -> None:
    values = [(codecs.lookup_key(one), codecs.encode_lookup(one)) for one in what]
    stage.send(stage.names.lookups, values, partition_of(writer, PARTITIONS))


def test_look_ups_at_once_share_transactions_and_stand_in_one_chain_each_text_with_its_subject(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = ready(broker, topic_prefix)
    everybody = Subject(Kind.ALL)

    async def work() -> None:
        async with opened(stage, "web-1") as web, opened(stage, "gate-1") as gate:
            subjects = [PHONE, PERSON, everybody] * 100
            await asyncio.gather(*[web.record(lookup(NOW, subject)) for subject in subjects])
            await gate.record(lookup(NOW, PERSON, denied="wrong_role", shown=()))

    run(work)
    assert found(stage).findings == ()
    assert ends(stage) == {"web-1": 300, "gate-1": 1}
    assert {chain.bare for chain in found(stage).chains} == {0}
    for subject, count in ((PHONE, 100), (PERSON, 101), (everybody, 100)):
        texts = texts_of(stage.brokers, stage.names.lookups, subject)
        assert len(texts) == count
        seen = seen_by(subject, (text.lookup for text in texts), NOW + 31 * DAY)
        assert {one.name for one in seen} == {"wang.fang"}
    transactions = {record.timestamp for record in stage.read(stage.names.lookups)}
    assert len(transactions) < 100


def test_a_successor_goes_on_where_the_chain_stands_and_its_predecessor_records_nothing_more(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = ready(broker, topic_prefix)

    async def work() -> None:
        async with opened(stage, "web-1") as old:
            await old.record(lookup(NOW))
            async with opened(stage, "web-1") as new:
                await new.record(lookup(NOW + 1))
                for _ in range(2):
                    with pytest.raises(Fenced):
                        await old.record(lookup(NOW + 2))
                await new.record(lookup(NOW + 3))

    run(work)
    assert found(stage).findings == ()
    assert ends(stage) == {"web-1": 3}


def test_what_a_predecessor_left_open_is_seen_by_nobody_neither_link_nor_text(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = ready(broker, topic_prefix)

    async def work() -> None:
        async with opened(stage, "web-1") as old:
            await old.record(lookup(NOW))
            producer = old._transactions._producer  # noqa: SLF001 - killed between the two is just this
            [link], _ = chained("web-1", lookup(NOW + 1))
            await producer.begin_transaction()
            await producer.send_and_wait(stage.names.lookups, codecs.encode_lookup(link), b"link/web-1/2", 0)
            async with opened(stage, "web-1") as new:
                await new.record(lookup(NOW + 2))

    run(work)
    assert found(stage).findings == ()
    assert ends(stage) == {"web-1": 2}


def test_who_waits_for_a_recorder_that_is_stopped_is_told(broker: LocalBroker, topic_prefix: str) -> None:
    stage = ready(broker, topic_prefix)

    async def work() -> None:
        async with opened(stage, "web-1") as web:
            waiting = asyncio.create_task(web.record(lookup(NOW)))
            await asyncio.sleep(0)  # one turn: its look-up waits now
        with pytest.raises(Exception, match="recording look-ups was stopped"):
            await waiting

    run(work)


def test_a_chain_is_found_behind_many_links_of_others_and_behind_what_is_none(
    broker: LocalBroker, topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = ready(broker, topic_prefix)
    monkeypatch.setattr(lookups, "WINDOW", 3)
    mine, _ = chained("web-1", *(lookup(NOW + n) for n in range(4)))
    others, _ = chained("other", *(lookup(NOW + n) for n in range(40)))
    send(stage, "web-1", mine)
    send(stage, "web-1", others)
    stage.send(stage.names.lookups, [(b"link/web-1/9", b"rubbish")], partition_of("web-1", PARTITIONS))

    async def work() -> None:
        place = partition_of("web-1", PARTITIONS)
        assert await end_of(stage.brokers, stage.names.lookups, place, "web-1") == mine[3].end()
        nobody = await end_of(stage.brokers, stage.names.lookups, place, "nobody")
        assert nobody.sequence == 0

    run(work)


def test_a_writer_whose_links_retention_has_taken_goes_on_from_its_last_head(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = ready(broker, topic_prefix)
    links, _ = chained("web-1", lookup(NOW - 500 * DAY), lookup(NOW - 450 * DAY))
    send(stage, "web-1", [head(links[0]), head(links[1], NOW - DAY)])

    async def work() -> None:
        async with opened(stage, "web-1") as web:
            await web.record(lookup(NOW))

    run(work)
    assert found(stage).findings == ()
    assert ends(stage) == {"web-1": 3}


def test_after_a_subjects_texts_are_erased_the_chain_verifies_and_others_texts_stand(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = ready(broker, topic_prefix)

    async def work() -> None:
        async with opened(stage, "web-1") as web:
            for subject in (PHONE, PERSON, PHONE):
                await web.record(lookup(NOW, subject))

    run(work)
    topic = stage.names.lookups
    with publisher(stage.brokers, Wire(None)) as out:
        erase(out, topic, PHONE, texts_of(stage.brokers, topic, PHONE))
    assert texts_of(stage.brokers, topic, PHONE) == []
    assert len(texts_of(stage.brokers, topic, PERSON)) == 1
    assert found(stage).findings == ()
    assert [chain.bare for chain in found(stage).chains] == [2]
    marked = [record for record in stage.read(topic) if record.value is None]
    assert {record.partition for record in marked} == {subject_partition(PHONE, PARTITIONS)}


def test_without_the_topic_nothing_is_recorded_and_the_remedy_is_told(
    broker: LocalBroker, topic_prefix: str
) -> None:
    async def work() -> None:
        with pytest.raises(UnusableError, match="shendeng topics create"):
            async with opened(a_stage(broker.address, topic_prefix), "web-1"):
                pass

    run(work)
