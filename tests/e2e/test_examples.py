"""The carriers' examples in Java and from a shell, run as written (the one in Python: test_doors)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from streams import codecs
from streams.people.pseudonyms import Key
from tests.agents.stage import a_stage
from tests.e2e.processes import environment

if TYPE_CHECKING:
    from streams.kafka.local import LocalBroker
    from tests.agents.stage import Stage

REPOSITORY = Path(__file__).parent.parent.parent
PAGE = (REPOSITORY / "docs" / "carriers.md").read_text(encoding="utf-8")
NUMBER = "+8613800138000"


def a_deployment(broker: LocalBroker, prefix: str) -> tuple[Stage, dict[str, str]]:
    stage = a_stage(broker.address, prefix)
    stage.make_topics("mobile")
    env = environment(broker.address, prefix)
    return stage, env | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"}


def arrived(stage: Stage) -> list[tuple[bytes, str, int]]:
    """Return phone, tower and moment of what a stock consumer sees, the oldest first."""
    found: list[tuple[bytes, str, int]] = []
    for one in stage.read(stage.names.events("mobile")):
        events = codecs.decode_events(one.value)
        found += zip(events.phones, events.cells, events.seen_at, strict=True)
    return sorted(found, key=lambda sighting: sighting[2])


def test_the_java_example_is_a_carrier_with_the_pages_pseudonym(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage, env = a_deployment(broker, topic_prefix)
    [command] = re.findall(r"^PSEUDONYM_KEY=.*$", PAGE, re.MULTILINE)
    done = subprocess.run(
        ["sh", "-c", command], env=env, cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    phone = bytes.fromhex("01a44680f2a677a4e42e2f567d41b57c")
    assert phone.hex() in PAGE
    assert phone == Key(1, bytes(range(32))).pseudonym(NUMBER)
    (first, cell, sooner), (second, other, later) = arrived(stage)
    assert (first, second, cell, other, later - sooner) == (phone, phone, "460-0-1-1", "460-0-1-0", 900_000)
    assert {one.key for one in stage.read(stage.names.events("mobile"))} == {phone}


def test_the_shell_example_is_a_carrier(broker: LocalBroker, topic_prefix: str, tmp_path: Path) -> None:
    stage, env = a_deployment(broker, topic_prefix)
    [script] = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    done = subprocess.run(
        ["sh", "-eu", "-c", script], env=env, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "published 1 sightings\n")
    [epoch] = tomllib.loads((tmp_path / "keys.toml").read_text())["epoch"]
    [(phone, cell, _)] = arrived(stage)
    assert (phone, cell) == (Key(1, bytes.fromhex(epoch["key"])).pseudonym(NUMBER), "460-0-1-0")
