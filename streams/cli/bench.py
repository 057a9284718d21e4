"""`shendeng bench`: this worker, a plain Faust agent and the bare consumer, in rounds on one broker."""

from __future__ import annotations

import json
import os
import shutil
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from streams import clock, settings
from streams.bench import codes, deciding, over_a_hex, replaying, runs, scale, texting, windows
from streams.bench.diaries import DIARY_DAYS, Diaries
from streams.bench.tally import Tally, of
from streams.city.city import City
from streams.city.journeys import DAY
from streams.cli import _sweeping
from streams.cli._ending import in_one_line
from streams.kafka import admin
from streams.kafka.jvm import find_jars, find_java, pom
from streams.kafka.local import LocalBroker
from streams.topics import Names, Topic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.bench.runs import Event
    from streams.settings import Settings

DAYS: Final = 16
TOUCHED: Final = 0.05
FAUST_SHARE: Final = 20
"""Plain Faust gets one event in so many: it would take minutes for all."""
SLOWDOWN: Final = 16
"""The window alone is measured with the diaries' phones, and with one in so many of them."""
CODES: Final = 3000
HOT: Final = 20
"""Sightings of the hot phone or hex, as many times the diaries' phones."""


@click.command(
    epilog="\b\nExample:\n"
    "  shendeng bench --phones 100 --diaries 500 --people 500 --commands 500 --appealed 500 \\\n"
    "    --rounds 1 --json bench.json"
)
@click.option("--phones", type=click.IntRange(min=100), default=1500, show_default=True, help="People.")
@click.option(
    "--diaries",
    type=click.IntRange(min=500),
    default=20_000,
    show_default=True,
    help="Phones with a diary of 14 days, for areas, recovery and memory.",
)
@click.option(
    "--people",
    type=click.IntRange(min=100),
    default=20_000,
    show_default=True,
    help="People whom a gate's checks and a desk's memory are measured with.",
)
@click.option(
    "--commands",
    type=click.IntRange(min=100),
    default=20_000,
    show_default=True,
    help="Declarations that come to one worker at once.",
)
@click.option(
    "--appealed",
    type=click.IntRange(min=100),
    default=100_000,
    show_default=True,
    help="Phones that were seen in one hex, over which an appeal is upheld.",
)
@click.option(
    "--rate",
    type=click.IntRange(100, 10**6),
    default=20_000,
    show_default=True,
    help="Sightings a second at which latency is measured.",
)
@click.option(
    "--texts",
    type=click.IntRange(1, 10_000),
    default=200,
    show_default=True,
    help="SMS a second whose answers are timed, while sightings come at half load.",
)
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True, help="Runs of each.")
@click.option("--json", "path", metavar="FILE", help="Write machine, versions and every run.")
@click.option(
    "--sweep",
    metavar="FOLDER",
    help="Measure instead how throughput depends on phones, on the share of them that an "
    "area touches, and on partitions; of the other options only --diaries counts then.",
)
def command(
    *,
    phones: int,
    diaries: int,
    people: int,
    commands: int,
    appealed: int,
    rate: int,
    texts: int,
    rounds: int,
    path: str | None,
    sweep: str | None,
) -> None:
    """Measure sightings a second and CPU an event, side by side on a local Kafka made for it.

    Then what many phones take: a new area over them, a worker's return after a kill, memory, slowdown. Then
    the people's side: commands a second, a check at a gate and memory with many people.
    """
    if sweep is not None:
        _sweeping.swept(Path(sweep), diaries, _broker)
        return
    start = (clock.now() // DAY - DAYS) * DAY
    city = City(1, phones, start, DAYS)
    events = [event for day in range(DAYS) for event in city.events(day)]
    tally = Tally()
    with _broker() as chosen:
        for number in range(rounds):
            click.echo(f"round {number + 1} of {rounds}, {len(events)} sightings of {phones} people")
            load = _round(chosen, city, events, number, tally) / 2
            _many(replace(chosen, topic_prefix=f"many{number}."), diaries, rate, tally)
            _people(replace(chosen, topic_prefix=f"people{number}."), people, commands, tally)
            _appeal(replace(chosen, topic_prefix=f"appeal{number}."), appealed, tally)
            _texts(replace(chosen, topic_prefix=f"texts{number}."), diaries, texts, load, tally)
    click.echo(tally.table())
    if path is not None:
        Path(path).write_text(json.dumps(tally.report(), indent=2) + "\n", encoding="utf-8")


@contextmanager
def _broker() -> Iterator[Settings]:
    """Yield the settings for a broker that holds nothing yet."""
    with in_one_line():
        chosen = settings.load(os.environ, Path(settings.FILE))
        home = Path(chosen.home) / "kafka"
        home.mkdir(parents=True, exist_ok=True)
        folder = home / "bench"
        shutil.rmtree(folder, ignore_errors=True)
        with LocalBroker(folder, find_jars(home, pom()), find_java(os.environ), time.sleep) as broker:
            yield replace(chosen, kafka_brokers=broker.address)


def _round(chosen: Settings, city: City, events: list[Event], number: int, tally: Tally) -> float:
    """Measure everybody once on the same sightings; return how many in batches a worker takes a second."""
    single, batch = (replace(chosen, topic_prefix=f"{kind}{number}.") for kind in ("single", "batch"))
    runs.prepared(single, city, events, single=True)
    runs.prepared(batch, city, events, single=False)
    topic, out = Names(single.topic_prefix).events(runs.CARRIER), f"plain-out{number}"
    with admin.admin(chosen.kafka_brokers) as client:
        admin.create(client, [Topic(out, chosen.partitions, {})], chosen.replication)
    few, brokers = len(events) // FAUST_SHARE, chosen.kafka_brokers
    tally.add("floor_events_per_s", runs.script("floor", brokers, topic, count=len(events)).rate, "1/s")
    plain = runs.script("plain_faust", brokers, topic, out, count=few)
    tally.add("plain_faust_events_per_s", plain.rate, "1/s")
    worked = runs.worked(single, len(events))
    tally.add("single_events_per_s", worked.rate, "1/s")
    tally.add("single_x_plain_faust", worked.rate / plain.rate, "")
    in_batches = runs.worked(batch, len(events)).rate
    tally.add("batch_sightings_per_s", in_batches, "1/s")
    tally.add("replay_sightings_per_s", replaying.replayed(city, events).events_per_s, "1/s")
    tally.add("cpu_us_per_event", worked.cpu_us, "us")
    tally.add("verify_codes_per_s", codes.gate(CODES).checked_per_s(), "1/s")
    return in_batches


def _many(chosen: Settings, phones: int, rate: int, tally: Tally) -> None:
    """Measure what many phones take, in a worker and in a window alone."""
    found = scale.measured(chosen, Diaries(phones, DIARY_DAYS, touched=TOUCHED), rate)
    tally.add(f"area_over_{of(phones)}_phones_s", found.area_s, "s")
    tally.add(f"recovery_{of(phones)}_phones_s", found.recovery_s, "s")
    tally.add(f"recovery_whole_{of(phones)}_phones_s", found.whole_s, "s")
    tally.add("latency_p99_ms", found.latency_p99_ms, "ms")
    tally.add("checkpoint_pause_ms", found.pause_ms, "ms")
    few = windows.filled(Diaries(phones // SLOWDOWN, DAYS))
    many = windows.filled(Diaries(phones, DAYS))
    tally.add("bytes_per_phone", many.bytes_per_phone, "B")
    tally.add(f"slowdown_{of(phones // SLOWDOWN)}_to_{of(phones)}_phones", many.cpu_us / few.cpu_us, "")
    counted = windows.filled(Diaries(phones, DAYS), counting=True)
    tally.add("hex_counts_cpu_ratio", counted.cpu_us / many.cpu_us, "")
    spread = windows.spread(phones * HOT)
    tally.add("hot_phone_cpu_ratio", windows.hot_phone(phones * HOT) / spread, "")
    tally.add("wandering_phone_cpu_ratio", windows.hot_phone(phones * HOT, windows.MANY) / spread, "")
    tally.add("hot_hex_cpu_ratio", windows.hot_hex(phones * HOT) / spread, "")


def _people(chosen: Settings, people: int, commands: int, tally: Tally) -> None:
    """Measure what the people's side takes."""
    decided = deciding.decided(chosen, commands)
    tally.add("commands_per_s", decided.rate, "1/s")
    tally.add("cpu_us_per_command", decided.cpu_us, "us")
    p99, taken = runs.figures("checks", str(people))
    tally.add("check_p99_ms", p99, "ms")
    tally.add("bytes_per_person", taken, "B")


def _appeal(chosen: Settings, phones: int, tally: Tally) -> None:
    """Measure what an appeal takes that is upheld over a hex of all phones."""
    found = over_a_hex.measured(chosen, Diaries(phones, DIARY_DAYS, touched=1.0, crowded=True))
    tally.add(f"appeal_over_{of(phones)}_phones_s", found.seconds, "s")
    tally.add(f"appeal_over_{of(phones)}_phones_cpu_s", found.cpu, "s")
    tally.add(f"appeal_changes_of_{of(phones)}_phones", found.changes, "")


def _texts(chosen: Settings, phones: int, rate: int, load: float, tally: Tally) -> None:
    """Measure how soon an SMS is answered while sightings come at half of what a worker takes."""
    found = texting.answered(chosen, Diaries(phones, DIARY_DAYS), rate, load)
    tally.add("sms_answer_p99_ms", found.p99_ms, "ms")
    tally.add("sms_answer_median_ms", found.median_ms, "ms")
    tally.add("sightings_per_s_beside_sms", found.sightings_per_s, "1/s")
