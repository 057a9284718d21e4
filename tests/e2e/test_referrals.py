"""Referred, escalated, refuted: the worker killed at each of these, each is there once (rules 15.1, 15.2)."""

from __future__ import annotations

import json
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest
from kafka import KafkaProducer

from streams import codecs
from streams.domain.records import AreaVersion, TimeAdvanced
from streams.kafka.looked import texts_of
from streams.people.actors import Actor, Role
from streams.people.appeals import OpenAppeal
from streams.people.audit.lookups import Kind, Subject
from streams.people.bindings import Binding
from streams.people.commands import Command
from streams.people.declarations import Declare
from streams.people.referrals import RecordFinding
from streams.people.referred import FindingRecorded, ReferralEscalated, ReferralOpened
from streams.people.register import Community, Resident
from streams.people.statements import Place, Statement
from tests.e2e.deployment import PARTITIONS, Deployment, deployed, last_colours
from tests.e2e.processes import Worker, shendeng, until
from tests.scenarios import places

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.kafka.local import LocalBroker

LI = bytes([1, 1]) * 8
NOW = int(time.time())
DAY = 86_400
STAYED = Statement((Place((places.cell("middle"),), True, NOW - 3 * DAY, NOW - 2 * DAY),))
WORKER = Actor("worker-1", Role.COMMUNITY, "lane-7")


@pytest.fixture
def clock() -> str:
    return "wall"


@pytest.fixture
def deployment(broker: LocalBroker, topic_prefix: str, tmp_path: Path, clock: str) -> Iterator[Deployment]:
    with deployed(broker, topic_prefix, tmp_path, 1, home=str(tmp_path / "home"), clock=clock) as made:
        yield made


def send(deployment: Deployment, topic: str, key: bytes, value: bytes, partition: int | None = None) -> None:
    producer = KafkaProducer(bootstrap_servers=deployment.broker.address)
    producer.send(deployment.prefix + topic, key=key, value=value, partition=partition)
    producer.close()


def ask(deployment: Deployment, name: str, body: Any, actor: Actor) -> None:
    command = Command(name, LI.hex(), actor, NOW * 1000, body)
    send(deployment, "commands", LI, codecs.encode_command(command))


def bodies(deployment: Deployment) -> list[Any]:
    return [codecs.decode_recorded(value).body for value in deployment.values("referrals")]


def told_of(deployment: Deployment) -> list[Any]:
    """Return what is told of referrals but escalations, as many as days go by in the journal meanwhile."""
    return [body for body in bodies(deployment) if not isinstance(body, ReferralEscalated)]


def appeals(deployment: Deployment) -> list[Any]:
    found = [codecs.decode_command(value).body for value in deployment.values("commands")]
    return [body for body in found if isinstance(body, OpenAppeal)]


def die_and_go_on(deployment: Deployment, moment: str, topic: str) -> Worker:
    """Kill a worker in its first transaction that writes to a topic; return the next one."""
    env = deployment.env | {"DIES": moment, "DIES_ON": f"{deployment.prefix}{topic}"}
    dying = Worker(env, deployment.folder / f"dying-{len(deployment.workers)}.log", "tests.e2e.dying").start()
    deployment.workers.append(dying)
    assert dying.process.wait(120) == -signal.SIGKILL, dying.log.read_text()[-2000:]
    return deployment.ready()


@pytest.mark.parametrize("moment", ["before", "within", "after"])
def test_killed_between_a_decision_and_what_follows_each_is_there_once(
    deployment: Deployment, moment: str
) -> None:
    area = AreaVersion("A", 1, places.geometry(places.AREAS["A"]), NOW - 30 * DAY)
    send(deployment, "risk-areas", b"A", codecs.encode_area(area))
    send(deployment, "residents", LI, codecs.encode_resident(Resident(LI, 1, "lane-7", "60-69", 7)))
    first = deployment.ready()
    until(lambda: len(deployment.values("person-phones")) >= PARTITIONS, "the time is told")
    assert first.stop() == 0

    ask(deployment, "c-1", Declare(STAYED), Actor(LI.hex(), Role.RESIDENT))
    second = die_and_go_on(deployment, moment, "referrals")
    until(lambda: bool(bodies(deployment)), "the referral")
    assert second.stop() == 0
    [opened] = bodies(deployment)
    assert isinstance(opened, ReferralOpened)

    [partition] = codecs.partitions_of([LI], PARTITIONS)
    late = codecs.encode_record(TimeAdvanced(opened.due + DAY))
    send(deployment, "person-phones", codecs.CLOCK_KEY, late, partition)
    third = die_and_go_on(deployment, moment, "referrals")
    until(lambda: len(bodies(deployment)) >= 3, "the escalations")
    assert third.stop() == 0

    ask(deployment, "c-2", RecordFinding("STAYED", "A", confirmed=False, ticket="T-1"), WORKER)
    fourth = die_and_go_on(deployment, moment, "commands")
    until(lambda: bool(appeals(deployment)), "the appeal")
    assert fourth.stop() == 0
    assert bodies(deployment) == [
        opened,
        ReferralEscalated(1, opened.due + DAY),
        ReferralEscalated(2, opened.due + 2 * DAY),
        FindingRecorded("STAYED", "A", confirmed=False, ticket="T-1"),
    ]
    assert appeals(deployment) == [OpenAppeal("reason", "STAYED", "A", "", "T-1")]
    if moment == "after":
        queue_is_shown_once_recorded(deployment)


@pytest.mark.parametrize("clock", ["events"])
@pytest.mark.parametrize("moment", ["within", "after"])
def test_killed_as_it_asks_for_a_visitors_nights_the_next_one_answers_from_the_diary(
    deployment: Deployment, moment: str
) -> None:
    first = deployment.ready()
    deployment.publish()
    before = last_colours(deployment.settled())
    phone = bytes.fromhex(min(phone for phone, (colour, _) in before.items() if colour == "red"))
    assert first.stop() == 0

    everywhere = ((((-179.0, -80.0), (179.0, -80.0), (179.0, 80.0), (-179.0, 80.0), (-179.0, -80.0)),),)
    halves = [tuple((lon / 2 + turn, lat) for lon, lat in everywhere[0][0]) for turn in (-90, 90)]
    for name, ring in zip(("west", "east"), halves, strict=True):
        lane = Community(name, 1, name, "county-1", ((ring,),))
        send(deployment, "communities", name.encode(), codecs.encode_community(lane))
    [partition] = codecs.partitions_of([phone], PARTITIONS)
    one = Binding(phone, 1, LI, "mobile", NOW - 60 * DAY)
    key = codecs.version_key(phone.hex(), 1)
    send(deployment, "identity-bindings", key, codecs.encode_binding(one), partition)
    second = die_and_go_on(deployment, moment, "night-requests")
    until(lambda: len(told_of(deployment)) >= 2, "the community of their nights")
    assert second.stop() == 0

    opened, addressed = told_of(deployment)
    assert (opened.address.community, opened.address.county) == (None, "county-1")
    assert (addressed.address.community, addressed.address.by) == ("east", "nights")
    assert len(deployment.values("night-requests")) == 1


def queue_is_shown_once_recorded(deployment: Deployment) -> None:
    """`shendeng referrals list` shows an office's queue; each person in it was looked up (rule 17.1)."""
    words = [
        "referrals",
        "list",
        "--office",
        "lane-7",
        "--overdue",
        "--purpose",
        "the morning round",
        "--json",
    ]
    row = json.loads(shendeng(*words, env=deployment.env))
    assert (row["person"], row["state"], row["escalated"]) == (LI.hex(), "open", 2)
    assert row["causes"] == [{"why": "red", "code": "STAYED", "area": "A", "stands": "refuted"}]
    subject = Subject(Kind.PERSON, LI)
    [text] = texts_of(deployment.broker.address, f"{deployment.prefix}lookups", subject)
    assert (text.lookup.purpose, text.lookup.actor.role) == ("the morning round", Role.OPERATOR)
    assert text.lookup.shown == ("referral 1 open", "red STAYED refuted")

    told = shendeng("referrals", "list", "--office", "county", env=deployment.env)
    assert LI.hex()[:8] in told
    assert LI.hex() not in told
    assert len(texts_of(deployment.broker.address, f"{deployment.prefix}lookups", subject)) == 2
    assert shendeng("referrals", "list", "--office", "lane-8", env=deployment.env) == ""
    assert len(texts_of(deployment.broker.address, f"{deployment.prefix}lookups", subject)) == 2
