"""`publish events` as a carrier runs it: numbers in, pseudonyms out, killed at any moment, nothing lost."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.admin import NewTopic

from streams import codecs
from streams.domain.records import Sightings
from streams.files.keys import keys_of
from streams.files.times import Times
from streams.files.towers import tower_rows
from streams.kafka.admin import topic_id
from streams.kafka.errors import UnusableError
from tests.e2e.deployment import Deployment, deployed
from tests.e2e.processes import shendeng, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.kafka.local import LocalBroker

DATA = Path(__file__).parent.parent / "data" / "carriers"
KILLS = 20
RATE = 1500
"""Sightings a second: slow enough that a run is killed in mid-file."""


@pytest.fixture
def deployment(broker: LocalBroker, topic_prefix: str, tmp_path: Path) -> Iterator[Deployment]:
    with deployed(broker, topic_prefix, tmp_path, 61, home=str(tmp_path / "home")) as made:
        yield made


def key_file(folder: Path, name: str) -> Path:
    copy = folder / name
    shutil.copy(DATA / name, copy)
    copy.chmod(0o600)
    return copy


def numbered(deployment: Deployment, keys: Path) -> list[tuple[str, str, str]]:
    """Write numbers.csv, and events.csv as the keys make it; return the rows of numbers.csv."""
    rows = [line.split(",") for line in (deployment.folder / "events.csv").read_text().splitlines()[1:]]
    people = {phone: f"+861380013{n:04}" for n, phone in enumerate(sorted({row[0] for row in rows}))}
    written = [(people[phone], cell, seen_at) for phone, cell, seen_at in rows]
    pseudonyms = {number: keys_of(str(keys)).pseudonyms(number) for number in people.values()}
    (deployment.folder / "numbers.csv").write_text(table(written))
    sent = [(p.hex(), cell, seen_at) for number, cell, seen_at in written for p in pseudonyms[number]]
    (deployment.folder / "events.csv").write_text(table(sent))
    return written


def table(rows: list[tuple[str, str, str]]) -> str:
    return "\n".join(["phone,cell,seen_at", *map(",".join, rows)]) + "\n"


def in_journal(deployment: Deployment) -> set[tuple[bytes, int, int]]:
    """Return (phone, hex, slot) of everything in the journal."""
    found: set[tuple[bytes, int, int]] = set()
    for value in deployment.values("journal"):
        record = codecs.decode_record(value)
        if isinstance(record, Sightings):
            found.update(zip(record.phones, record.hexes, record.slots, strict=True))
    return found


def expected_in_journal(deployment: Deployment) -> set[tuple[bytes, int, int]]:
    """Return what events.csv puts there."""
    towers = tower_rows(str(deployment.folder / "towers.csv"), lambda *_: None)
    hexes = {tower.id: tower.placed(8, 5000)[0] for tower in towers}
    read = Times()
    found = set()
    for line in (deployment.folder / "events.csv").read_text().splitlines()[1:]:
        phone, cell, seen_at = line.split(",")
        seconds = read(seen_at)
        assert seconds is not None
        found.add((bytes.fromhex(phone), hexes[cell], seconds // 900))
    return found


class Arrived:
    """How many records a carrier's topic holds."""

    def __init__(self, deployment: Deployment) -> None:
        self._consumer = KafkaConsumer(bootstrap_servers=deployment.broker.address, enable_auto_commit=False)
        topic = f"{deployment.prefix}location-events.mobile"
        self._tps = [TopicPartition(topic, n) for n in self._consumer.partitions_for_topic(topic)]

    def __call__(self) -> int:
        return sum(self._consumer.end_offsets(self._tps).values())

    def close(self) -> None:
        self._consumer.close()


def publishing(deployment: Deployment, keys: Path, *more: str) -> list[str]:
    file = str(deployment.folder / "numbers.csv")
    words = [sys.executable, "-m", "streams", "publish", "events", file, "--carrier", "mobile"]
    return [*words, "--key-file", str(keys), *more]


def test_killed_at_twenty_moments_it_loses_no_sighting_and_gives_the_colours_of_one_clean_run(
    deployment: Deployment,
) -> None:
    rnd = random.Random(20)
    keys = key_file(deployment.folder, "rotation.toml")
    numbered(deployment, keys)
    deployment.ready()
    arrived = Arrived(deployment)
    log = deployment.folder / "publish.log"
    for _ in range(KILLS):
        wanted = arrived() + rnd.randrange(20)
        with log.open("ab") as stream:
            running = subprocess.Popen(
                publishing(deployment, keys, "--rate", str(RATE)),
                env=deployment.env,
                stdout=stream,
                stderr=stream,
            )
        until(lambda: arrived() > wanted or running.poll() is not None, "some arrived")  # noqa: B023
        assert running.poll() is None, log.read_text()
        running.kill()
        running.wait()
    arrived.close()
    assert log.read_text().count("going on after line") >= KILLS // 2
    done = subprocess.run(
        publishing(deployment, keys), env=deployment.env, capture_output=True, text=True, check=True
    )
    assert re.search(r"going on after line \d+ of .*\npublished \d+ sightings\n", done.stderr)
    deployment.settled()
    assert in_journal(deployment) == expected_in_journal(deployment)
    assert [*(deployment.folder / "home" / "publish").iterdir()] == []


def test_no_number_no_key_and_no_whole_pseudonym_is_told_anywhere(deployment: Deployment) -> None:
    keys = key_file(deployment.folder, "rotation.toml")
    rows = numbered(deployment, keys)[:50]
    bad = [
        (rows[0][0][1:], *rows[0][1:]),
        (rows[1][0], "460-0", rows[1][2]),
        (rows[2][0], "460-0-9-9", rows[2][2]),
        (rows[3][0], rows[3][1], "yesterday"),
    ]
    (deployment.folder / "numbers.csv").write_text(table(rows + bad))
    env = deployment.env | {"SHENDENG_LOG_LEVEL": "DEBUG", "SHENDENG_TOWER_GRACE": "1"}
    deployment.env = env
    worker = deployment.ready()
    state = deployment.folder / "state.json"
    told = []
    for more in (("--check",), ("--check", "--json"), ("--state", str(state)), ("--state", str(keys / "no"))):
        words = publishing(deployment, keys, *more)
        done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == (2 if str(keys / "no") in more else 3), done.stderr
        told.append(done.stdout + done.stderr)
    assert (
        "published 102 sightings; left out 3 bad rows (bad_phone 1, bad_time 1, unknown_tower 1)" in told[2]
    )
    until(lambda: len(deployment.values("dead-letters.mobile")) == 2, "dead letters of the unknown tower")
    letters = b"".join(deployment.values("dead-letters") + deployment.values("dead-letters.mobile"))
    pseudonyms = [p for row in rows for p in keys_of(str(keys)).pseudonyms(row[0])]
    assert not [p for p in pseudonyms if p in letters]
    text = "".join(told) + worker.log.read_text() + letters.decode(errors="replace")
    assert not [row[0] for row in rows if row[0][3:] in text]
    assert not [p for p in pseudonyms if p.hex() in text]
    assert not [key for key in re.findall(r"[0-9a-f]{64}", keys.read_text()) if key[:8] in text]


def test_outside_a_rotation_a_sighting_is_sent_once_from_standard_input_too(deployment: Deployment) -> None:
    keys = key_file(deployment.folder, "keys.toml")
    rows = numbered(deployment, keys)[:300]
    words = publishing(deployment, keys)
    words[words.index(str(deployment.folder / "numbers.csv"))] = "-"
    subprocess.run(words, env=deployment.env, input=table(rows).encode(), check=True)
    pseudonym = keys_of(str(keys)).pseudonyms
    sent: list[tuple[bytes, str]] = []
    for value in deployment.values("location-events.mobile"):
        events = codecs.decode_events(value)
        sent += zip(events.phones, events.cells, strict=True)
    assert sorted(sent) == sorted((pseudonym(number)[0], cell) for number, cell, _ in rows)
    assert not (deployment.folder / "home" / "publish").exists()


def test_what_cannot_be_published_whole_is_refused_before_the_first_sighting(deployment: Deployment) -> None:
    folder = deployment.folder
    good = folder / "events.csv"
    for name, told in {
        "no-seen-at.csv": "line 1: expected a header with the column seen_at",
        "no-seen-at.parquet": "schema: expected one column seen_at",
        "broken-page.parquet": "expected Parquet: ",
    }.items():
        file = DATA / name if (DATA / name).exists() else DATA.parent / "bad" / "events" / name
        words = ["publish", "events", str(file), "--carrier", "mobile"]
        done = subprocess.run(
            [sys.executable, "-m", "streams", *words],
            env=deployment.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
        assert done.stderr.startswith(f"shendeng: {file}: {told}")
    for words in (["--carrier", "nobody"], ["--carrier", "no body"], ["--carrier", "mobile", "--state", "/"]):
        assert shendeng("publish", "events", str(good), *words, env=deployment.env, codes=(2,)) == ""
    assert deployment.values("location-events.mobile") == []


def test_a_topic_made_anew_is_another_one(broker: LocalBroker, topic_prefix: str) -> None:
    name = f"{topic_prefix}again"
    client = KafkaAdminClient(bootstrap_servers=broker.address)
    found = []
    for _ in range(2):
        client.create_topics([NewTopic(name, 1, 1)])
        found.append(topic_id(broker.address, name))
        client.delete_topics([name])
        until(lambda: name not in client.list_topics(), "deleted")
    client.close()
    assert len(set(found)) == 2
    with pytest.raises(UnusableError, match="does not exist"):
        topic_id(broker.address, name)
