"""Who turns red by a declaration or a phone, the worker killed at that moment (rules 12.2, 13.3)."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Any

import pytest
from kafka import KafkaProducer

from streams import codecs
from streams.domain.records import AreaVersion
from streams.people.actors import Actor, Role
from streams.people.bindings import Binding
from streams.people.commands import Command
from streams.people.declarations import Declare
from streams.people.passes import TURNED, IssuePass, PassIssued, PassRevoked
from streams.people.register import Resident
from streams.people.statements import Place, Statement
from tests.e2e.deployment import PARTITIONS, Deployment, deployed, last_colours
from tests.e2e.processes import Worker, until
from tests.scenarios import places

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.kafka.local import LocalBroker
    from streams.people.person_colour import PersonColour

LI = bytes([1, 1]) * 8
NOW = int(time.time())
DAY = 86_400
STAYED = Statement((Place((places.cell("middle"),), True, NOW - 3 * DAY, NOW - 2 * DAY),))


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


def ask(deployment: Deployment, name: str, body: Any) -> None:
    command = Command(name, LI.hex(), Actor(LI.hex(), Role.RESIDENT), NOW * 1000, body)
    send(deployment, "commands", LI, codecs.encode_command(command))


def facts(deployment: Deployment, topic: str) -> list[Any]:
    return [codecs.decode_recorded(value) for value in deployment.values(topic)]


def die(deployment: Deployment, env: dict[str, str]) -> None:
    dying = Worker(env, deployment.folder / "dying.log", "tests.e2e.dying").start()
    deployment.workers.append(dying)
    assert dying.process.wait(120) == -signal.SIGKILL, dying.log.read_text()[-2000:]


def told(deployment: Deployment) -> list[PersonColour]:
    return [codecs.decode_person_colour(value) for value in deployment.values("person-colours")]


@pytest.mark.parametrize("moment", ["before", "within", "after"])
def test_killed_between_a_declaration_and_what_follows_each_is_there_once(
    deployment: Deployment, moment: str
) -> None:
    area = AreaVersion("A", 1, places.geometry(places.AREAS["A"]), NOW - 30 * DAY)
    send(deployment, "risk-areas", b"A", codecs.encode_area(area))
    send(deployment, "residents", LI, codecs.encode_resident(Resident(LI, 1, "lane-7", "60-69", 7)))
    first = deployment.ready()
    until(lambda: len(deployment.values("person-phones")) >= PARTITIONS, "the time is told")
    ask(deployment, "c-1", IssuePass())
    until(lambda: bool(facts(deployment, "passes")), "the pass")
    assert first.stop() == 0

    ask(deployment, "c-2", Declare(STAYED))
    env = deployment.env | {"DIES": moment, "DIES_ON": f"{deployment.prefix}passes"}
    die(deployment, env)
    deployment.ready()
    until(lambda: len(facts(deployment, "passes")) >= 2, "the revocation")
    assert deployment.workers[-1].stop() == 0

    issued, revoked = (one.body for one in facts(deployment, "passes"))
    assert isinstance(issued, PassIssued)
    assert revoked == PassRevoked(issued.pass_id, TURNED)
    assert [one.command for one in facts(deployment, "declarations")] == ["c-2"]
    assert [(one.person, one.sequence, one.colour) for one in told(deployment)] == [(LI, 1, "red")]


@pytest.mark.parametrize("clock", ["events"])
@pytest.mark.parametrize("moment", ["within", "after"])
def test_killed_while_a_phone_tells_its_holder_the_holder_turns_red_once(
    deployment: Deployment, moment: str
) -> None:
    first = deployment.ready()
    deployment.publish()
    before = last_colours(deployment.settled())
    phone = bytes.fromhex(min(phone for phone, (colour, _) in before.items() if colour == "red"))
    assert first.stop() == 0

    one = Binding(phone, 1, LI, "mobile", NOW - 60 * DAY)
    [partition] = codecs.partitions_of([phone], PARTITIONS)
    key = codecs.version_key(phone.hex(), 1)
    send(deployment, "identity-bindings", key, codecs.encode_binding(one), partition)
    die(deployment, deployment.env | {"DIES": moment, "DIES_ON": f"{deployment.prefix}person-phones"})
    deployment.ready()
    until(lambda: bool(told(deployment)), "the holder's colour")
    assert deployment.workers[-1].stop() == 0
    assert [(one.person, one.sequence, one.colour) for one in told(deployment)] == [(LI, 1, "red")]
