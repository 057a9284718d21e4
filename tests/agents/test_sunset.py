"""After the sunset nothing that asks is answered: texts, itineraries, nights (rule 19.1)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from streams import codecs
from streams.agents.ahead import Ahead
from streams.people.nights import NightsAsked, NightsSpent
from streams.people.sms.itinerary import Itinerary, ItineraryRequest
from tests.agents.stage import PARTITIONS, Stage, a_stage, a_worker, run, until
from tests.agents.texting import HOUR, LI, NOW, a_phone, answers, at_once, binding, send

if TYPE_CHECKING:
    from streams.kafka.local import LocalBroker

PAST = "2026-01-01T00:00:00Z"
MINUTE = 60
PHONE = a_phone(1)
ASKED = ItineraryRequest("r-1", "m-1", "unicom", "zh", 240, NOW)
FOUND = Itinerary("r-1", 240, 14, "Asia/Shanghai", NOW, NOW, None)
NIGHTS, SPENT = NightsAsked(LI, PHONE, NOW - 24 * HOUR), NightsSpent(LI, PHONE, None)


def buried(stage: Stage) -> list[tuple[str, str]]:
    letters = [codecs.decode_dead_letter(one.value) for one in stage.read(stage.names.dead_letters)]
    return sorted((one.topic, one.reason) for one in letters)


def test_after_the_sunset_whatever_asks_is_a_dead_letter_and_nothing_is_told(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix, sunset=PAST)
    names = stage.names
    [of_phone, of_li] = codecs.partitions_of([PHONE, LI], PARTITIONS)
    asking = (
        names.sms_inbound,
        names.itinerary_requests,
        names.itineraries,
        names.night_requests,
        names.nights,
    )

    async def work() -> None:
        stage.make_topics("one")
        stage.send(names.itinerary_requests, [(PHONE, codecs.encode_itinerary_request(ASKED))], of_phone)
        stage.send(names.itineraries, [(b"r-1", codecs.encode_itinerary(FOUND))], of_phone)
        stage.send(names.night_requests, [(PHONE, codecs.encode_nights_asked(NIGHTS))], of_phone)
        stage.send(names.nights, [(LI, codecs.encode_nights_spent(SPENT))], of_li)
        send(stage, PHONE, at_once("m-2"))
        async with a_worker(stage):
            await until(lambda: len(buried(stage)) == len(asking))

    run(work)
    assert buried(stage) == sorted((topic, "sunset") for topic in asking)
    assert answers(stage) == []
    assert [one.key for one in stage.read(names.itineraries)] == [b"r-1"]
    assert [one.key for one in stage.read(names.nights)] == [LI]
    assert stage.read(names.lookups) == []


@pytest.mark.parametrize(
    ("sunset_at", "kept"),
    [(None, 1), (NOW + MINUTE, 1), (NOW, 0)],
    ids=["never", "in-a-minute", "now"],
)
def test_texts_do_not_count_on_a_binding_that_will_be_refused_as_too_late(
    sunset_at: int | None, kept: int
) -> None:
    key, value = binding(PHONE)
    record: Any = SimpleNamespace(key=key, offset=1, timestamp=NOW * 1000)
    ahead = Ahead(HOUR, sunset_at)
    ahead.note(record, value)
    assert len(ahead) == kept
