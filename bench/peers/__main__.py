"""`python -m bench.peers`: every contender in turn, in rounds, on one broker; what is measured is kept."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from pathlib import Path
from typing import Final

import click

from bench.peers import load, report
from bench.peers.ground import Ground
from bench.peers.kept import Kept
from bench.peers.plots import plots
from bench.peers.rounds import LATENCY, Contest
from streams.kafka.jvm import find_jars, find_java, pom
from streams.kafka.local import LocalBroker

HOME: Final = Path(".shendeng")
PROPERTIES: Final = {"group.initial.rebalance.delay.ms": "3000"}
"""Kafka's default: members that start together get their partitions together."""


@click.command()
@click.option("--events", type=click.IntRange(min=1000), default=10_000_000, show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--only", default="", metavar="REGEX", help="Contenders by name; with `latency` only delays.")
@click.option("--again", is_flag=True, help="Forget the runs kept of those chosen.")
@click.option("-o", "out", type=click.Path(path_type=Path), help="Folder for peers.json, peers.md and plots.")
def main(*, events: int, rounds: int, only: str, again: bool, out: Path | None) -> None:
    """Measure other stream processors and ours on the same work."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a contest stopped leaves no broker behind
    folder = HOME / "peers" / str(events)
    for made in (folder, HOME / "kafka"):
        made.mkdir(parents=True, exist_ok=True)
    runs, latencies = Kept(folder / "runs.jsonl"), Kept(folder / "latencies.jsonl")
    if again:
        runs.forget(lambda run: re.search(only, run["contender"]) is not None)
        latencies.forget(lambda run: re.search(only, LATENCY + run["contender"]) is not None)
    jars = find_jars(HOME / "kafka", pom())
    java = find_java(os.environ)
    with LocalBroker(folder / "kafka", jars, java, time.sleep, properties=PROPERTIES) as broker:
        ground = Ground(broker.address, load.made(events), folder)
        ground.fill(_say)
        pid = int((broker.folder / "pid").read_text())
        contest = Contest(ground, runs, latencies, only, pid, _say)
        contest.hold(rounds)
    found = report.made(runs.runs, latencies.runs, contest.missing)
    page = report.markdown(found)
    click.echo(page)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "peers.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        (out / "peers.md").write_text(page, encoding="utf-8")
        for name, content in plots(found).items():
            (out / name).write_bytes(content)


def _say(text: str) -> None:
    click.echo(text, err=True)


if __name__ == "__main__":
    main()
