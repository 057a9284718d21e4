"""`shendeng purge` on a deployment that runs: what goes, what a later look finds, the receipt (rule 19.1)."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from kafka import KafkaAdminClient

from streams.files.private import write_private
from tests.e2e.clone import home_with_jars
from tests.e2e.deployment import Deployment, deployed
from tests.e2e.processes import environment, shendeng, until, within
from tests.e2e.test_demo import demo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.kafka.local import LocalBroker

PAST = "2026-01-01T00:00:00Z"
KEYS = f'[[epoch]]\nnumber = 1\nkey = "{bytes(range(32)).hex()}"\n'


@pytest.fixture
def deployment(own_broker: LocalBroker, topic_prefix: str, tmp_path: Path) -> Iterator[Deployment]:
    with deployed(own_broker, topic_prefix, tmp_path, 1, home=str(tmp_path / "home")) as made:
        write_private(tmp_path / "keys.toml", KEYS.encode())
        within("keys", "rotate", "passes", "--folder", str(tmp_path / "pass-keys"), env=made.env)
        yield made


def purge(deployment: Deployment, *words: str, codes: tuple[int, ...] = (0,)) -> str:
    folder = deployment.folder
    line = ("purge", "--pass-keys", str(folder / "pass-keys"), "--key", str(folder / "keys.toml"))
    return shendeng(*line, "--receipt", str(folder / "receipt.cose"), *words, env=deployment.env, codes=codes)


def topics(deployment: Deployment) -> list[str]:
    admin = KafkaAdminClient(bootstrap_servers=deployment.broker.address)
    found = sorted(name for name in admin.list_topics() if name.startswith(deployment.prefix))
    admin.close()
    return found


def verified(deployment: Deployment, *words: str, codes: tuple[int, ...] = (0,)) -> str:
    folder = deployment.folder
    keys = ("--keys", str(folder / "receipt.cose.keys.json"))
    line = ("purge", "verify", str(folder / "receipt.cose"), *keys, *words)
    return within(*line, env=deployment.env, codes=codes)


def test_a_running_deployment_is_purged_and_its_receipt_says_what_was_there(deployment: Deployment) -> None:
    worker = deployment.ready()
    deployment.publish()
    deployment.settled()
    there, phone = topics(deployment), (deployment.folder / "events.csv").read_text().splitlines()[1][:32]
    home = deployment.folder / "home"
    (home / "web").mkdir(parents=True, exist_ok=True)
    (home / "web" / "store.db").write_text("a projection")

    refused = purge(deployment, codes=(2,))
    assert refused == ""
    purge(deployment, "--by", "Wang", "--by", "wang", codes=(2,))
    planned = purge(deployment, "--check").splitlines()
    assert [line.split()[1].rstrip(":") for line in planned if line.startswith("topic")] == there
    assert topics(deployment) == there

    receipt: dict[str, Any] = json.loads(purge(deployment, "--by", "Wang", "--by", "Li", "--json"))
    assert topics(deployment) == []
    assert worker.process.wait(120) != 0, "a worker without topics ends, and says so"
    assert [one["name"] for one in receipt["topics"]] == there
    journal = next(one for one in receipt["topics"] if one["name"].endswith("journal"))
    assert journal["records"] > 0
    assert receipt["found"] == []
    assert receipt["by"] == ["Wang", "Li"]
    assert any(place.startswith("disk /") for place in receipt["looked"])
    assert not (home / "web").exists()
    assert not (deployment.folder / "keys.toml").exists()
    assert list((deployment.folder / "pass-keys").glob("*.pem")) == []
    on_disk = b"".join(path.read_bytes() for path in (deployment.broker.folder / "data").rglob("*.log"))
    assert bytes.fromhex(phone) not in on_disk
    assert json.loads(verified(deployment, "--json")) == receipt


def test_after_the_sunset_nobody_need_be_named_and_a_changed_receipt_is_none(deployment: Deployment) -> None:
    deployment.env = deployment.env | {"SHENDENG_SUNSET": PAST}
    told = purge(deployment)
    assert told.splitlines()[0].endswith("sunset 2026-01-01T00:00:00Z")
    assert told.splitlines()[-1] == "found nothing"
    assert verified(deployment) == told
    assert topics(deployment) == []
    receipt = deployment.folder / "receipt.cose"
    data = receipt.read_bytes()
    receipt.write_bytes(data[:60] + bytes([data[60] ^ 1]) + data[61:])
    verified(deployment, codes=(2,))


def test_without_a_key_to_sign_with_nothing_is_deleted(deployment: Deployment) -> None:
    deployment.env = deployment.env | {"SHENDENG_SUNSET": PAST}
    there = topics(deployment)
    shutil.rmtree(deployment.folder / "pass-keys")
    purge(deployment, codes=(2,))
    assert topics(deployment) == there
    assert (deployment.folder / "keys.toml").exists()


def test_the_demo_that_runs_is_purged(tmp_path: Path) -> None:
    home = home_with_jars(tmp_path)
    env = environment("", "", home=str(home))
    del env["SHENDENG_KAFKA_BROKERS"], env["SHENDENG_TOPIC_PREFIX"]
    within("keys", "rotate", "passes", "--folder", str(tmp_path / "pass-keys"), env=env)
    out, data = tmp_path / "out", home / "kafka" / "demo" / "data"
    with demo(env, out, "--phones", "30") as running:
        until(lambda: "now live" in out.read_text() or running.poll() is not None, "the live part")
        assert list(data.glob("journal-*")) != []
        env["SHENDENG_KAFKA_BROKERS"] = (home / "kafka" / "demo" / "address").read_text().strip()
        words = ("--pass-keys", str(tmp_path / "pass-keys"), "--by", "Wang", "--by", "Li", "--json")
        told = shendeng("purge", *words, "--receipt", str(tmp_path / "receipt.cose"), env=env)
        receipt = json.loads(told)
        assert len(receipt["topics"]) > 15
        assert (receipt["found"], receipt["groups"]) == ([], ["shendeng"])
        assert [folder.name for folder in data.iterdir() if folder.is_dir() and folder.name[0] != "_"] == []
        assert not (home / "demo").exists()
        until(lambda: running.poll() is not None, "the demo ends: its worker has no topics")
    assert running.returncode not in {0, None}
