"""The demo on its own Kafka: what it announces is so, it keeps what it should, and it leaves no process."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from kafka import KafkaAdminClient

from streams import codecs
from streams.domain.records import AreaPublished, PolicyPublished, Sightings
from tests.e2e.clone import clean, home_with_jars
from tests.e2e.processes import environment, partitions, running, shendeng, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.kafka.local import LocalBroker

CITY = ("--phones", "60", "--seed", "3", "--keep")
DEMO = (sys.executable, "-m", "streams", "demo")
MOVED = re.compile(r" +([\d,]+)  (\w+)(?: → (\w+)|, for other reasons)$")
CONTROL = re.compile(r"▶ (area '([\w-]+)'|policy) version (\d+)")
Moved = Counter[tuple[str, str]]


@contextmanager
def demo(env: dict[str, str], out: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    with out.open("wb") as stream:
        process = subprocess.Popen([*DEMO, *words], env=env, stdout=stream, stderr=stream)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(60)


def announced(told: str) -> dict[tuple[str, int], Moved]:
    """Return what each control is said to have changed, by area (policy: empty) and version."""
    found: dict[tuple[str, int], Moved] = {}
    moved: Moved = Counter()
    for line in told.splitlines():
        if control := CONTROL.search(line):
            moved = found[control[2] or "", int(control[3])] = Counter()
        elif count := MOVED.match(line):
            moved[count[2], count[3] or count[2]] += int(count[1].replace(",", ""))
    return found


def caused(env: dict[str, str], out: Path) -> dict[tuple[str, int], Moved]:
    """Return what each control of the journal changed, by another way: `replay --journal`'s changes."""
    shendeng("replay", "--journal", "-o", str(out), env=env)
    found: defaultdict[tuple[int, int], Moved] = defaultdict(Counter)
    for line in out.read_text().splitlines():
        data = json.loads(line)["data"]
        found[data["partition"], data["offset"]][data["previous"] or "unknown", data["colour"]] += 1
    changed: defaultdict[tuple[str, int], Moved] = defaultdict(Counter)
    for partition, records in enumerate(journal_of(env)):
        for offset, record in enumerate(records):
            if isinstance(record, AreaPublished):
                changed[record.area.id, record.area.version] += found[partition, offset]
            elif isinstance(record, PolicyPublished):
                changed["", record.version] += found[partition, offset]
    return changed


def journal_of(env: dict[str, str]) -> list[list[object]]:
    brokers = env["SHENDENG_KAFKA_BROKERS"]
    return [
        [codecs.decode_record(value) for value in partition] for partition in partitions(brokers, "journal")
    ]


def sightings(env: dict[str, str]) -> int:
    records = [record for partition in journal_of(env) for record in partition]
    return sum(len(record.slots) for record in records if isinstance(record, Sightings))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], str]:
    """Play a kept city's history once; return the environment and what was told."""
    folder = tmp_path_factory.mktemp("demo")
    env = clean() | {"SHENDENG_HOME": str(home_with_jars(folder))}
    with demo(env, folder / "told", *CITY, "--once") as process:
        assert process.wait(240) == 0, (folder / "told").read_text()
    assert running(folder / "home") == []
    return env, (folder / "told").read_text()


def test_the_history_tells_each_day_each_control_and_that_the_first_colours_are_back(
    kept: tuple[dict[str, str], str],
) -> None:
    _, told = kept
    assert [int(day) for day in re.findall(r"^day +(\d+) ", told, re.MULTILINE)] == list(range(1, 17))
    assert list(announced(told)) == [("lq-market", 1), ("lq-market", 2), ("lq-market", 3), ("", 1), ("", 2)]
    for words in ("published: ", "amended: ", "withdrawn\n", "window_days 14 → 7", "window_days 7 → 14"):
        assert words in told
    assert "the first colours are back: all " in told
    assert re.search(r"^ {4}[0-9a-f]{8}  \w+ → red  STAYED \S.*, \w+", told, re.MULTILINE)
    assert told.index("day 10 ") < told.index("version 1 published") < told.index("day 11 ")
    assert "summary: " in told
    assert "now live" not in told


def test_another_city_than_the_kept_one_is_refused_in_one_line(kept: tuple[dict[str, str], str]) -> None:
    env, _ = kept
    words = [*DEMO, "--phones", "61", "--seed", "3", "--keep"]
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    folder = Path(env["SHENDENG_HOME"]) / "kafka" / "demo-kept"
    assert done.returncode == 2
    assert done.stderr == (
        f"shendeng: {folder / 'city.json'}: expected --phones 60 --seed 3, the city that is kept, found "
        f"--phones 61 --seed 3: ask for that one, or delete {folder}\n"
    )


def test_a_kept_city_goes_on_and_tells_exactly_what_you_publish_until_ctrl_c(
    kept: tuple[dict[str, str], str], tmp_path: Path
) -> None:
    env, before = kept
    out = tmp_path / "told"
    with demo(env, out, *CITY, "--speed", "1") as process:
        until(lambda: "now live" in out.read_text() or process.poll() is not None, "live")
        told = out.read_text()
        assert "16 of 16 days are not played again" in told
        assert not re.search(r"^day ", told, re.MULTILINE)
        there = re.search(r"SHENDENG_KAFKA_BROKERS=(\S+) (\S+) watch$", told, re.MULTILINE)
        assert there is not None
        assert Path(there[2]).name == "shendeng"
        there_env = env | {"SHENDENG_KAFKA_BROKERS": there[1], "SHENDENG_CLOCK": "events"}
        count = sightings(there_env)
        area = json.loads((Path(env["SHENDENG_HOME"]) / "demo" / "lq-market-2.geojson").read_text())
        area["features"][0]["properties"] |= {"id": "mine", "version": 1}
        mine = tmp_path / "mine.geojson"
        mine.write_text(json.dumps(area))
        preview = shendeng("diff", "--areas", str(mine), "--json", env=there_env)
        token = json.loads(preview)["token"]
        shendeng("diff", "--areas", str(mine), "--publish", token, env=there_env)
        until(lambda: "because: " in out.read_text().partition("▶ area 'mine'")[2], "announced")
        found = caused(there_env, tmp_path / "changes")
        assert sightings(there_env) - count < 1000  # a moment of the live day, not the history again
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)  # a second one disturbs nothing
        assert process.wait(60) == 0
    told = out.read_text()
    everything = announced(before) | announced(told)
    assert {key: +moved for key, moved in found.items() if key in everything} == everything
    assert everything["mine", 1].total() > 0
    assert "stopped, with all that was started" in told
    assert running(Path(env["SHENDENG_HOME"])) == []


def test_on_a_kafka_of_yours_nothing_is_left_of_a_demo_that_is_stopped(
    broker: LocalBroker, topic_prefix: str, tmp_path: Path
) -> None:
    env = environment(broker.address, topic_prefix, home=str(tmp_path / "home"))
    out = tmp_path / "told"
    with demo(env, out, "--phones", "60") as process:
        until(lambda: "first colour change" in out.read_text() or process.poll() is not None, "a change")
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(60) == 0, out.read_text()
    assert f"SHENDENG_TOPIC_PREFIX={topic_prefix} " in out.read_text()
    client = KafkaAdminClient(bootstrap_servers=broker.address)
    left = [topic for topic in client.list_topics() if topic.startswith(topic_prefix)]
    client.close()
    assert left == []
    assert running(tmp_path / "home") == []
