"""With a schema registry: Confluent's own client is a carrier, and reads what comes out (D7)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from kafka import KafkaProducer

from streams import codecs
from streams.codecs import schemas
from streams.kafka.errors import EngineError, UnusableError
from streams.kafka.registry import TRIES, Registry
from streams.people.actors import Actor, Role
from streams.people.audit.chain import Link, Text
from streams.people.commands import Command
from streams.people.manual import RejectBinding
from tests.conftest import HOME
from tests.e2e.apicurio import registry
from tests.e2e.deployment import Deployment, deployed
from tests.e2e.processes import shendeng, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.kafka.local import LocalBroker

NOW_MS = 1_793_500_000_000
ONE, OTHER, THIRD = (bytes([1, n]) + bytes(14) for n in (1, 2, 3))
SOME_ID = (99_999).to_bytes(4, "big")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with registry(HOME.parent, tmp_path_factory.mktemp("registry") / "registry.log") as found:
        yield found


@pytest.fixture
def deployment(broker: LocalBroker, topic_prefix: str, tmp_path: Path, address: str) -> Iterator[Deployment]:
    with deployed(broker, topic_prefix, tmp_path, 1, schema_registry_url=address) as made:
        yield made


def context(topic: str) -> SerializationContext:
    return SerializationContext(topic, MessageField.VALUE)


def with_a_further_field(name: str) -> str:
    schema = json.loads(schemas.load()[name].text)
    schema["fields"].append({"name": "signal", "type": "int", "default": 0})
    return json.dumps(schema)


def test_confluents_client_is_a_carrier_and_reads_the_changes(deployment: Deployment, address: str) -> None:
    client = SchemaRegistryClient({"url": address})
    topic = f"{deployment.prefix}location-events.mobile"
    serialise = AvroSerializer(client, with_a_further_field("LocationEvent"))
    event: dict[str, Any] = {"phone": ONE, "cell": "460-0-1-0", "seen_at": NOW_MS, "signal": -87}
    alien = AvroSerializer(client, '{"type": "record", "name": "Alien", "fields": []}')
    deployment.ready()
    producer = KafkaProducer(bootstrap_servers=deployment.broker.address, acks="all")
    producer.send(topic, key=ONE, value=serialise(event, context(topic)))
    producer.send(topic, key=OTHER, value=codecs.encode_event(OTHER, "460-0-1-0", NOW_MS))
    producer.send(topic, key=THIRD, value=alien({}, context(f"{topic}.alien")))
    producer.send(topic, key=THIRD, value=b"\x00" + SOME_ID + b"\x02")
    producer.send(topic, key=THIRD, value=serialise(event, context(topic))[:-3])
    denied = Command("c-1", ONE.hex(), Actor("gate-1", Role.GATE), NOW_MS, RejectBinding())
    producer.send(f"{deployment.prefix}commands", key=ONE, value=codecs.encode_command(denied))
    producer.close()
    until(lambda: len(deployment.values("colour-changes")) == 2, "a colour for both phones")
    until(lambda: len(deployment.values("dead-letters")) == 4, "four dead letters")
    assert {type(codecs.decode_lookup(value)) for value in deployment.values("lookups")} == {Link, Text}
    read = AvroDeserializer(client)
    changes = [read(value, context(topic)) for value in deployment.values("colour-changes")]
    assert {change["phone"] for change in changes} == {ONE, OTHER}
    assert {change["colour"] for change in changes} == {"unknown"}
    letters = [read(value, context(topic)) for value in deployment.values("dead-letters")]
    reasons = sorted(letter["reason"] for letter in letters)
    assert reasons == ["truncated", "unknown_schema", "unknown_schema", "wrong_role"]
    told = shendeng("watch", "--all", "--count", "2", env=deployment.env)
    assert {line.split()[1] for line in told.splitlines()} == {ONE.hex()[:8], OTHER.hex()[:8]}


def test_everything_goes_through_the_registry_and_gives_the_same_colours(deployment: Deployment) -> None:
    deployment.ready()
    deployment.publish()
    deployment.settled()
    for topic in ("cell-towers", "risk-areas", "location-events.mobile", "colour-changes"):
        assert {value[0] for value in deployment.values(topic)} == {0}, topic
    assert {value[:2] for value in deployment.values("journal")} == {schemas.MAGIC}


def test_a_registry_that_does_not_answer_ends_the_work_and_is_named() -> None:
    waits: list[float] = []
    with pytest.raises(EngineError, match=r"http://127\.0\.0\.1:1 does not answer"):
        Registry("http://127.0.0.1:1", waits.append).schema(1)
    assert len(waits) == TRIES


def test_a_registry_without_a_scheme_is_refused() -> None:
    with pytest.raises(UnusableError, match="expected http:// or https://"):
        Registry("localhost:8081", lambda _: None)
