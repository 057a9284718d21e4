"""Who holds a phone, on real Kafka: a recycled number, decisions killed half-way, files of bindings."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from kafka import KafkaProducer

from streams import codecs
from streams.files.private import write_private
from streams.kafka.looked import texts_of
from streams.people.actors import Actor, Role
from streams.people.aggregates import replayed
from streams.people.audit.lookups import Kind, Subject
from streams.people.codes.digits import CheckKey
from streams.people.commands import Command
from streams.people.inheritance import ColourWitnessed, kept
from streams.people.manual import PHONES, ConfirmBinding, ProposeBinding
from streams.people.phone_facts import SightingsStruck
from streams.people.phones import entered
from tests.e2e.deployment import Deployment, deployed, last_colours
from tests.e2e.processes import Worker, until, within

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.kafka.local import LocalBroker

LI, WANG = (bytes([1, n]) * 8 for n in (1, 2))
CHECK = CheckKey(bytes(range(32)))
HEADER = "phone,person,from,version\n"
ROWS = 20_000


@pytest.fixture
def deployment(broker: LocalBroker, topic_prefix: str, tmp_path: Path) -> Iterator[Deployment]:
    with deployed(broker, topic_prefix, tmp_path, 1, home=str(tmp_path / "home")) as made:
        yield made


def bindings(deployment: Deployment, *rows: tuple[bytes, bytes | None, str, int]) -> None:
    """Publish bindings with the project's own command."""
    file = deployment.folder / "bindings.csv"
    lines = [
        f"{phone.hex()},{person.hex() if person else ''},{since},{version}"
        for phone, person, since, version in rows
    ]
    file.write_text(HEADER + "\n".join(lines) + "\n")
    within("publish", "bindings", str(file), "--carrier", "mobile", env=deployment.env)


def facts(deployment: Deployment) -> list[Any]:
    values = deployment.values("identity-bindings")
    return [codecs.decode_recorded(value) for value in values if codecs.is_recorded(value)]


def reasons_buried(deployment: Deployment) -> list[str]:
    return [codecs.decode_dead_letter(value).reason for value in deployment.values("dead-letters")]


def test_a_recycled_number_loses_its_red_its_last_holder_keeps_it_and_no_person_is_told_to_colours(
    deployment: Deployment,
) -> None:
    deployment.ready()
    deployment.publish()
    before = last_colours(deployment.settled())
    name = min(phone for phone, (colour, _) in before.items() if colour == "red")
    phone = bytes.fromhex(name)
    bindings(
        deployment,
        (phone, LI, "2026-10-01T00:00:00Z", 1),
        (phone, None, "2026-11-08T00:00:00Z", 2),
        (phone, WANG, "2026-11-09T00:00:00Z", 3),
    )
    until(lambda: last_colours(deployment.changes())[name][0] == "unknown", "the old diary is struck out")
    last = json.loads([line for line in deployment.settled_by_journal() if name in line][-1])["data"]
    assert [reason["code"] for reason in last["reasons"]] == ["NO_SIGNAL"]
    assert [type(fact.body) for fact in facts(deployment)] == [ColourWitnessed, SightingsStruck]

    state = replayed(PHONES, facts(deployment)).state
    for value in deployment.values("identity-bindings"):
        if not codecs.is_recorded(value):
            state = entered(state, codecs.decode_binding(value))
    held = kept(state.held(), state.witnessed)
    assert {name for one in held for name in one.holder.names} == {LI}
    assert ("STAYED", "market") in {(one.reason.code, one.reason.area) for one in held}
    for topic in ("journal", "colour-changes", "exclusions", "checkpoints", "dead-letters"):
        assert not any(one in value for value in deployment.values(topic) if value for one in (LI, WANG)), (
            topic
        )


@pytest.mark.parametrize(
    ("moment", "topic"),
    [
        ("before", "exclusions"),
        ("within", "exclusions"),
        ("after", "exclusions"),
        ("within", "lookups"),
        ("after", "lookups"),
    ],
)
def test_killed_between_a_decision_and_its_effects_each_is_there_once(
    deployment: Deployment, moment: str, topic: str
) -> None:
    phone, other = bytes([1, 3]) * 8, bytes([1, 4]) * 8
    bindings(deployment, (phone, LI, "2026-10-01T00:00:00Z", 1), (phone, WANG, "2026-11-09T00:00:00Z", 2))
    officer = Actor("officer-1", Role.OFFICER)
    producer = KafkaProducer(bootstrap_servers=deployment.broker.address)
    for number, body in enumerate([ProposeBinding(LI, 1, "document_seen", "T-1"), ConfirmBinding(LI)]):
        command = Command(f"c-{number}", other.hex(), officer, 1_790_000_000_000, body)
        producer.send(f"{deployment.prefix}commands", key=other, value=codecs.encode_command(command))
    producer.close()
    env = deployment.env | {"DIES": moment, "DIES_ON": deployment.prefix + topic}
    dying = Worker(env, deployment.folder / "dying.log", "tests.e2e.dying").start()
    deployment.workers.append(dying)
    assert dying.process.wait(120) == -signal.SIGKILL, dying.log.read_text()[-2000:]
    deployment.ready()

    def all_there() -> bool:
        return len(facts(deployment)) >= 2 and bool(reasons_buried(deployment)) and bool(excluded(deployment))

    until(all_there, "both decisions and the refusal")
    assert deployment.workers[-1].stop() == 0
    assert sorted((fact.command, fact.version) for fact in facts(deployment)) == [
        ("binding/2", 1),
        ("c-0", 1),
    ]
    assert [(one.phone, one.version, one.withdrawn) for one in excluded(deployment)] == [(phone, 1, False)]
    assert reasons_buried(deployment) == ["same_officer"]
    [chain] = json.loads(within("audit", "verify", "--json", env=deployment.env))["chains"]
    assert (chain["last"], chain["without_text"]) == (1, 0)
    [text] = texts_of(deployment.broker.address, f"{deployment.prefix}lookups", Subject(Kind.PHONE, other))
    assert (text.lookup.denied, text.lookup.actor) == ("same_officer", officer)


def excluded(deployment: Deployment) -> list[Any]:
    return [codecs.decode_exclusion(value) for value in deployment.values("exclusions")]


def test_publishing_bindings_goes_on_after_a_kill_and_says_what_it_left_out(deployment: Deployment) -> None:
    file, state = deployment.folder / "many.csv", deployment.folder / "state"
    rows = [f"01{n:030x},{LI.hex()},2026-10-01T00:00:00Z,1" for n in range(ROWS)]
    file.write_text(HEADER + "\n".join([*rows, "nobody,,2026-10-01T00:00:00Z,1"]) + "\n")
    words = [
        *(sys.executable, "-m", "streams", "publish", "bindings", str(file), "--carrier", "mobile"),
        *("--state", str(state)),
    ]
    with subprocess.Popen(words, env=deployment.env, stderr=subprocess.DEVNULL) as run:
        until(lambda: reached(state) > 0, "something is remembered", poll=0.01)
        run.kill()
    assert 0 < reached(state) < ROWS
    done = subprocess.run(words, env=deployment.env, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    assert f"going on after line {reached_line(done.stderr)} of" in done.stderr
    assert "left out 1 bad rows (bad_phone 1)" in done.stderr
    found = {codecs.decode_binding(value).phone for value in deployment.values("identity-bindings")}
    assert found == {bytes.fromhex(f"01{n:030x}") for n in range(ROWS)}
    assert not state.exists()


def reached(state: Path) -> int:
    try:
        return int(json.loads(state.read_text())["line"])
    except (OSError, ValueError):
        return 0


def reached_line(told: str) -> str:
    return told.partition("going on after line ")[2].partition(" ")[0]


def test_a_communitys_list_is_published_and_an_older_version_does_not_replace_it(
    deployment: Deployment,
) -> None:
    file = deployment.folder / "residents.csv"

    def publish(version: int, band: str, codes: tuple[int, ...]) -> list[tuple[int, str]]:
        file.write_text(f"person,community,age_band,version\n{LI.hex()},lane-7,{band},{version}\n")
        within("publish", "residents", str(file), env=deployment.env, codes=codes)
        found = [codecs.decode_resident(value) for value in deployment.values("residents")]
        return [(one.version, one.age_band) for one in found]

    assert publish(2, "60-69", (0,)) == [(2, "60-69")]
    assert publish(2, "60-69", (0,)) == [(2, "60-69")]
    assert publish(1, "50-59", (3,)) == [(2, "60-69")]
    assert publish(3, "70-79", (0,)) == [(2, "60-69"), (3, "70-79")]

    key = deployment.folder / "check.key"
    write_private(key, CHECK.secret.hex().encode())
    file.write_text(f"person,community,age_band,version,digits\n{LI.hex()},lane-7,70-79,4,123X\n")
    within("publish", "residents", str(file), "--check-key", str(key), env=deployment.env)
    last = deployment.values("residents")[-1]
    assert codecs.decode_resident(last).check == CHECK.value("123X")
    assert b"123X" not in last
