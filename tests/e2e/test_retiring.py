"""`shendeng keys retire`: an epoch's key, diaries, sequences and people go; nobody gets greener (19.2)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from streams import codecs, settings
from streams.domain.records import Exclusion
from streams.files.keys import keys_of
from streams.files.private import write_private
from streams.people.bindings import Binding
from streams.people.register import Resident
from tests.agents.stage import Stage
from tests.e2e.deployment import PARTITIONS, Deployment, deployed, last_colours
from tests.e2e.processes import expected, shendeng, until, within

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.kafka.local import LocalBroker

KEYS = f"""\
[[epoch]]
number = 1
key = "{bytes(range(32)).hex()}"
ending = true

[[epoch]]
number = 2
key = "{bytes(range(32, 64)).hex()}"
"""
LI, LI_NEW = bytes([1, 1]) * 8, bytes([2, 1]) * 8


@pytest.fixture
def deployment(broker: LocalBroker, topic_prefix: str, tmp_path: Path) -> Iterator[Deployment]:
    """Yield a rotation's end: everybody was seen under both pseudonyms for five days, a window being four."""
    with deployed(broker, topic_prefix, tmp_path, 1, home=str(tmp_path / "home")) as made:
        (tmp_path / "policy.toml").write_text("version = 1\nwindow_days = 4\n")
        within("publish", "policy", str(tmp_path / "policy.toml"), env=made.env)
        header, *rows = (tmp_path / "events.csv").read_text().splitlines()
        both = [row for one in rows for row in (one, f"02{one[2:]}")]
        (tmp_path / "events.csv").write_text("\n".join([header, *both]) + "\n")
        write_private(tmp_path / "keys.toml", KEYS.encode())
        yield made


def retire(deployment: Deployment, *, env: dict[str, str], codes: tuple[int, ...] = (0,)) -> str:
    file = str(deployment.folder / "keys.toml")
    return shendeng("keys", "retire", "1", "--key-file", file, env=env, codes=codes)


def standing(stage: Stage, topic: str) -> dict[bytes, bytes]:
    found = {one.key: one.value for one in stage.read(topic)}
    return {key: value for key, value in found.items() if value is not None}


def test_an_epoch_is_retired_with_all_that_was_kept_under_it(deployment: Deployment) -> None:
    stage = Stage(deployment.broker.address, settings.load(deployment.env))
    names, env = stage.names, deployment.env | {"SHENDENG_RETIRED_EPOCHS": "1"}
    first = deployment.ready()
    retire(deployment, env=env, codes=(2,))
    deployment.publish()
    until(lambda: len(last_colours(deployment.changes())) == 120, "everybody's colour")
    lines = deployment.settled_by_journal()
    before = last_colours(lines)
    phone = min(name for name in before if name.startswith("01"))
    old, new = bytes.fromhex(phone), bytes.fromhex(f"02{phone[2:]}")
    assert before[phone][0] == before[new.hex()][0]
    for one in (
        Binding(old, 1, LI, "mobile", 0),
        Binding(new, 1, LI_NEW, "mobile", 0, other_phone=old, other_person=LI),
    ):
        key, partition = codecs.binding_place(one, PARTITIONS)
        stage.send(names.identity_bindings, [(key, codecs.encode_binding(one))], partition)
    stage.send(names.residents, [(LI, codecs.encode_resident(Resident(LI, 1, "lane-7", "60-69", 7)))])
    case = Exclusion("c-1", 1, old, None, 1, None, 2)
    stage.send(names.exclusions, [(b"c-1", codecs.encode_exclusion(case))])
    until(lambda: LI in standing(stage, names.person_colours), "the old pseudonym's colour")
    retire(deployment, env=env, codes=(2,))
    assert first.stop() == 0
    retire(deployment, env=deployment.env, codes=(2,))
    assert len(keys_of(str(deployment.folder / "keys.toml")).all()) == 2

    told = retire(deployment, env=env)
    assert f"{names.colour_changes}: 60 marked for removal" in told.splitlines()
    assert [key.epoch for key in keys_of(str(deployment.folder / "keys.toml")).all()] == [2]
    assert {key[0] for key in standing(stage, names.colour_changes)} == {2}
    [binding] = [codecs.decode_binding(value) for value in standing(stage, names.identity_bindings).values()]
    assert binding == Binding(new, 1, LI_NEW, "mobile", 0)
    for topic in (names.residents, names.exclusions):
        assert standing(stage, topic) == {}, topic
    assert LI not in standing(stage, names.person_colours)

    deployment.env = env
    deployment.ready()
    until(lambda: deployment.workers[-1].metric("shendeng_phones") == 60, "the new epoch's diaries alone")
    assert json.loads(within("explain", new.hex(), "--json", env=env))["colour"] == before[new.hex()][0]
    within("explain", phone, env=env, codes=(3,))
    kept = [line for line in lines if '"subject":"02' in line.replace(" ", "")]
    assert expected(env, deployment.folder) == kept
    letters = len(deployment.values("dead-letters"))
    stage.send_events("mobile", (old, "460-0-1-1", 1_793_500_000_000))
    until(lambda: len(deployment.values("dead-letters")) > letters, "a sighting of the old epoch is refused")
    assert codecs.decode_dead_letter(deployment.values("dead-letters")[-1]).reason == "retired_epoch"


def test_an_epoch_is_not_retired_before_the_next_one_is_a_window_old(deployment: Deployment) -> None:
    header, *rows = (deployment.folder / "events.csv").read_text().splitlines()
    late = [row for row in rows if row.startswith("01") or row.split(",")[2] >= "2026-11-04"]
    (deployment.folder / "events.csv").write_text("\n".join([header, *late]) + "\n")
    worker = deployment.ready()
    deployment.publish()
    until(lambda: bool(deployment.changes()), "changes")
    deployment.settled_by_journal()
    assert worker.stop() == 0
    retire(deployment, env=deployment.env | {"SHENDENG_RETIRED_EPOCHS": "1"}, codes=(2,))
    assert len(keys_of(str(deployment.folder / "keys.toml")).all()) == 2
