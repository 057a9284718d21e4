"""`shendeng feed CARRIER` of what a carrier sent to a real broker, over any span of arrival."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from streams import codecs
from tests.agents.stage import Stage, a_stage
from tests.e2e.processes import environment, shendeng, until
from tests.feed.town import QUARTER, TOWERS, WRONG, phone, walks

if TYPE_CHECKING:
    from streams.kafka.local import LocalBroker

FIRST = 12 * 40
"""Sightings of the first batches."""


def sent(stage: Stage, sightings: list[tuple[bytes, str, int]], partition: int = 0) -> None:
    columns = [list(column) for column in zip(*sightings, strict=True)]
    stage.send(stage.names.events("one"), [(None, codecs.encode_batch(codecs.Events(*columns)))], partition)


def moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()


@pytest.fixture
def stage(broker: LocalBroker, topic_prefix: str) -> Stage:
    made = a_stage(broker.address, topic_prefix)
    made.make_topics("one")
    return made


def report(stage: Stage, *words: str) -> Any:
    env = environment(stage.brokers, stage.settings.topic_prefix)
    return json.loads(shendeng("feed", "one", "--json", *words, env=env))


def test_every_fault_of_a_feed_is_reported_over_the_span_asked_for(stage: Stage) -> None:
    stage.send_towers(*TOWERS.values())
    walked = list(walks())
    now = int(time.time() * 1000)
    shift = now - 41 * QUARTER - walked[0][2]
    sent(stage, [(who, cell, seen + shift) for who, cell, seen in walked])
    [first] = stage.read(stage.names.events("one"))
    between = (first.timestamp // 1000 + 1) * 1000
    until(lambda: time.time() * 1000 >= between, "the next second: times are read to whole ones")
    here = "460-0-1-1"
    sent(stage, [(phone(1), "460-0-7-7", now), (phone(1), here, now + 3_600_000), (phone(1), here, now)], 1)
    stage.send(stage.names.events("one"), [(None, b"rubbish"), (b"k", None)], 1)
    letter = codecs.DeadLetter("future", stage.names.events("one"), 1, 0, 1)
    stage.send(stage.names.dead_letters_of("one"), [(b"k", codecs.encode_dead_letter(letter))])

    told = report(stage)
    assert (told["sightings"], told["records"]) == (FIRST + 3, 4)
    assert told["unreadable"] == {"bad_framing": 2}
    assert told["dead_letters"] == {"future": 1}
    assert told["clock_errors"]["future"] == 1
    assert [row["cell"] for row in told["unknown_towers"]["top"]] == ["460-0-7-7"]
    [misplaced] = told["probably_misplaced"]
    assert (misplaced["cell"], round(misplaced["km"], -2)) == (WRONG, 500)

    assert report(stage, "--until", moment(between - 1000))["sightings"] == 0
    assert report(stage, "--until", moment(between))["sightings"] == FIRST
    after = report(stage, "--since", moment(between))
    assert (after["sightings"], after["dead_letters"]) == (3, {"future": 1})
    assert report(stage, "--since", moment(now + 3_600_000))["sightings"] == 0

    env = environment(stage.brokers, stage.settings.topic_prefix)
    text = shendeng("feed", "one", env=env)
    assert f"{WRONG:<24}probably misplaced, about 49" in text
    assert phone(1).hex() not in text + json.dumps(told)


def test_the_thresholds_are_those_of_the_policy_published_last(stage: Stage) -> None:
    stage.send_towers(*TOWERS.values())
    sent(stage, [(phone(1), "460-0-1-1", QUARTER), (phone(1), WRONG, 2 * QUARTER)])
    assert report(stage)["jumps"] == 1
    stage.send(stage.names.policies, [(b"policy", codecs.encode_policy(1, {"jump_min_km": 1000.0}))])
    assert report(stage)["jumps"] == 0


def test_what_cannot_be_reported_is_one_line(stage: Stage) -> None:
    env = environment(stage.brokers, stage.settings.topic_prefix)
    for words, told in {
        ("nobody",): "location-events.nobody' does not exist; create it with: shendeng topics create\n",
        ("one", "--since", "noon"): "--since: expected a time with its offset (RFC 3339), found 'noon'\n",
        (
            "one",
            "--until",
            "2026-11-01",
        ): "--until: expected a time with its offset (RFC 3339), found '2026-11-01'\n",
    }.items():
        command = [sys.executable, "-m", "streams", "feed", *words]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
        assert done.stderr.endswith(told)
