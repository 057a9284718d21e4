"""Every command's help has an example, and every example runs as written."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from streams import clock
from streams.people.codes.published import document_of
from streams.people.codes.revocations import list_of, revocations_of
from streams.people.codes.text import text_of
from streams.people.receipt import Receipt, sealed
from tests.e2e.deployment import deployed
from tests.e2e.helps import commands, examples_of, run_line
from tests.e2e.processes import until
from tests.people.codes.issuing import KEYS, OURS, PAPER, PASS
from tests.people.looking import write_keys
from tests.traces.converting import EXAMPLES, key_file

if TYPE_CHECKING:
    from streams.kafka.local import LocalBroker

DATA = Path(__file__).parent.parent / "data" / "people"
BEFORE = (
    "topics",
    "topics create",
    "topics check",
    "topics asyncapi",
    "publish",
    "publish towers",
    "publish areas",
    "publish policy",
    "publish orders",
    "publish bindings",
    "publish residents",
    "picture",
    "convert",
    "simulate",
    "accuracy",
    "replay",
    "capacity",
    "adoption",
    "keys",
    "keys rotate",
    "keys rotate passes",
    "verify",
    "sms",
    "sms simulate",
)
"""What is run, in this order, before a phone is seen."""
AFTER = (
    "publish events",
    "diff",
    "feed",
    "watch",
    "explain",
    "dead-letters",
    "dead-letters list",
    "dead-letters retry",
    "rebuild",
    "referrals",
    "referrals list",
    "audit",
    "audit sign",
    "audit verify",
    "audit export",
    "appeals",
    "appeals list",
    "appeals evidence",
    "appeals behind",
    "register",
    "purge",
    "purge verify",
)
"""What is run while a worker is at work."""
APART = ("bench", "demo", "sms bridge", "worker", "keys retire")
"""What starts a broker of its own (bench: test_readme), needs a rotation (test_retiring) or does not end."""
SOME = {"explain": (3,), "appeals evidence": (3,), "topics check": (0, 3), "publish residents": (3,)}


def lay_trace(folder: Path) -> None:
    """Put a call-detail record under the names that convert's example has."""
    source = EXAMPLES / "telenor"
    for name, of in (
        ("layout.toml", "mapping.toml"),
        ("sites.csv", "cell_towers.csv"),
        ("cdr.csv", "incoming.csv"),
    ):
        shutil.copyfile(source / of, folder / name)
    key_file(folder)


def lay_code(folder: Path) -> None:
    """Put a pass issued now, the keys, a revocation list and a receipt under the names that examples have."""
    now = clock.now()
    code = replace(PASS, issued=now, expires=now + PAPER)
    (folder / "code.txt").write_text(text_of(code, OURS) + "\n")
    (folder / "keys.json").write_text(json.dumps(document_of(KEYS)))
    (folder / "revocations.cose").write_bytes(list_of(revocations_of(now, []), OURS))
    receipt = Receipt(now, now, (), "broker:9092", "", (), (), (), (), now, (), (), now)
    (folder / "purge-receipt.cose").write_bytes(sealed(receipt, OURS))


def test_every_command_has_an_example_that_is_run() -> None:
    found = {words for words, _ in commands()}
    assert found == {*BEFORE, *AFTER, *APART}
    assert [words for words in found if not examples_of(words)] == []


def test_every_example_runs_as_written(broker: LocalBroker, topic_prefix: str, tmp_path: Path) -> None:
    with deployed(broker, topic_prefix, tmp_path, 5) as made:
        (tmp_path / "policy.toml").write_text("version = 1\nstay_minutes = 300\n")
        lay_trace(tmp_path)
        for name in ("bindings.csv", "residents.csv", "orders.toml"):
            shutil.copyfile(DATA / name, tmp_path / name)
        lay_code(tmp_path)
        write_keys(tmp_path)
        for words in BEFORE:
            for line in examples_of(words):
                run_line(line, made.env, tmp_path, SOME.get(words, (0,)))
        made.ready()
        for words in AFTER:
            for line in examples_of(words):
                run_line(line, made.env, tmp_path, SOME.get(words, (0,)))
            if words == "publish events":
                made.settled_by_journal()


def test_the_workers_example_runs_until_it_is_told_to_stop(
    broker: LocalBroker, topic_prefix: str, tmp_path: Path
) -> None:
    with deployed(broker, topic_prefix, tmp_path, 5) as made:
        [line] = examples_of("worker")
        line = line.replace("127.0.0.1:9092", broker.address)
        path = f"{Path(sys.executable).parent}:{made.env['PATH']}"
        log = tmp_path / "log"
        with log.open("wb") as stream:
            worker = subprocess.Popen(
                ["bash", "-c", f"exec env {line}"], env={**made.env, "PATH": path}, stderr=stream
            )
        until(lambda: b" ready" in log.read_bytes() or worker.poll() is not None, "ready")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0, log.read_text()
