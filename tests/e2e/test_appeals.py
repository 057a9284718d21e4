"""An appeal from its opening to the changed colour, killed half-way and not (rules 16.1 to 16.3)."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from kafka import KafkaProducer

from streams import codecs
from streams.domain.areas import prepared
from streams.domain.policy import Policy
from streams.domain.records import ColourChanged, Reason
from streams.kafka.looked import texts_of
from streams.people.actors import Actor, Role
from streams.people.appealed import AppealOpened, AppealUpheld, UpholdProposed
from streams.people.appeals import ConfirmUphold, OpenAppeal, ProposeUphold
from streams.people.audit.lookups import Kind, Subject
from streams.people.bindings import Binding
from streams.people.commands import Command
from streams.people.phone_facts import CaseStruck
from streams.people.proxies import PREFIX, GiveConsent
from streams.people.referrals import CloseReferral
from streams.people.upheld import StrikeSightings
from tests.e2e import place
from tests.e2e.deployment import PARTITIONS, Deployment, deployed, last_colours
from tests.e2e.processes import Worker, until, within

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.domain.records import Exclusion
    from streams.kafka.local import LocalBroker

LI, WANG = (bytes([1, number]) * 8 for number in (1, 2))
PHONE = bytes([1, 3]) * 8
NOW = int(time.time())
DAY = 86_400
ONE, TWO = Actor("officer-1", Role.OFFICER, "county"), Actor("officer-2", Role.OFFICER, "city")
APPEAL = OpenAppeal("reason", "STAYED", "market")


@pytest.fixture
def agents() -> str:
    return "all"


@pytest.fixture
def deployment(broker: LocalBroker, topic_prefix: str, tmp_path: Path, agents: str) -> Iterator[Deployment]:
    with deployed(broker, topic_prefix, tmp_path, 1, home=str(tmp_path / "home"), agents=agents) as made:
        yield made


def send(deployment: Deployment, topic: str, key: bytes, value: bytes, partition: int | None = None) -> None:
    producer = KafkaProducer(bootstrap_servers=deployment.broker.address)
    producer.send(deployment.prefix + topic, key=key, value=value, partition=partition)
    producer.close()


def ask(deployment: Deployment, name: str, actor: Actor, body: Any, of: str = LI.hex()) -> None:
    command = Command(name, of, actor, NOW * 1000, body)
    send(deployment, "commands", codecs.aggregate_key(of), codecs.encode_command(command))


def own(person: bytes = LI) -> Actor:
    return Actor(person.hex(), Role.RESIDENT)


def bind(deployment: Deployment, phone: bytes) -> None:
    """Let Li hold a phone."""
    one = Binding(phone, 1, LI, "mobile", place.START - 60 * DAY)
    key, partition = codecs.binding_place(one, PARTITIONS)
    send(deployment, "identity-bindings", key, codecs.encode_binding(one), partition)


def facts(deployment: Deployment, topic: str) -> list[Any]:
    values = [value for value in deployment.values(topic) if codecs.is_recorded(value)]
    return [codecs.decode_recorded(value) for value in values]


def appeals(deployment: Deployment) -> list[Any]:
    return [one.body for one in facts(deployment, "appeals")]


def case_of(deployment: Deployment) -> str:
    """Return the name of the first appeal."""
    return str(appeals(deployment)[0].appeal)


def exclusions(deployment: Deployment) -> list[Exclusion]:
    return [codecs.decode_exclusion(value) for value in deployment.values("exclusions")]


def colours(deployment: Deployment) -> list[str]:
    """Return Li's colours as they were told."""
    found = [codecs.decode_person_colour(value) for value in deployment.values("person-colours")]
    return [one.colour for one in found if one.person == LI]


def last(deployment: Deployment) -> str:
    return (colours(deployment) or ["none"])[-1]


def decide(deployment: Deployment, **remedy: Any) -> None:
    """Let two officers uphold Li's appeal, one after the other."""
    case = case_of(deployment)
    ask(deployment, "c-2", ONE, ProposeUphold(case, ticket="T-1", **remedy))
    until(lambda: len(appeals(deployment)) == 2, "the proposal")
    ask(deployment, "c-3", TWO, ConfirmUphold(case, 2))


def red_in_one_hex(deployment: Deployment) -> tuple[bytes, int]:
    """Return a red phone that was seen in one hex of the area and no other, and that hex."""
    [area] = [codecs.decode_area(value) for value in deployment.values("risk-areas")]
    inside, cells = prepared(area, Policy()).cells, place.cells()
    seen: dict[str, set[int]] = {}
    for row in (deployment.folder / "events.csv").read_text().splitlines()[1:]:
        phone, tower, _ = row.split(",")
        seen.setdefault(phone, set()).add(cells[int(tower.rpartition("-")[2])])
    red = [name for name, (colour, _) in last_colours(deployment.changes()).items() if colour == "red"]
    found = {name: seen[name] & inside for name in red if len(seen[name] & inside) == 1}
    name = min(found)
    return bytes.fromhex(name), min(found[name])


def behind(deployment: Deployment, line: str) -> str:
    data = json.loads(line)["data"]
    words = ("appeals", "behind", str(data["partition"]), str(data["offset"]), "--json")
    return str(json.loads(within(*words, env=deployment.env)).get("case"))


def test_an_upheld_appeal_over_a_hex_changes_colours_and_every_change_leads_back_to_the_case(
    deployment: Deployment,
) -> None:
    deployment.ready()
    deployment.publish()
    deployment.settled()
    phone, cell = red_in_one_hex(deployment)
    bind(deployment, phone)
    until(lambda: last(deployment) == "red", "the holder is red")
    told = evidence(deployment)
    assert ("STAYED", "market") in {(one["code"], one["area"]) for one in told["reasons"]}
    assert all(one["cells"] and one["cells"][0][1] == "7" for one in told["reasons"] if one["area"])

    ask(deployment, "c-1", own(), APPEAL)
    until(lambda: len(appeals(deployment)) == 1, "the appeal")
    case = case_of(deployment)
    [waiting] = json.loads(within("appeals", "list", "--json", env=deployment.env))
    assert (waiting["appeal"], waiting["person"], waiting["code"]) == (case, LI.hex(), "STAYED")
    before = deployment.changes()
    decide(deployment, ground="tower_misplaced", hex=cell)
    until(lambda: last(deployment) != "red", "the holder follows")

    after = deployment.settled_by_journal()
    new = list((Counter(after) - Counter(before)).elements())
    assert {json.loads(line)["data"]["phone"] for line in new} >= {phone.hex()}
    assert last_colours(after)[phone.hex()][0] != "red"
    assert {behind(deployment, line) for line in new} == {case}
    [struck] = exclusions(deployment)
    assert (struck.case, struck.hex, struck.phone, struck.at) == (case, cell, None, NOW)
    assert [type(one) for one in appeals(deployment)] == [AppealOpened, UpholdProposed, AppealUpheld]
    assert json.loads(within("appeals", "list", "--json", env=deployment.env)) == []
    looks = texts_of(deployment.broker.address, f"{deployment.prefix}lookups", Subject(Kind.PERSON, LI))
    assert ("1 appeals that wait",) in {one.lookup.shown for one in looks}
    [shown] = evidence(deployment)["appeals"]
    assert (shown["state"], shown["ground"], shown["by"]) == ("upheld", "tower_misplaced", "self")
    for topic in ("exclusions", "journal", "colour-changes"):
        assert not any(LI in value or LI.hex().encode() in value for value in deployment.values(topic)), topic


def evidence(deployment: Deployment, *words: str, codes: tuple[int, ...] = (0,)) -> dict[str, Any]:
    told = within("appeals", "evidence", LI.hex(), "--json", *words, env=deployment.env, codes=codes)
    return json.loads(told) if told else {}


def test_a_proxy_sees_codes_and_appeals_once_there_is_a_consent_and_every_look_is_recorded(
    deployment: Deployment,
) -> None:
    deployment.ready()
    deployment.publish()
    deployment.settled()
    phone = bytes.fromhex(min(n for n, (c, _) in last_colours(deployment.changes()).items() if c == "red"))
    bind(deployment, phone)
    until(lambda: last(deployment) == "red", "the holder is red")
    assert evidence(deployment, "--proxy", WANG.hex(), codes=(2,)) == {}
    ask(deployment, "c-0", own(), GiveConsent(LI.hex()), PREFIX + WANG.hex())
    until(lambda: any(one.aggregate == LI.hex() for one in facts(deployment, "declarations")), "the consent")
    ask(deployment, "c-1", own(WANG), OpenAppeal("reason", "STAYED"))
    until(lambda: len(appeals(deployment)) == 1, "the appeal")
    case = case_of(deployment)
    assert appeals(deployment)[0].area == "market"

    seen = evidence(deployment, "--proxy", WANG.hex(), "--ticket", "T-9")
    assert {one["code"] for one in seen["reasons"]} >= {"STAYED"}
    assert {(one["area"], one["phone"], one["from_"], tuple(one["cells"])) for one in seen["reasons"]} == {
        (None, "", None, ())
    }
    assert [(one["appeal"], one["by"], one["area"]) for one in seen["appeals"]] == [(case, "proxy", "")]
    assert {"against": "reason", "code": "STAYED", "area": "", "phone": ""} in seen["contestable"]
    assert "market" not in json.dumps(seen)
    assert seen["seen_by"] == []
    for text in (within("appeals", "evidence", LI.hex(), env=deployment.env), json.dumps(seen)):
        assert phone.hex() not in text
    looks = texts_of(deployment.broker.address, f"{deployment.prefix}lookups", Subject(Kind.PERSON, LI))
    assert [(one.lookup.denied, one.lookup.ticket) for one in looks[:2]] == [
        ("no_consent", None),
        (None, "T-9"),
    ]
    assert len(evidence(deployment)["seen_by"]) == 3
    register = json.loads(within("register", "--json", env=deployment.env))
    assert [one["properties"]["id"] for one in register["areas"]["features"]] == ["market"]
    assert register["appeals"] == {"rules": [], "overdue": None}


@pytest.mark.parametrize("agents", ["people"])
@pytest.mark.parametrize(
    ("moment", "topic"),
    [
        ("before", "commands"),
        ("within", "commands"),
        ("after", "commands"),
        ("within", "exclusions"),
        ("after", "exclusions"),
    ],
)
def test_killed_between_the_decision_and_its_effects_each_is_there_once(
    deployment: Deployment, moment: str, topic: str
) -> None:
    [partition] = codecs.partitions_of([PHONE], PARTITIONS)
    stay = (Reason("STAYED", "market", 1, NOW - 3 * DAY, NOW - 2 * DAY, 1440),)
    change = ColourChanged(PHONE, 1, None, "red", stay, 0, NOW, NOW + DAY, partition, 0)
    bind(deployment, PHONE)
    send(deployment, "colour-changes", PHONE, codecs.encode_change(change), partition)
    first = deployment.ready()
    until(lambda: last(deployment) == "red", "the holder is red")
    ask(deployment, "c-1", own(), APPEAL)
    until(lambda: len(appeals(deployment)) == 1, "the appeal")
    case = case_of(deployment)
    ask(deployment, "c-2", ONE, ProposeUphold(case, "cloned", "T-1", PHONE.hex(), None, NOW - 3 * DAY, NOW))
    until(lambda: len(appeals(deployment)) == 2, "the proposal")
    assert first.stop() == 0

    ask(deployment, "c-3", TWO, ConfirmUphold(case, 2))
    env = deployment.env | {"DIES": moment, "DIES_ON": deployment.prefix + topic}
    dying = Worker(env, deployment.folder / "dying.log", "tests.e2e.dying").start()
    deployment.workers.append(dying)
    assert dying.process.wait(120) == -signal.SIGKILL, dying.log.read_text()[-2000:]
    deployment.ready()
    until(lambda: bool(exclusions(deployment)), "the exclusion")
    assert deployment.workers[-1].stop() == 0

    assert [type(one) for one in appeals(deployment)] == [AppealOpened, UpholdProposed, AppealUpheld]
    struck = [one for one in facts(deployment, "identity-bindings") if isinstance(one.body, CaseStruck)]
    assert [(one.aggregate, one.body) for one in struck] == [
        (PHONE.hex(), CaseStruck(case, PHONE, NOW, NOW - 3 * DAY, NOW))
    ]
    assert [(one.case, one.version, one.phone) for one in exclusions(deployment)] == [(case, 1, PHONE)]
    sent = [codecs.decode_command(value).body for value in deployment.values("commands")]
    effects = [one for one in sent if isinstance(one, StrikeSightings | CloseReferral)]
    assert len(effects) == 2
    assert {*effects} == {CloseReferral(case), StrikeSightings(case, NOW, NOW - 3 * DAY, NOW)}
