"""Rule 17.1 end to end: readers killed while they record, and what is done to the topic by hand is found."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from streams import codecs
from streams.kafka.looked import stood
from streams.kafka.lookups import partition_of
from streams.people.audit.chain import Link, extended
from tests.e2e.processes import environment, shendeng, until
from tests.people.looking import KEY, NOW, OTHER_KEY, PERSON, PHONE, head, lookup, salt, write_keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.kafka.local import LocalBroker

PARTITIONS = 4
KILLS = 3


@dataclass
class Place:
    """A topic of look-ups, and readers as processes."""

    broker: LocalBroker
    prefix: str
    folder: Path

    def __post_init__(self) -> None:
        self.env = environment(self.broker.address, self.prefix, partitions=str(PARTITIONS))
        self.topic = f"{self.prefix}lookups"
        self.started: list[subprocess.Popen[bytes]] = []
        shendeng("topics", "create", env=self.env)
        write_keys(self.folder, KEY)

    def reader(self, writer: str) -> tuple[subprocess.Popen[bytes], Path]:
        """Start a reader; return it and the file in which it counts what is recorded."""
        log = self.folder / f"{writer}-{len(self.started)}.log"
        with log.open("wb") as stream:
            words = [sys.executable, "-m", "tests.e2e.looker", writer]
            self.started.append(subprocess.Popen(words, env=self.env, stdout=stream, stderr=stream))
        return self.started[-1], log

    def links(self, writer: str) -> list[Link]:
        found = [one.what for one in stood(self.broker.address, self.topic)]
        return [one for one in found if isinstance(one, Link) and one.writer == writer]

    def write(self, what: Link | None, key: bytes | None = None) -> None:
        """Put a link on the topic by hand, or mark one for removal."""
        producer = KafkaProducer(bootstrap_servers=self.broker.address, acks="all")
        name = codecs.lookup_key(what) if what is not None else key
        value = None if what is None else codecs.encode_lookup(what)
        producer.send(self.topic, key=name, value=value, partition=partition_of("web-1", PARTITIONS))
        producer.flush()
        producer.close()

    def verified(self, *words: str, code: int = 3) -> dict[str, Any]:
        told = shendeng(*self.words(*words), "--json", env=self.env, codes=(code,))
        found: dict[str, Any] = json.loads(told)
        return found

    def words(self, *words: str) -> list[str]:
        return ["audit", "verify", "--keys", str(self.folder / "audit-keys.pem"), *words]

    def found(self, *words: str) -> list[tuple[str, str, int]]:
        findings = self.verified(*words)["findings"]
        return [(one["code"], one["writer"], one["sequence"]) for one in findings]

    def sign(self, *words: str, codes: tuple[int, ...] = (0,)) -> str:
        key = str(self.folder / "audit-key.pem")
        return shendeng("audit", "sign", "--key-file", key, *words, env=self.env, codes=codes)


@pytest.fixture
def place(broker: LocalBroker, topic_prefix: str, tmp_path: Path) -> Iterator[Place]:
    made = Place(broker, topic_prefix, tmp_path)
    try:
        yield made
    finally:
        for process in made.started:
            process.kill()
            process.wait(60)


def counted(log: Path) -> int:
    """Return how many look-ups a reader was told are recorded."""
    lines = [line for line in log.read_text().splitlines(keepends=True) if line.endswith("\n")]
    return int(lines[-1]) if lines else 0


def grown(log: Path, by: int) -> None:
    least = counted(log) + by
    until(lambda: counted(log) >= least, f"{by} look-ups more", poll=0.01)


def test_readers_killed_while_they_record_leave_whole_chains_and_what_was_told_recorded_is(
    place: Place,
) -> None:
    steady, steady_log = place.reader("gate-1")
    told = 0
    for _ in range(KILLS):
        process, log = place.reader("web-1")
        grown(log, 5)
        process.kill()
        process.wait(60)
        told += counted(log)
    grown(steady_log, 5)
    steady.kill()
    steady.wait(60)
    for writer in ("web-1", "gate-1"):
        process, log = place.reader(writer)
        grown(log, 1)
        process.kill()
        process.wait(60)
    until(lambda: not open_still(place), "no transaction open")
    found = place.verified(code=0)
    chains = {chain["writer"]: chain for chain in found["chains"]}
    assert chains["web-1"]["last"] >= told + 1
    assert chains["gate-1"]["last"] >= counted(steady_log) + 1
    assert [chain["first"] for chain in chains.values()] == [1, 1]
    assert [chain["without_text"] for chain in chains.values()] == [0, 0]


def open_still(place: Place) -> bool:
    """Say whether a killed reader's transaction hides what stands behind it."""
    return offsets(place, committed=True) != offsets(place, committed=False)


def offsets(place: Place, *, committed: bool) -> list[int]:
    level = "read_committed" if committed else "read_uncommitted"
    consumer = KafkaConsumer(bootstrap_servers=place.broker.address, isolation_level=level)
    try:
        tps = [TopicPartition(place.topic, number) for number in range(PARTITIONS)]
        ends = consumer.end_offsets(tps)
        return [ends[tp] for tp in tps]
    finally:
        consumer.close()


def some_links(place: Place) -> list[Link]:
    """Return the links of a reader that recorded some, and is gone."""
    process, log = place.reader("web-1")
    grown(log, 9)
    process.kill()
    process.wait(60)
    until(lambda: not open_still(place), "no transaction open")
    return place.links("web-1")


def test_what_is_done_to_the_topic_by_hand_is_found_on_the_topic_and_in_an_export(place: Place) -> None:
    links = some_links(place)
    last = len(links)
    assert place.sign() == f"signed web-1 {last}\n"
    earlier = place.folder / "verified.json"
    earlier.write_text(json.dumps(place.verified(code=0)))

    place.write(links[2])
    forged, _ = extended(links[1].end(), lookup(NOW, PERSON), salt(1))
    place.write(forged)
    later, _ = extended(replace(links[-1].end(), sequence=last + 5), lookup(NOW, PERSON), salt(2))
    place.write(later)
    place.write(None, b"link/web-1/4")
    expected = [
        ("doubled", "web-1", 3),
        ("forked", "web-1", 3),
        ("erased_link", "web-1", 4),
        ("missing", "web-1", last + 1),
    ]
    assert place.found() == expected

    export = place.folder / "lookups.ndjson"
    shendeng("audit", "export", "-o", str(export), env=place.env)
    assert place.found("--file", str(export), "--known", str(earlier)) == expected
    told = export.read_text()
    for secret in (PHONE.id.hex(), PERSON.id.hex(), "wang"):
        assert secret not in told
    lines = shendeng(*place.words("--file", str(export)), env=place.env, codes=(3,)).splitlines()
    assert lines[1].startswith("web-1 3: forked: the link stands there in two versions; ")
    assert lines[-1].endswith("; 4 findings")

    assert place.sign(codes=(3,)) == ""
    assert place.sign("--despite", "web-1") == f"signed web-1 {last + 6}\n"


def test_a_head_signed_by_another_key_is_not_taken_for_one(place: Place) -> None:
    links = some_links(place)
    bad = [head(links[-1], signer=OTHER_KEY), replace(head(links[-1]), signature=bytes(64))]
    producer = KafkaProducer(bootstrap_servers=place.broker.address)
    for one in (replace(bad[0], at=NOW), bad[1]):
        producer.send(
            place.topic,
            key=codecs.lookup_key(one),
            value=codecs.encode_lookup(one),
            partition=partition_of("web-1", PARTITIONS),
        )
    producer.flush()
    producer.close()
    assert place.found() == [("bad_signature", "web-1", len(links)), ("unknown_key", "web-1", len(links))]
    write_keys(place.folder, OTHER_KEY, KEY)
    assert [code for code, *_ in place.found()] == ["bad_signature", "bad_signature"]
