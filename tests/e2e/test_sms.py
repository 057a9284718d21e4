"""An SMS answered, the worker killed between what it decided and what follows of it (rule 14)."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest
from kafka import KafkaProducer

from streams import codecs
from streams.domain.records import Sightings
from streams.domain.slots import slot_of
from streams.people.bindings import Binding
from streams.people.codes.digits import CheckKey
from streams.people.sms import wording
from streams.people.sms.said import SmsInbound, SmsOutbound, What
from tests.agents.texting import cities_file
from tests.e2e.deployment import PARTITIONS, Deployment, deployed
from tests.e2e.processes import Worker, until
from tests.scenarios import places

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.kafka.local import LocalBroker

PHONE, LI = bytes([1, 3]) * 8, bytes([1, 1]) * 8
CHECKS = CheckKey(bytes(range(32)))
NOW = int(time.time())
DAY = 86_400
SLOT = 15


@pytest.fixture
def deployment(broker: LocalBroker, topic_prefix: str, tmp_path: Path) -> Iterator[Deployment]:
    cities = cities_file(tmp_path, A="3 rings around middle")
    more = {"home": str(tmp_path / "home"), "clock": "wall", "cities": cities}
    with deployed(broker, topic_prefix, tmp_path, 1, **more) as made:
        yield made


def prepare(deployment: Deployment, phone: bytes = PHONE, digits: str = "123X") -> None:
    """Bind the phone and let its diary hold nine hours in the city, three days ago."""
    last = slot_of(NOW - 3 * DAY, SLOT)
    slots = list(range(last - 36, last + 1))
    cells, coarse = [places.cell("middle")] * len(slots), [False] * len(slots)
    seen = Sightings(NOW - 3 * DAY, [phone] * len(slots), cells, slots, coarse)
    bound = Binding(phone, 1, LI, "mobile", NOW - 30 * DAY, check=CHECKS.value(digits))
    key, partition = codecs.binding_place(bound, PARTITIONS)
    producer = KafkaProducer(bootstrap_servers=deployment.broker.address)
    prefix = deployment.prefix
    producer.send(f"{prefix}journal", value=codecs.encode_record(seen), partition=partition)
    producer.send(
        f"{prefix}identity-bindings", key=key, value=codecs.encode_binding(bound), partition=partition
    )
    producer.close()


def text(deployment: Deployment, message: str, digits: str) -> None:
    sms = SmsInbound(message, "unicom", What.OPENS, check=CHECKS.value(digits))
    producer = KafkaProducer(bootstrap_servers=deployment.broker.address)
    producer.send(f"{deployment.prefix}sms-inbound", key=PHONE, value=codecs.encode_sms_inbound(sms))
    producer.close()


def texts_on(deployment: Deployment) -> list[SmsInbound]:
    return [codecs.decode_sms_inbound(value) for value in deployment.values("sms-inbound")]


def answers(deployment: Deployment) -> list[SmsOutbound]:
    return [codecs.decode_sms_outbound(value) for value in deployment.values("sms-outbound")]


@pytest.mark.parametrize("moment", ["before", "within", "after"])
@pytest.mark.parametrize("topic", ["itinerary-requests", "itineraries", "sms-outbound", "lookups"])
def test_killed_between_a_decision_and_what_follows_each_text_is_answered_once_and_tries_are_counted(
    deployment: Deployment, topic: str, moment: str
) -> None:
    prepare(deployment)
    text(deployment, "m-1", "123X")
    text(deployment, "m-2", "0000")
    env = deployment.env | {"DIES": moment, "DIES_ON": deployment.prefix + topic}
    dying = Worker(env, deployment.folder / "dying.log", "tests.e2e.dying").start()
    deployment.workers.append(dying)
    assert dying.process.wait(120) == -signal.SIGKILL, dying.log.read_text()[-2000:]
    deployment.ready()
    until(lambda: len(answers(deployment)) == 2, "both texts are answered")
    text(deployment, "m-3", "123X")
    text(deployment, "m-4", "123X")
    until(lambda: len(answers(deployment)) == 3, "the third try")
    assert deployment.workers[-1].stop() == 0
    told = {one.message: one.parts for one in answers(deployment)}
    assert sorted(told) == ["m-1", "m-2", "m-3"]
    assert told["m-2"] == wording.refused("zh")
    assert all(told[good][0].startswith("本机近14天停留4小时以上的城市：城A。") for good in ("m-1", "m-3"))
    assert [
        len(deployment.values(name)) for name in ("itinerary-requests", "itineraries", "dead-letters")
    ] == [
        2,
        2,
        0,
    ]
