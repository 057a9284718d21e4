"""`shendeng bench`: this worker, a plain Faust agent and the bare consumer, in rounds on one broker."""

from __future__ import annotations

import json
import os
import platform
import shutil
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

import click

from streams import clock, settings
from streams.bench import runs
from streams.city.city import City
from streams.city.journeys import DAY
from streams.cli._ending import in_one_line
from streams.kafka import admin
from streams.kafka.jvm import find_jars, find_java, pom
from streams.kafka.local import LocalBroker
from streams.topics import Names, Topic

if TYPE_CHECKING:
    from streams.bench.runs import Event, Run
    from streams.settings import Settings

DAYS: Final = 16
PACKAGES: Final = ("shendeng", "faust-streaming", "aiokafka", "fastavro", "h3")
FAUST_SHARE: Final = 20
"""Plain Faust gets one event in so many: it would take minutes for all."""


@click.command(epilog="\b\nExample:\n  shendeng bench --phones 100 --rounds 1 --json bench.json")
@click.option("--phones", type=click.IntRange(min=100), default=1500, show_default=True, help="People.")
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True, help="Runs of each.")
@click.option("--json", "path", metavar="FILE", help="Write machine, versions and every run.")
def command(*, phones: int, rounds: int, path: str | None) -> None:
    """Measure sightings a second and CPU an event, side by side on a local Kafka made for it."""
    with in_one_line():
        chosen = settings.load(os.environ, Path(settings.FILE))
        home = Path(chosen.home) / "kafka"
        home.mkdir(parents=True, exist_ok=True)
        folder = home / "bench"
        shutil.rmtree(folder, ignore_errors=True)
        start = (clock.now() // DAY - DAYS) * DAY
        city = City(1, phones, start, DAYS)
        events = [event for day in range(DAYS) for event in city.events(day)]
        with LocalBroker(folder, find_jars(home, pom()), find_java(os.environ), time.sleep) as broker:
            chosen = replace(chosen, kafka_brokers=broker.address)
            found: dict[str, list[Run]] = {}
            for number in range(rounds):
                click.echo(f"round {number + 1} of {rounds}, {len(events)} sightings of {phones} people")
                for name, run in _round(chosen, city, events, number).items():
                    found.setdefault(name, []).append(run)
    _show(found)
    if path is not None:
        Path(path).write_text(json.dumps(_report(found), indent=2) + "\n", encoding="utf-8")


def _round(chosen: Settings, city: City, events: list[Event], number: int) -> dict[str, Run]:
    single, batch = (replace(chosen, topic_prefix=f"{kind}{number}.") for kind in ("single", "batch"))
    runs.prepared(single, city, events, single=True)
    runs.prepared(batch, city, events, single=False)
    topic, out = Names(single.topic_prefix).events(runs.CARRIER), f"plain-out{number}"
    with admin.admin(chosen.kafka_brokers) as client:
        admin.create(client, [Topic(out, chosen.partitions, {})], chosen.replication)
    return {
        "floor_events_per_s": runs.script("floor", chosen.kafka_brokers, topic, count=len(events)),
        "plain_faust_events_per_s": runs.script(
            "plain_faust", chosen.kafka_brokers, topic, out, count=len(events) // FAUST_SHARE
        ),
        "single_events_per_s": runs.worked(single, len(events)),
        "batch_sightings_per_s": runs.worked(batch, len(events)),
        "replay_sightings_per_s": runs.replayed(city, events),
    }


def _show(found: dict[str, list[Run]]) -> None:
    plain = median(run.rate for run in found["plain_faust_events_per_s"])
    click.echo(f"{'':<28}{'median/s':>12}{'CPU µs an event':>18}{'x plain Faust':>15}")
    for name, several in found.items():
        rate, cpu = median(run.rate for run in several), median(run.cpu_us for run in several)
        click.echo(f"{name:<28}{rate:>12,.0f}{cpu:>18.1f}{rate / plain:>15.1f}")


def _report(found: dict[str, list[Run]]) -> dict[str, object]:
    results: list[dict[str, object]] = [
        {"name": name, "value": median(several), "unit": "1/s", "runs": several}
        for name, several in ((name, [run.rate for run in runs]) for name, runs in found.items())
    ]
    cpu = [run.cpu_us for run in found["single_events_per_s"]]
    results.append({"name": "cpu_us_per_event", "value": median(cpu), "unit": "us", "runs": cpu})
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "versions": {name: version(name) for name in PACKAGES},
        "results": results,
    }
