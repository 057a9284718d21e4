"""Orders on a real Kafka: published whole, never over a higher version, and found by a gate (rule 12.3)."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner

from streams import codecs, settings
from streams.__main__ import shendeng
from streams.agents.ordering import standing
from streams.kafka.wire import wire_of
from streams.topics import Names
from tests.agents.stage import Stage
from tests.e2e.processes import environment, within

if TYPE_CHECKING:
    from streams.kafka.local import LocalBroker

FILE = Path(__file__).parent.parent / "data" / "people" / "orders.toml"
NOW = 1_793_500_000


def test_orders_are_published_whole_and_a_gate_finds_those_of_its_community(
    broker: LocalBroker, topic_prefix: str, tmp_path: Path
) -> None:
    env = environment(broker.address, topic_prefix)
    within("topics", "create", env=env)
    file = tmp_path / "orders.toml"
    shutil.copyfile(FILE, file)
    names, wire = Names(topic_prefix), wire_of(settings.load(env))

    def published(code: int = 0) -> str:
        done = CliRunner().invoke(shendeng, ["publish", "orders", str(file)], env=env)
        assert done.exit_code == code, (done.stderr, done.exception)
        return done.stderr

    def found(community: str) -> list[tuple[str, int]]:
        book = standing(broker.address, names, wire)
        return [(one.id, one.version) for one in book.of(community, NOW)]

    assert published() == "published order 'market' version 1, order 'school' version 1\n"
    assert (found("lane-7"), found("lane-8"), found("lane-9")) == ([("market", 1)], [("school", 1)], [])
    assert published() == "published nothing: all of it is published already\n"

    text = file.read_text()
    file.write_text(text.replace("version = 1", "version = 2", 1).replace("examinations", "snow"))
    assert published(2) == (
        f"shendeng: {file}: [[order]] 2: order 'school': version 1 would be ignored, version 1 is published: "
        "make it 2\n"
    )
    assert found("lane-7") == [("market", 1)]
    file.write_text(text.replace("version = 1", "version = 2\nwithdrawn = true", 1))
    assert published() == "published order 'market' version 2, withdrawn\n"
    assert (found("lane-7"), found("lane-8")) == ([], [("school", 1)])

    stage = Stage(broker.address, settings.load(env))
    records = stage.read(names.orders)
    assert [(one.key, codecs.decode_order(one.value).version) for one in records][-1] == (b"market", 2)
    lax = codecs.encode_order(standing(broker.address, names, wire).orders["school"])
    stage.send(names.orders, [(b"school", b"rubbish"), (b"market", lax), (b"school", None)])
    assert found("lane-8") == []
