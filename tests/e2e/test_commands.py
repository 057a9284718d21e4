"""What the commands say of a deployment that runs: explain, watch, topics, `replay --journal`'s summary."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from streams.kafka.looked import texts_of
from streams.people.audit.lookups import Kind, Subject
from tests.e2e.deployment import Deployment, deployed
from tests.e2e.processes import shendeng

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.kafka.local import LocalBroker


@pytest.fixture(scope="module")
def settled(
    broker: LocalBroker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Deployment, list[str]]]:
    with deployed(broker, "commands.", tmp_path_factory.mktemp("commands"), 5) as made:
        made.ready()
        made.publish()
        yield made, made.settled()


def last(lines: list[str], colour: str) -> dict[str, object]:
    """Return the data of the last change there is to a colour, of a phone that has it still."""
    found = {}
    for line in lines:
        data: dict[str, object] = json.loads(line)["data"]
        found[str(data["phone"])] = data
    return next(data for data in reversed(found.values()) if data["colour"] == colour)


def test_explain_gives_the_reasons_of_the_last_change(settled: tuple[Deployment, list[str]]) -> None:
    deployment, lines = settled
    data = last(lines, "yellow")
    told = shendeng("explain", str(data["phone"]), env=deployment.env).splitlines()
    assert told[0].startswith("yellow at ")
    assert told[0].endswith(f", after {data['sequence']} changes")
    reasons = data["reasons"]
    assert isinstance(reasons, list)
    assert [line.split()[1] for line in told if line.startswith("because: ")] == [
        reason["code"] for reason in reasons
    ]
    assert any(line.startswith("because: PASSED_THROUGH market version 1 from ") for line in told)
    assert any("  visit of market until " in line for line in told)
    ahead = told[told.index("ahead, if nothing more is seen:") + 1 :]
    assert ahead[-1].endswith("unknown, because: NO_SIGNAL")
    assert ahead == sorted(ahead)
    assert str(data["phone"]) not in "\n".join(told)


def test_explain_says_so_of_a_phone_never_seen(settled: tuple[Deployment, list[str]]) -> None:
    told = shendeng("explain", "ff" * 16, env=settled[0].env, codes=(3,))
    assert told == "never seen: unknown, NO_SIGNAL\n"


def test_explain_is_a_look_up_recorded_before_anything_is_shown(
    settled: tuple[Deployment, list[str]],
) -> None:
    deployment, lines = settled
    phone = str(last(lines, "red")["phone"])
    words = ["--purpose", "an appeal", "--ticket", "T-17"]
    shendeng("explain", phone, *words, env=deployment.env)
    subject = Subject(Kind.PHONE, bytes.fromhex(phone))
    found = texts_of(deployment.broker.address, f"{deployment.prefix}lookups", subject)[-1].lookup
    assert (found.purpose, found.ticket, found.actor.role) == ("an appeal", "T-17", "operator")
    assert found.shown[0] == "colour red"
    assert "reason STAYED" in found.shown


def test_explain_shows_nothing_where_the_look_up_cannot_be_recorded(
    settled: tuple[Deployment, list[str]],
) -> None:
    words = [sys.executable, "-m", "streams", "explain", "ff" * 16, "--purpose", "x" * 3000]
    done = subprocess.run(words, env=settled[0].env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "purpose: expected 1 to 2000 characters, found 3000" in done.stderr


def test_explain_refuses_what_is_no_phone_in_one_line(settled: tuple[Deployment, list[str]]) -> None:
    words = [sys.executable, "-m", "streams", "explain", "12345"]
    done = subprocess.run(words, env=settled[0].env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "shendeng: PHONE: expected 32 hex digits\n")


def test_watch_shows_changes_with_places_and_phones_shortened(
    settled: tuple[Deployment, list[str]],
) -> None:
    deployment, lines = settled
    told = shendeng("watch", "--all", "--count", str(len(lines)), env=deployment.env)
    assert len(told.splitlines()) == len(lines)
    assert "PASSED_THROUGH 市场 market (" in told
    people = {json.loads(line)["subject"] for line in lines}
    assert not [phone for phone in people if phone in told]
    assert all(phone[:8] in told for phone in people)


def test_watch_shows_only_what_is_asked_for(settled: tuple[Deployment, list[str]]) -> None:
    deployment, lines = settled
    data = [json.loads(line)["data"] for line in lines]
    yellow = [
        f"{one['phone']}-{one['sequence']}"
        for one in data
        if one["colour"] == "yellow" and "market" in {reason["area"] for reason in one["reasons"]}
    ]
    words = ("--colour", "yellow", "--area", "market", "--count", str(len(yellow)))
    told = shendeng("watch", "--all", "--json", *words, env=deployment.env).splitlines()
    assert sorted(json.loads(line)["id"] for line in told) == sorted(yellow)
    clear = [one["phone"] for one in data if one["reasons"][0]["code"] == "CLEAR"]
    phone, count = clear[0], clear.count(clear[0])
    words = ("--phone", phone[:8], "--reason", "CLEAR", "--count", str(count))
    told = shendeng("watch", "--all", *words, env=deployment.env).splitlines()
    assert len(told) == count
    assert all(phone[:8] in line and "CLEAR" in line for line in told)


def test_watch_as_json_is_what_replay_writes(settled: tuple[Deployment, list[str]]) -> None:
    deployment, lines = settled
    told = shendeng("watch", "--all", "--json", "--count", str(len(lines)), env=deployment.env)
    assert sorted(told.splitlines()) == sorted(lines)


def test_topics_check_lists_what_differs_and_changes_nothing(
    settled: tuple[Deployment, list[str]],
) -> None:
    deployment, _ = settled
    words = ("topics", "check", "--carrier", "mobile")
    assert shendeng(*words, env=deployment.env) == ""
    client = KafkaAdminClient(bootstrap_servers=deployment.broker.address)
    topic = f"{deployment.prefix}dead-letters.mobile"
    client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, {"retention.ms": "1000"})])
    client.close()
    for _ in range(2):
        told = shendeng(*words, env=deployment.env, codes=(3,))
        assert f"{topic}: retention.ms: expected {30 * 86_400_000}, found 1000" in told.splitlines()
    missing = shendeng("topics", "check", "--carrier", "nobody", env=deployment.env, codes=(3,))
    assert f"{deployment.prefix}location-events.nobody: topic: missing" in missing.splitlines()


def test_replay_of_the_journal_sums_up_as_of_files(
    settled: tuple[Deployment, list[str]], tmp_path: Path
) -> None:
    deployment, lines = settled
    words = [sys.executable, "-m", "streams", "replay", "--journal", "--json", "-o", str(tmp_path / "out")]
    done = subprocess.run(words, env=deployment.env, capture_output=True, text=True, check=True)
    summary = json.loads(done.stderr)
    rows = (deployment.folder / "events.csv").read_text().splitlines()[1:]
    assert (summary["sightings"], summary["dead_letters"], summary["too_late"]) == (len(rows), {}, 0)
    assert summary["phones"] == len({row.split(",")[0] for row in rows})
    assert summary["changes"]["total"] == len(lines)
    assert summary["events_per_s"] > 0
