"""What comes in by other hands: a carrier's stock producer, hostile bytes; and what must never come out."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from confluent_kafka import Producer
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic

from streams import codecs
from streams.domain.records import AreaVersion, Exclusion, Sightings
from streams.domain.towers import Tower
from tests.e2e.deployment import Deployment, assert_nothing_lost_doubled_or_out_of_order, deployed
from tests.e2e.processes import expected, until

if TYPE_CHECKING:
    from streams.kafka.local import LocalBroker

REPOSITORY = Path(__file__).parent.parent.parent
MUTATED = 1000


KEY = b"460-0-1-0"
SQUARE = (((121.40, 28.63), (121.44, 28.63), (121.44, 28.67), (121.40, 28.67), (121.40, 28.63)),)


def dead_letters(deployment: Deployment) -> list[codecs.DeadLetter]:
    return [codecs.decode_dead_letter(value) for value in deployment.values("dead-letters")]


def mutations(value: bytes, rnd: random.Random, count: int) -> list[bytes]:
    found = []
    for _ in range(count):
        changed = bytearray(value)
        for _ in range(rnd.randrange(1, 4)):
            changed[rnd.randrange(len(changed))] ^= rnd.randrange(1, 256)
        found.append(bytes(changed[: rnd.randrange(1, len(changed) + 1)]))
    return found


def test_the_carriers_page_is_a_carrier(broker: LocalBroker, topic_prefix: str, tmp_path: Path) -> None:
    code = re.findall(r"```python\n(.*?)```", (REPOSITORY / "docs" / "carriers.md").read_text(), re.DOTALL)
    with deployed(broker, topic_prefix, tmp_path, 1) as made:
        worker = made.worker()
        until(worker.ready, "ready")
        subprocess.run([sys.executable, "-c", code[0]], env=made.env, cwd=REPOSITORY, check=True)
        until(lambda: len(made.changes()) == 2, "a colour for both phones")
        assert dead_letters(made) == []


def test_a_thousand_mutated_values_on_every_input_topic_leave_the_good_ones(
    broker: LocalBroker, topic_prefix: str, tmp_path: Path
) -> None:
    rnd = random.Random(7)
    now = 1_793_500_000
    phone = bytes([1]) + bytes(15)
    good = {
        "location-events.mobile": codecs.encode_event(phone, "460-0-1-0", now * 1000),
        "cell-towers": codecs.encode_tower(Tower("460-0-1-0", 121.42, 28.65, 1000)),
        "risk-areas": codecs.encode_area(AreaVersion("market", 2, (SQUARE,), now, now + 900, 1, name="市场")),
        "policies": codecs.encode_policy(1, {"window_days": 14}),
        "exclusions": codecs.encode_exclusion(Exclusion("case", 1, phone, None, now, now - 900, now)),
        "journal": codecs.encode_record(Sightings(now, [phone], [613363266007072767], [now // 900], [False])),
    }
    with deployed(broker, topic_prefix, tmp_path, 3) as made:
        worker = made.worker()
        until(worker.ready, "ready")
        producer = KafkaProducer(bootstrap_servers=broker.address, acks="all")
        for topic, value in good.items():
            for bad in mutations(value, rnd, MUTATED):
                # The first bytes are always wrong in one, so that even a lucky mutation is a dead letter.
                producer.send(topic_prefix + topic, key=KEY, value=b"\x00" + bad)
                producer.send(topic_prefix + topic, key=KEY, value=bad)
        producer.flush()
        producer.close()

        def enough() -> bool:
            assert worker.alive(), worker.log.read_text()[-2000:]
            counts = Counter(letter.topic for letter in dead_letters(made))
            return all(counts[topic_prefix + topic] >= MUTATED for topic in good)

        until(enough, "dead letters of every topic", 240)
        assert {letter.reason for letter in dead_letters(made)} >= {"bad_framing", "truncated"}
        made.publish()
        until(lambda: made.changes() == expected(made.env, tmp_path), "the good", 240)
        found = made.changes()
        assert_nothing_lost_doubled_or_out_of_order(found)
        people = {line.split(",")[0] for line in (tmp_path / "events.csv").read_text().splitlines()[1:]}
        seen = {line.split('"subject":"')[1][:32] for line in found}
        assert people <= seen
        log = worker.log.read_text()
        assert not [phone for phone in people if phone in log]


def test_a_carrier_may_compress_as_it_likes(broker: LocalBroker, topic_prefix: str, tmp_path: Path) -> None:
    kinds = ("none", "gzip", "snappy", "lz4", "zstd")
    with deployed(broker, topic_prefix, tmp_path, 1) as made:
        worker = made.ready()
        for number, kind in enumerate(kinds):
            phone = bytes([1, number]) + bytes(14)
            producer = Producer({"bootstrap.servers": broker.address, "compression.type": kind})
            value = codecs.encode_event(phone, "460-0-1-0", 1_793_500_000_000)
            producer.produce(f"{topic_prefix}location-events.mobile", value, phone)
            assert producer.flush(30) == 0
        until(lambda: len(made.changes()) == len(kinds) or not worker.alive(), "a colour for every phone")
        assert worker.alive(), worker.log.read_text()[-2000:]


def test_a_topic_that_keeps_the_producers_time_lets_nobody_into_the_future(
    broker: LocalBroker, topic_prefix: str, tmp_path: Path
) -> None:
    with deployed(broker, topic_prefix, tmp_path, 1) as made:
        admin = KafkaAdminClient(bootstrap_servers=broker.address)
        topic = f"{topic_prefix}location-events.unicom"
        admin.create_topics([NewTopic(topic, 1, 1)])
        admin.close()
        made.ready()
        now = int(time.time())
        phones = [bytes([1, number]) + bytes(14) for number in range(20)]
        seen = [(now - 60) * 1000] * 19 + [(now + 3000) * 1000]
        batch = codecs.encode_batch(codecs.Events(phones, ["460-0-1-0"] * 20, seen))
        producer = KafkaProducer(bootstrap_servers=broker.address, acks="all")
        producer.send(topic, value=batch, timestamp_ms=(now + 3000) * 1000)
        producer.close()
        until(lambda: len(made.changes()) == 19, "a colour for the nineteen")
        assert [(letter.reason, letter.index) for letter in dead_letters(made)] == [("future", 19)]


def test_what_names_the_future_or_the_wrong_key_is_a_dead_letter_of_its_own_topic(
    broker: LocalBroker, topic_prefix: str, tmp_path: Path
) -> None:
    with deployed(broker, topic_prefix, tmp_path, 1) as made:
        made.ready()
        later = int(time.time()) + 86_400
        phone = bytes([1]) + bytes(15)
        producer = KafkaProducer(bootstrap_servers=broker.address, acks="all")
        decided = codecs.encode_exclusion(Exclusion("case", 1, phone, None, later, 0, None))
        producer.send(f"{topic_prefix}exclusions", key=b"case", value=decided)
        tower = codecs.encode_tower(Tower("460-0-7-7", 121.42, 28.65, 1000))
        producer.send(f"{topic_prefix}cell-towers", key=b"460-0-7-8", value=tower)
        producer.close()
        until(lambda: len(dead_letters(made)) == 2, "two dead letters")
        assert {(letter.reason, letter.topic) for letter in dead_letters(made)} == {
            ("future", f"{topic_prefix}exclusions"),
            ("bad_key", f"{topic_prefix}cell-towers"),
        }
