"""A declaration turns red and revokes a paper pass; the worker is killed at that moment (rule 13.3)."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Any

import pytest
from kafka import KafkaProducer

from streams import codecs
from streams.domain.records import AreaVersion
from streams.people.actors import Actor, Role
from streams.people.commands import Command
from streams.people.declarations import Declare
from streams.people.passes import TURNED, IssuePass, PassIssued, PassRevoked
from streams.people.register import Resident
from streams.people.statements import Place, Statement
from tests.e2e.deployment import PARTITIONS, Deployment, deployed
from tests.e2e.processes import Worker, until
from tests.scenarios import places

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.kafka.local import LocalBroker

LI = bytes([1, 1]) * 8
NOW = int(time.time())
DAY = 86_400
STAYED = Statement((Place((places.cell("middle"),), True, NOW - 3 * DAY, NOW - 2 * DAY),))


@pytest.fixture
def deployment(broker: LocalBroker, topic_prefix: str, tmp_path: Path) -> Iterator[Deployment]:
    with deployed(broker, topic_prefix, tmp_path, 1, home=str(tmp_path / "home"), clock="wall") as made:
        yield made


def send(deployment: Deployment, topic: str, key: bytes, value: bytes) -> None:
    producer = KafkaProducer(bootstrap_servers=deployment.broker.address)
    producer.send(deployment.prefix + topic, key=key, value=value)
    producer.close()


def ask(deployment: Deployment, name: str, body: Any) -> None:
    command = Command(name, LI.hex(), Actor(LI.hex(), Role.RESIDENT), NOW * 1000, body)
    send(deployment, "commands", LI, codecs.encode_command(command))


def facts(deployment: Deployment, topic: str) -> list[Any]:
    return [codecs.decode_recorded(value) for value in deployment.values(topic)]


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
    dying = Worker(env, deployment.folder / "dying.log", "tests.e2e.dying").start()
    deployment.workers.append(dying)
    assert dying.process.wait(120) == -signal.SIGKILL, dying.log.read_text()[-2000:]
    deployment.ready()
    until(lambda: len(facts(deployment, "passes")) >= 2, "the revocation")
    assert deployment.workers[-1].stop() == 0

    issued, revoked = (one.body for one in facts(deployment, "passes"))
    assert isinstance(issued, PassIssued)
    assert revoked == PassRevoked(issued.pass_id, TURNED)
    assert [one.command for one in facts(deployment, "declarations")] == ["c-2"]
    told = [codecs.decode_person_colour(value) for value in deployment.values("person-colours")]
    assert [(one.person, one.sequence, one.colour) for one in told] == [(LI, 1, "red")]
