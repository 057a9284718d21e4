"""Real processes of this project against a real broker, for the end-to-end tests."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner
from kafka import KafkaConsumer, TopicPartition

from streams import __main__, codecs
from streams.cli.replay import SOME_DEAD

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from streams.kafka.wire import Wire

DEADLINE = 300.0
"""Seconds after which something is wrong, however slow the machine is."""
POLL = 0.1


def until(holds: Callable[[], bool], what: str, seconds: float = DEADLINE, poll: float = POLL) -> None:
    """Poll a condition; AssertionError with `what` at the deadline."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not in {seconds:.0f} s: {what}"
        time.sleep(poll)


def shendeng(*words: str, env: Mapping[str, str], codes: Collection[int] = (0,)) -> str:
    """Run a command to its end; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "streams", *words], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode in codes, done.stderr
    return done.stdout


def within(*words: str, env: Mapping[str, str], codes: Collection[int] = (0,)) -> str:
    """Run a command in this process: a test's furniture, without two seconds of imports each time."""
    done = CliRunner().invoke(__main__.shendeng, words, env=env)
    assert done.exit_code in codes, (done.stderr, done.exception)
    return done.stdout


@dataclass
class Worker:
    """A worker process, its log and its health."""

    env: Mapping[str, str]
    log: Path
    module: str = "streams"
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> Worker:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.module, "worker"], env=self.env, stdout=log, stderr=log
            )
        return self

    def alive(self) -> bool:
        return self.process.poll() is None

    def ready(self) -> bool:
        assert self.alive(), self.log.read_text()[-2000:]
        return self.get("/readyz") == "ready\n"

    def get(self, path: str) -> str:
        ports = [
            line.split("http://")[1] for line in self.log.read_text().splitlines() if "metrics at" in line
        ]
        if not ports:
            return ""
        try:
            with urllib.request.urlopen("http://" + ports[-1].replace("/metrics", path), timeout=5) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, OSError):
            return ""

    def metric(self, name: str) -> float:
        """Return a metric, summed over its labels; 0 where the worker does not answer yet."""
        lines = self.get("/metrics").splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.replace("{", " ").split()[0] == name)

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(60)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(60)


def environment(brokers: str, prefix: str, **more: str) -> dict[str, str]:
    """Return a process environment for one deployment."""
    mine = {k: v for k, v in os.environ.items() if not k.startswith("SHENDENG_")}
    settings = {"kafka_brokers": brokers, "topic_prefix": prefix, "clock": "events", "partitions": "4"} | more
    return mine | {f"SHENDENG_{key.upper()}": value for key, value in settings.items()}


def values(brokers: str, topic: str) -> list[bytes]:
    """Return a topic's committed values by partition and offset, as anybody's consumer has them."""
    return [value for partition in partitions(brokers, topic) for value in partition]


def partitions(brokers: str, topic: str) -> list[list[bytes]]:
    """Return the committed values of each of a topic's partitions."""
    consumer = KafkaConsumer(
        bootstrap_servers=brokers, isolation_level="read_committed", enable_auto_commit=False
    )
    try:
        tps = [TopicPartition(topic, p) for p in sorted(consumer.partitions_for_topic(topic))]
        consumer.assign(tps)
        consumer.seek_to_beginning(*tps)
        ends = consumer.end_offsets(tps)
        found: dict[TopicPartition, list[bytes]] = {tp: [] for tp in tps}
        while any(consumer.position(tp) < ends[tp] for tp in tps):
            for tp, records in consumer.poll(500).items():
                found[tp] += [record.value for record in records]
        return list(found.values())
    finally:
        consumer.close()


def ends(brokers: str, topic: str) -> list[int]:
    """Return the end of each of a topic's partitions."""
    consumer = KafkaConsumer(bootstrap_servers=brokers)
    try:
        tps = [TopicPartition(topic, p) for p in sorted(consumer.partitions_for_topic(topic))]
        found = consumer.end_offsets(tps)
        return [found[tp] for tp in tps]
    finally:
        consumer.close()


def changes(brokers: str, prefix: str, wire: Wire) -> list[str]:
    """Return all committed colour changes as JSON lines, by partition and offset, as anybody sees them."""
    found = values(brokers, f"{prefix}colour-changes")
    return [codecs.change_json(codecs.decode_change(wire.learnt(value))) for value in found]


def expected(env: Mapping[str, str], folder: Path) -> list[str]:
    """Return what folding the journal as it stands gives."""
    out = folder / "expected.ndjson"
    within("replay", "--journal", "-o", str(out), env=env, codes=(0, SOME_DEAD))
    return out.read_text().splitlines()


def running(home: Path) -> list[str]:
    """Return the processes that have something of `home` on their command line or in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if str(home).encode() in told and process.name != str(os.getpid()):
            found.append(process.name)
    return found
