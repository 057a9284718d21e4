"""The end on real processes: an erasure killed at each of its steps, and the sunset (rules 19.1, 19.2)."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

from streams import codecs, settings
from streams.domain.records import Sightings
from streams.people.actors import Actor, Role
from streams.people.audit.lookups import Kind, Subject
from streams.people.bindings import Binding
from streams.people.commands import Command
from streams.people.declarations import Declare
from streams.people.erasure import ErasePerson
from streams.people.forgetting import HolderForgotten
from streams.people.passes import IssuePass
from streams.people.register import Resident
from streams.people.statements import Statement
from tests.agents.erased import look_at, naming
from tests.agents.stage import Stage
from tests.e2e.deployment import PARTITIONS, Deployment, deployed
from tests.e2e.processes import Worker, until, within

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.kafka.local import LocalBroker

LI = bytes([1, 1]) * 8
PHONE = bytes([1, 7]) * 8
NOW = int(time.time())
DAY = 86_400
PAST = "2026-01-01T00:00:00Z"


@pytest.fixture
def deployment(broker: LocalBroker, topic_prefix: str, tmp_path: Path) -> Iterator[Deployment]:
    with deployed(broker, topic_prefix, tmp_path, 1, home=str(tmp_path / "home"), clock="wall") as made:
        yield made


def stage_of(deployment: Deployment) -> Stage:
    return Stage(deployment.broker.address, settings.load(deployment.env))


def ask(deployment: Deployment, name: str, body: Any) -> None:
    command = Command(name, LI.hex(), Actor(LI.hex(), Role.RESIDENT), NOW * 1000, body)
    stage_of(deployment).send(f"{deployment.prefix}commands", [(LI, codecs.encode_command(command))])


def bind(deployment: Deployment) -> None:
    one = Binding(PHONE, 1, LI, "mobile", NOW - 60 * DAY)
    key, partition = codecs.binding_place(one, PARTITIONS)
    topic = f"{deployment.prefix}identity-bindings"
    stage_of(deployment).send(topic, [(key, codecs.encode_binding(one))], partition)


def register(deployment: Deployment) -> None:
    entry = codecs.encode_resident(Resident(LI, 1, "lane-7", "60-69", 7))
    stage_of(deployment).send(f"{deployment.prefix}residents", [(LI, entry)])


def buried(deployment: Deployment) -> list[str]:
    return [codecs.decode_dead_letter(value).reason for value in deployment.values("dead-letters")]


def late(deployment: Deployment, *topics: str) -> dict[str, int]:
    """Return how many records of topics became dead letters."""
    letters = [codecs.decode_dead_letter(value).topic for value in deployment.values("dead-letters")]
    return {topic: letters.count(deployment.prefix + topic) for topic in topics}


@pytest.mark.parametrize(
    ("moment", "topic"),
    [
        ("before", "passes"),
        ("within", "passes"),
        ("after", "passes"),
        ("within", "identity-bindings"),
        ("after", "identity-bindings"),
        ("within", "lookups"),
        ("after", "lookups"),
    ],
)
def test_killed_at_any_step_of_an_erasure_it_is_carried_out_once(
    deployment: Deployment, moment: str, topic: str
) -> None:
    stage = stage_of(deployment)
    bind(deployment)
    register(deployment)
    first = deployment.ready()
    until(lambda: bool(deployment.values("person-colours")) or told_of(stage), "what the phone says")
    ask(deployment, "c-1", Declare(Statement()))
    ask(deployment, "c-2", IssuePass())
    until(lambda: bool(deployment.values("passes")), "the pass")
    assert first.stop() == 0
    asyncio.run(look_at(stage, Subject(Kind.PERSON, LI), Subject(Kind.PERSON, LI)))
    assert len({topic for topic, _ in naming(stage, LI)}) >= 5

    ask(deployment, "c-3", ErasePerson())
    env = deployment.env | {"DIES": moment, "DIES_ON": deployment.prefix + topic}
    dying = Worker(env, deployment.folder / "dying.log", "tests.e2e.dying").start()
    deployment.workers.append(dying)
    assert dying.process.wait(120) == -signal.SIGKILL, dying.log.read_text()[-2000:]
    deployment.ready()
    until(lambda: naming(stage, LI) == [], "the erasure")
    assert deployment.workers[-1].stop() == 0

    assert buried(deployment) == []
    gone = [one for one in stage.read(stage.names.declarations) if one.value is None]
    assert sorted(one.key.decode().partition("/")[2] for one in gone if b"erasure" not in one.key) == ["1"]
    bodies = [
        codecs.decode_recorded(one.value).body
        for one in stage.read(stage.names.identity_bindings)
        if one.value is not None and codecs.is_recorded(one.value)
    ]
    assert [type(body) for body in bodies] == [HolderForgotten]
    passes = [one.key for one in stage.read(stage.names.passes)]
    assert len(passes) == 4, "issued, its tombstone, and once what says that it is revoked"
    [chain] = json.loads(within("audit", "verify", "--json", env=deployment.env))["chains"]
    assert (chain["last"], chain["without_text"]) == (2, 2)


def told_of(stage: Stage) -> bool:
    """Say whether Li's desk knows the phone."""
    return any(one.key.startswith(LI.hex().encode()) for one in stage.read(stage.names.person_phones))


def seen(deployment: Deployment) -> bool:
    """Say whether a sighting has entered the journal."""
    return any(isinstance(codecs.decode_record(value), Sightings) for value in deployment.values("journal"))


def test_after_the_sunset_nothing_is_taken_in_and_nothing_is_answered(deployment: Deployment) -> None:
    deployment.publish()
    bind(deployment)
    register(deployment)
    ask(deployment, "c-1", ErasePerson())
    deployment.env = deployment.env | {"SHENDENG_SUNSET": PAST}
    worker = deployment.ready()
    sent = len(deployment.values("location-events.mobile"))
    assert sent > 0
    came = {"location-events.mobile": sent, "commands": 1, "identity-bindings": 1, "residents": 1}
    until(lambda: late(deployment, *came) == came, "a dead letter for each that came")
    assert set(buried(deployment)) == {"sunset"}
    assert worker.get("/livez") == "alive\n"
    assert not seen(deployment)
    for topic in ("colour-changes", "passes", "declarations", "person-colours"):
        assert deployment.values(topic) == [], topic
    folder = deployment.folder
    for words in (
        ("publish", "events", str(folder / "events.csv"), "--carrier", "mobile"),
        ("publish", "towers", str(folder / "towers.csv")),
        ("watch", "--all", "--count", "1"),
        ("explain", PHONE.hex()),
        ("diff", "--areas", str(folder / "areas.geojson")),
        ("replay", "--journal", "-o", str(folder / "out.ndjson")),
    ):
        within(*words, env=deployment.env, codes=(2,))


def test_a_sunset_to_come_changes_nothing(deployment: Deployment) -> None:
    later = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(NOW + 9 * DAY))
    deployment.env = deployment.env | {"SHENDENG_SUNSET": later}
    deployment.ready()
    deployment.publish()
    until(lambda: seen(deployment), "sightings in the journal")
    assert "sunset" not in buried(deployment)
