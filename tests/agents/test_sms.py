"""Asking by SMS on a real broker: texts in; answers, itineraries, look-ups out, once (rule 14)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from streams import codecs
from streams.kafka.looked import stood, texts_of
from streams.people.audit.lookups import Kind, Subject
from streams.people.audit.verify import verified
from streams.people.sms import wording
from streams.people.sms.dialogue import Word
from streams.people.sms.itinerary import ItineraryRequest
from streams.people.sms.said import What
from tests.agents.stage import PARTITIONS, Stage, a_stage, a_worker, run, until
from tests.agents.texting import (
    NOW,
    RIGHT,
    WRONG,
    a_phone,
    answers,
    at_once,
    bind,
    binding,
    cities_file,
    said,
    seen,
    send,
    text,
)
from tests.people.looking import KEYS

if TYPE_CHECKING:
    from pathlib import Path

    from streams.kafka.local import LocalBroker


def looked(stage: Stage, phone: bytes) -> list[tuple[str, str | None, tuple[str, ...]]]:
    """Return who looked at a phone, by chains in which nothing is wrong."""
    report = verified(stood(stage.brokers, stage.names.lookups), KEYS, int(time.time()) * 1000)
    assert report.findings == ()
    texts = texts_of(stage.brokers, stage.names.lookups, Subject(Kind.PHONE, phone))
    return [(one.lookup.actor.id, one.lookup.denied, one.lookup.shown) for one in texts]


def test_a_dialogue_and_the_itinerary_that_the_worker_with_the_diary_answers_go_on_across_restarts(
    broker: LocalBroker, topic_prefix: str, tmp_path: Path
) -> None:
    cities = cities_file(tmp_path, A="3 rings around middle", B="3 rings around 40 km north")
    stage, phone = a_stage(broker.address, topic_prefix, cities=cities), a_phone(1)

    async def work() -> None:
        stage.make_topics("one")
        bind(stage, phone)
        seen(stage, phone, "40 km north", 9, NOW - 72 * 3600)
        seen(stage, phone, "middle", 9)
        async with a_worker(stage):
            send(stage, phone, text("m-1", What.OPENS), text("m-1", What.OPENS))
            await until(lambda: said(stage, phone))
        async with a_worker(stage):
            send(stage, phone, text("m-2", What.CONSENTS, RIGHT, language="en"))
            await until(lambda: len(said(stage, phone)) == 2)
        async with a_worker(stage):
            send(stage, phone, at_once("m-3", RIGHT))
            await until(lambda: len(said(stage, phone)) == 3)

    run(work)
    asked, english, chinese = said(stage, phone)
    assert asked == ("m-1", wording.said(Word.ASK, "zh"))
    assert english[0] == "m-2"
    assert english[1][0].startswith("1/2 Cities with 4 h or more in 14 days: B, A.")
    assert chinese[1][0].startswith("本机近14天停留4小时以上的城市：城B、城A。数据截至")
    assert [one[1:] for one in looked(stage, phone)] == [(None, ("2 cities",))] * 2
    requests = [
        codecs.decode_itinerary_request(one.value) for one in stage.read(stage.names.itinerary_requests)
    ]
    assert [one.message for one in requests] == ["m-2", "m-3"]
    assert len(stage.read(stage.names.itineraries)) == 2


def test_three_tries_are_refused_alike_and_there_is_silence_after_a_restart_too(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix, agents="people")
    bound, unbound, unknown, other = (a_phone(number, 0) for number in range(4))

    async def work() -> None:
        stage.make_topics("one")
        bind(stage, bound)
        bind(stage, unbound, person=None)
        async with a_worker(stage):
            for phone in (bound, unbound, unknown):
                send(stage, phone, *(at_once(f"m-{number}", WRONG) for number in range(3)))
            await until(lambda: len(answers(stage)) == 9)
        for phone in (bound, unbound, unknown):
            send(stage, phone, at_once("m-4", RIGHT), text("m-5", What.OPENS))
        async with a_worker(stage):
            send(stage, other, text("m-0", What.OPENS))
            await until(lambda: said(stage, other))

    run(work)
    told = [said(stage, phone) for phone in (bound, unbound, unknown)]
    assert told[0] == told[1] == told[2] == [(f"m-{n}", wording.refused("zh")) for n in range(3)]
    for phone in (bound, unbound, unknown):
        assert looked(stage, phone) == [("sms-unicom", "no_match", ())] * 3


def test_without_boundaries_and_without_a_diary_an_answer_says_so(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage, phone = a_stage(broker.address, topic_prefix), a_phone(1)

    async def work() -> None:
        stage.make_topics("one")
        bind(stage, phone)
        send(stage, phone, at_once("m-1"))
        async with a_worker(stage):
            await until(lambda: said(stage, phone))

    run(work)
    [(_, (answer,))] = said(stage, phone)
    assert answer.startswith("城市边界未安装，无法列出城市。")
    assert "没有本机信号" in answer or "尚无数据" in answer


def test_what_cannot_be_used_is_a_dead_letter_and_the_rest_goes_on(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage, phone = a_stage(broker.address, topic_prefix), a_phone(1)
    [partition] = codecs.partitions_of([phone], PARTITIONS)
    elsewhere = a_phone(2, 1 - partition)
    names = stage.names
    late = ItineraryRequest("0-0", "m", "mobile", "zh", 240, NOW - 3600)

    async def work() -> None:
        stage.make_topics("one")
        bad = [
            (phone, b"rubbish"),
            (b"short", at_once("m-1")),
            (None, at_once("m-1")),
            (elsewhere, at_once("m-1")),
            (phone, text("m-1", What.OPENS, carrier="nobody")),
            (phone, text("m-1", What.DIGITS)),
            (phone, text("", What.OPENS)),
            (phone, text("m-1", What.OPENS, 1024)),
            (phone, None),
        ]
        stage.send(names.sms_inbound, bad, partition)
        stage.send(names.itineraries, [(b"0-0", b"rubbish")], partition)
        stage.send(names.itinerary_requests, [(phone, codecs.encode_itinerary_request(late))], partition)
        async with a_worker(stage):
            send(stage, phone, text("m-2", What.OPENS))
            await until(lambda: said(stage, phone) and len(buried(stage)) == 10)

    run(work)
    assert said(stage, phone) == [("m-2", wording.said(Word.ASK, "zh"))]
    assert sorted(buried(stage)) == [*["bad_framing"] * 3, *["bad_key"] * 3, *["bad_value"] * 4]
    assert stage.read(names.itineraries)[0].value == b"rubbish"
    assert len(stage.read(names.itineraries)) == 1


def buried(stage: Stage) -> list[str]:
    return [codecs.decode_dead_letter(one.value).reason for one in stage.read(stage.names.dead_letters)]


def test_the_policys_minutes_decide_which_visits_count(
    broker: LocalBroker, topic_prefix: str, tmp_path: Path
) -> None:
    stage = a_stage(broker.address, topic_prefix, cities=cities_file(tmp_path, A="3 rings around middle"))
    phone = a_phone(1)

    async def work() -> None:
        stage.make_topics("one")
        bind(stage, phone)
        stage.send(stage.names.policies, [(b"policy", codecs.encode_policy(1, {"itinerary_minutes": 6000}))])
        seen(stage, phone, "middle", 9)
        async with a_worker(stage):
            send(stage, phone, at_once("m-1"))
            await until(lambda: said(stage, phone))

    run(work)
    assert said(stage, phone)[0][1][0].startswith("本机近14天没有停留100小时以上的城市。")


def test_a_binding_that_comes_while_the_desk_is_live_counts_for_the_next_text(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage, phone = a_stage(broker.address, topic_prefix), a_phone(1)
    [partition], told = codecs.partitions_of([phone], PARTITIONS), stage.names.person_phones

    async def work() -> None:
        stage.make_topics("one")
        async with a_worker(stage):
            send(stage, phone, at_once("m-1"))
            await until(lambda: said(stage, phone))
            stage.send(stage.names.identity_bindings, [binding(phone)], partition)
            await until(lambda: [one for one in stage.read(told) if one.key != codecs.CLOCK_KEY])
            send(stage, phone, at_once("m-2"))
            await until(lambda: len(said(stage, phone)) == 2)

    run(work)
    assert [one[1] == wording.refused("zh") for one in said(stage, phone)] == [True, False]
