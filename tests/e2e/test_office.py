"""The back office on a real Kafka: what is checked before anything is published, and how whole it is."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from kafka import KafkaConsumer, TopicPartition

from streams import codecs
from streams.cli.publish import command as publish
from streams.domain.hexes import cell_of
from streams.domain.records import AreaPublished, AreaVersion, Sightings, TimeAdvanced
from streams.kafka.errors import UnusableError
from streams.kafka.publishing import publisher, whole_or_nothing
from streams.kafka.wire import Wire
from tests.e2e.processes import Worker, environment, shendeng, until, within

if TYPE_CHECKING:
    from streams.kafka.local import LocalBroker

TESTS = Path(__file__).parent.parent
DATA, GOLDEN = TESTS / "data", TESTS / "golden" / "publish"
PREFIX = "office."
UNPUBLISHABLE = sorted(path.relative_to(DATA).as_posix() for path in (DATA / "unpublishable").glob("*/*"))
DOUBTFUL = sorted(
    path.relative_to(DATA).as_posix() for path in (DATA / "doubtful").glob("*") if path.stem != "speck"
)


@pytest.fixture(scope="module")
def env(broker: LocalBroker) -> dict[str, str]:
    """A deployment in Lesotho with one area published, in version 2; no worker."""
    made = environment(broker.address, PREFIX)
    within("topics", "create", "--carrier", "mobile", env=made)
    within("publish", "towers", str(DATA / "towers" / "lesotho-excerpt.csv"), env=made, codes=(0, 3))
    within("publish", "areas", str(DATA / "office" / "maseru.geojson"), env=made)
    return made


@pytest.fixture
def _in_data(env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DATA)
    for name, value in env.items():
        monkeypatch.setenv(name, value)


def said(golden: str) -> dict[str, str]:
    lines = (GOLDEN / golden).read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines)


def published(file: str) -> Result:
    kind = "policy" if file.endswith(".toml") else "areas"
    return CliRunner().invoke(publish, [kind, file])


def ends(broker: LocalBroker, prefix: str = PREFIX) -> list[int]:
    """Return where the reference topics end."""
    consumer = KafkaConsumer(bootstrap_servers=broker.address)
    try:
        partitions = [TopicPartition(prefix + topic, 0) for topic in ("risk-areas", "policies")]
        found = consumer.end_offsets(partitions)
        return [found[tp] for tp in partitions]
    finally:
        consumer.close()


def committed(broker: LocalBroker, topic: str) -> list[bytes]:
    """Return the values that a reader of committed records sees."""
    consumer = KafkaConsumer(
        bootstrap_servers=broker.address, isolation_level="read_committed", enable_auto_commit=False
    )
    try:
        tp = TopicPartition(topic, 0)
        consumer.assign([tp])
        consumer.seek_to_beginning(tp)
        end, found = consumer.end_offsets([tp])[tp], list[bytes]()
        while consumer.position(tp) < end:
            found += [record.value for records in consumer.poll(500).values() for record in records]
        return found
    finally:
        consumer.close()


def test_every_mistake_and_every_doubt_has_its_line() -> None:
    assert list(said("refusals.txt")) == UNPUBLISHABLE
    assert list(said("warnings.txt")) == DOUBTFUL


@pytest.mark.usefixtures("_in_data")
@pytest.mark.parametrize("file", UNPUBLISHABLE)
def test_a_mistake_is_one_line_and_nothing_is_published(file: str, broker: LocalBroker) -> None:
    before = ends(broker)
    run = published(file)
    assert (run.stdout, run.stderr, run.exit_code) == ("", f"shendeng: {said('refusals.txt')[file]}\n", 2)
    assert ends(broker) == before


@pytest.mark.usefixtures("_in_data")
def test_what_stands_is_not_published_again(broker: LocalBroker) -> None:
    before = ends(broker)
    run = published("office/maseru.geojson")
    assert (run.stderr, run.exit_code) == ("published nothing: all of it is published already\n", 0)
    assert ends(broker) == before


@pytest.mark.parametrize("file", DOUBTFUL)
def test_what_is_legal_but_doubtful_is_published_with_a_warning(
    file: str, env: dict[str, str], broker: LocalBroker, topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(DATA)
    for name, value in {**env, "SHENDENG_TOPIC_PREFIX": topic_prefix}.items():
        monkeypatch.setenv(name, value)
    within("topics", "create", env={**env, "SHENDENG_TOPIC_PREFIX": topic_prefix})
    assert published("office/maseru.geojson").exit_code == 0
    before = ends(broker, topic_prefix)
    run = published(file)
    told, done = run.stderr.splitlines()
    assert (told, run.exit_code) == (f"shendeng: warning: {said('warnings.txt')[file]}", 0)
    assert done.startswith("published ")
    assert ends(broker, topic_prefix) != before


def test_without_topics_it_says_how_to_make_them(broker: LocalBroker, topic_prefix: str) -> None:
    made = environment(broker.address, topic_prefix)
    assert "create it with: shendeng topics create" in shendeng_told(made, "areas", "office/maseru.geojson")


def shendeng_told(env: dict[str, str], kind: str, file: str) -> str:
    run = CliRunner(env=env).invoke(publish, [kind, str(DATA / file)])
    assert run.exit_code == 2
    assert run.stderr.count("\n") == 1
    return run.stderr


def test_a_publisher_that_breaks_off_leaves_nothing_to_be_read(
    broker: LocalBroker, topic_prefix: str, env: dict[str, str]
) -> None:
    within("topics", "create", env={**env, "SHENDENG_TOPIC_PREFIX": topic_prefix})
    topic = f"{topic_prefix}risk-areas"

    def broken_off() -> None:
        with whole_or_nothing(broker.address, Wire(None), topic_prefix) as out:
            out.send(topic, b"half", b"key")
            out.confirm()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    with whole_or_nothing(broker.address, Wire(None), topic_prefix) as out:
        out.send(topic, b"one", b"key")
        out.send(topic, b"other", b"key")
    assert committed(broker, topic) == [b"one", b"other"]


KILLED = """
import os, signal, sys
from streams.kafka.publishing import whole_or_nothing
from streams.kafka.wire import Wire

with whole_or_nothing(sys.argv[1], Wire(None), sys.argv[2]) as out:
    out.send(sys.argv[2] + "risk-areas", b"half", b"key")
    out.confirm()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_publisher_killed_half_way_has_published_nothing_and_the_next_one_need_not_wait(
    broker: LocalBroker, topic_prefix: str, env: dict[str, str]
) -> None:
    made = {**env, "SHENDENG_TOPIC_PREFIX": topic_prefix}
    within("topics", "create", env=made)
    words = [sys.executable, "-c", KILLED, broker.address, topic_prefix]
    assert subprocess.run(words, env=made, check=False).returncode == -signal.SIGKILL
    assert ends(broker, topic_prefix)[0] == 1
    with whole_or_nothing(broker.address, Wire(None), topic_prefix) as out:
        out.send(f"{topic_prefix}risk-areas", b"whole", b"key")
    assert committed(broker, f"{topic_prefix}risk-areas") == [b"whole"]


def test_without_a_kafka_it_is_one_line() -> None:
    told = shendeng_told(environment("127.0.0.1:1", ""), "areas", "office/maseru.geojson")
    assert told.startswith("shendeng: no Kafka at 127.0.0.1:1")


def test_of_two_who_publish_at_once_the_first_is_told_that_nothing_was_published(
    broker: LocalBroker, topic_prefix: str, env: dict[str, str]
) -> None:
    within("topics", "create", env={**env, "SHENDENG_TOPIC_PREFIX": topic_prefix})
    topic = f"{topic_prefix}risk-areas"

    def overtaken() -> None:
        with whole_or_nothing(broker.address, Wire(None), topic_prefix) as first:
            first.send(topic, b"first", b"key")
            first.confirm()
            with whole_or_nothing(broker.address, Wire(None), topic_prefix) as second:
                second.send(topic, b"second", b"key")

    with pytest.raises(UnusableError, match="nothing was published, try again"):
        overtaken()
    assert committed(broker, topic) == [b"second"]


def test_from_the_first_sighting_on_a_preview_is_asked_for(
    broker: LocalBroker, topic_prefix: str, env: dict[str, str]
) -> None:
    made = {**env, "SHENDENG_TOPIC_PREFIX": topic_prefix}
    within("topics", "create", env=made)
    with publisher(broker.address, Wire(None)) as out:
        out.send(f"{topic_prefix}journal", codecs.encode_record(TimeAdvanced(1_700_000_000)), partition=1)
    assert CliRunner(env=made).invoke(publish, ["areas", str(DATA / "office/maseru.geojson")]).exit_code == 0
    with publisher(broker.address, Wire(None)) as out:
        seen = Sightings(1_700_000_000, [bytes(16)], [0x88AD362017FFFFF], [1_700_000_000 // 900], [False])
        out.send(f"{topic_prefix}journal", codecs.encode_record(seen), partition=1)
    before = ends(broker, topic_prefix)
    for kind, file in (
        ("areas", "doubtful/no-core.geojson"),
        ("policy", "doubtful/jurisdiction-without-cells.toml"),
    ):
        told = shendeng_told(made, kind, file)
        assert f"see whose with shendeng diff --{kind} {DATA / file}" in told
    assert ends(broker, topic_prefix) == before


def test_what_stands_on_its_topic_counts_before_a_worker_has_copied_it(
    broker: LocalBroker, topic_prefix: str, env: dict[str, str], tmp_path: Path
) -> None:
    made = {**env, "SHENDENG_TOPIC_PREFIX": topic_prefix}
    within("topics", "create", env=made)
    within("publish", "areas", str(DATA / "office/maseru.geojson"), env=made)
    slot, cell = 1_700_000_000 // 900, cell_of(27.5, -29.3, 8)
    with publisher(broker.address, Wire(None)) as out:
        phones = [bytes([1, number]) + bytes(14) for number in range(20)]
        seen = Sightings(1_700_000_000, phones, [cell] * 20, [slot] * 20, [False] * 20)
        out.send(f"{topic_prefix}journal", codecs.encode_record(seen), partition=1)
    withdrawn = {"type": "Feature", "properties": {"id": "maseru", "version": 3, "withdrawn": True}}
    file = tmp_path / "withdrawn.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [withdrawn]}))
    told = json.loads(shendeng("diff", "--areas", str(file), "--json", env=made))
    assert [one for one in told["changes"] if one["phones"] is not None] == [
        {"before": "yellow", "after": "unknown", "phones": 15}
    ]
    assert (told["areas"][0]["now"], told["phones"], told["k"]) == (2, 15, 15)


def test_a_worker_does_not_read_what_a_publisher_took_back(
    broker: LocalBroker, topic_prefix: str, env: dict[str, str], tmp_path: Path
) -> None:
    made = {**env, "SHENDENG_TOPIC_PREFIX": topic_prefix}
    within("topics", "create", "--carrier", "mobile", env=made)

    def taken_back() -> None:
        with whole_or_nothing(broker.address, Wire(None), topic_prefix) as out:
            area = AreaVersion("half", 1, (), 0, withdrawn=True)
            out.send(f"{topic_prefix}risk-areas", codecs.encode_area(area), b"half")
            out.confirm()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        taken_back()
    within("publish", "areas", str(DATA / "office/maseru.geojson"), env=made)
    worker = Worker(made, tmp_path / "worker.log").start()
    try:
        until(lambda: bool(committed(broker, f"{topic_prefix}journal")), "the area in the journal")
    finally:
        worker.kill()
    records = map(codecs.decode_record, committed(broker, f"{topic_prefix}journal"))
    assert [r.area.id for r in records if isinstance(r, AreaPublished)] == ["maseru"]
