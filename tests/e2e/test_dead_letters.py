"""Dead letters listed by place and reason, and sightings sent again once they can be used."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kafka import KafkaProducer

from streams import codecs
from streams.domain.towers import Tower
from tests.e2e.deployment import Deployment, deployed
from tests.e2e.processes import shendeng, until

if TYPE_CHECKING:
    from pathlib import Path

    from streams.kafka.local import LocalBroker

NOW_MS = 1_793_500_000_000
MISSING = "460-0-9-9"
PHONES = [bytes([1, number]) + bytes(14) for number in range(4)]


def listed(deployment: Deployment, *words: str) -> list[dict[str, object]]:
    told = shendeng("dead-letters", "list", "--json", *words, env=deployment.env)
    return [json.loads(line) for line in told.splitlines()]


def test_a_sighting_whose_tower_came_too_late_is_sent_again_and_counts(
    broker: LocalBroker, topic_prefix: str, tmp_path: Path
) -> None:
    with deployed(broker, topic_prefix, tmp_path, 1, tower_grace="1") as made:
        worker = made.ready()
        topic = f"{topic_prefix}location-events.mobile"
        one, two, three, good = PHONES
        batch = codecs.Events([one, good, two], [MISSING, "460-0-1-0", MISSING], [NOW_MS] * 3)
        producer = KafkaProducer(bootstrap_servers=broker.address, acks="all")
        producer.send(topic, value=codecs.encode_batch(batch), partition=0)
        producer.send(topic, value=codecs.encode_event(three, MISSING, NOW_MS), partition=1)
        producer.send(topic, value=b"rubbish", partition=2)
        producer.send(f"{topic_prefix}risk-areas", key=b"x", value=b"rubbish")
        producer.close()
        until(lambda: len(listed(made)) == 5, "five dead letters")
        found = listed(made, "--carrier", "mobile", "--reason", "unknown_tower")
        assert sorted((letter["partition"], letter["offset"], letter["index"]) for letter in found) == [
            (0, 0, 0),
            (0, 0, 2),
            (1, 0, 0),
        ]
        assert {letter["topic"] for letter in found} == {topic}
        told = shendeng("dead-letters", "list", env=made.env)
        assert told.splitlines()[-1] == "5 dead letters (bad_framing 2, unknown_tower 3)"
        assert listed(made, "--since", "2100-01-01T00:00:00Z") == []

        producer = KafkaProducer(bootstrap_servers=broker.address, acks="all")
        tower = codecs.encode_tower(Tower(MISSING, 121.42, 28.65, 1000))
        producer.send(f"{topic_prefix}cell-towers", key=MISSING.encode(), value=tower)
        producer.close()
        told = shendeng("dead-letters", "retry", "--check", env=made.env)
        assert told == (
            "5 dead letters (no sighting 1, sent again 3, unreadable still 1); nothing was sent\n"
        )
        assert len(made.changes()) == 1
        told = shendeng("dead-letters", "retry", env=made.env)
        assert told == "5 dead letters (no sighting 1, sent again 3, unreadable still 1)\n"
        until(lambda: len(made.changes()) == 4, "a colour for every phone")
        assert worker.metric("shendeng_dead_letters_total") == 5
        log = worker.log.read_text()
        assert not [phone for phone in PHONES if phone.hex() in log]
