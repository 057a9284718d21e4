"""`shendeng demo`: a local Kafka, a generated city, a worker, and its colour changes, until Ctrl-C."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from streams import clock, codecs, settings
from streams.city.city import QUARTER, City
from streams.city.journeys import DAY
from streams.cli._ending import in_one_line
from streams.cli.watch import changes, line
from streams.kafka import admin
from streams.kafka.batches import Batches
from streams.kafka.clients import bounds
from streams.kafka.errors import EngineError
from streams.kafka.jvm import find_jars, find_java, pom
from streams.kafka.local import LocalBroker
from streams.kafka.publishing import publisher
from streams.kafka.wire import wire_of
from streams.topics import Names, topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.domain.records import ColourChanged
    from streams.settings import Settings

CARRIER: Final = "mobile"
PORT: Final = 9092
"""Where Kafka is looked for by habit; any other if that is taken."""
HISTORY_DAYS: Final = 16
QUIET_SECONDS: Final = 4.0
"""The history is folded when no change has come for so long."""
STOP_SECONDS: Final = 20
POLL_SECONDS: Final = 0.2


@click.command(epilog="\b\nExample:\n  shendeng demo --phones 300 --once")
@click.option("--phones", type=click.IntRange(min=10), default=1500, show_default=True, help="People.")
@click.option("--seed", type=int, default=1, show_default=True, help="The city made.")
@click.option("--once", is_flag=True, help="End after the summary of the history.")
def command(*, phones: int, seed: int, once: bool) -> None:
    """Play a generated city through a real Kafka and print its colour changes.

    Sixteen days of history first, as fast as they fold; then a quarter of an hour a second. Ctrl-C ends
    everything that was started.
    """
    with in_one_line():
        chosen = settings.load(os.environ, Path(settings.FILE))
        try:
            _demo(chosen, phones, seed, once=once)
        except KeyboardInterrupt:
            click.echo("\nstopping what was started")


def _demo(chosen: Settings, phones: int, seed: int, *, once: bool) -> None:
    now = clock.now()
    start = (now // DAY - HISTORY_DAYS - 1) * DAY
    with ExitStack() as stack:
        chosen = stack.enter_context(_kafka(chosen))
        names = Names(chosen.topic_prefix)
        city = City(seed, phones, start, HISTORY_DAYS + 1)
        with admin.admin(chosen.kafka_brokers) as client:
            admin.create(client, topics(chosen, [CARRIER]), chosen.replication)
        _publish_place(chosen, names, city)
        worker = stack.enter_context(_worker(chosen))
        shown = Shown({area.id: area.name or area.id for area in city.place.areas})
        threading.Thread(target=shown.follow, args=(chosen, names), daemon=True).start()
        _wait_for_areas(chosen, names, city, worker)
        sightings = _play(chosen, names, city, range(HISTORY_DAYS))
        click.echo(f"published {sightings} sightings of {phones} people over {HISTORY_DAYS} days")
        shown.wait_until_quiet(worker)
        click.echo(shown.summary())
        if not once:
            click.echo("now live, a quarter of an hour a second; Ctrl-C ends")
            _live(chosen, names, city, worker)


@contextmanager
def _kafka(chosen: Settings) -> Iterator[Settings]:
    """Yield the settings with a Kafka in them: the one named, else a fresh local one."""
    if chosen.kafka_brokers:
        click.echo(f"Kafka: {chosen.kafka_brokers} (SHENDENG_KAFKA_BROKERS)")
        yield replace(chosen, clock="events", topic_prefix=chosen.topic_prefix or f"demo-{clock.now()}.")
        return
    home = Path(chosen.home) / "kafka"
    home.mkdir(parents=True, exist_ok=True)
    java = find_java(os.environ)
    jars = find_jars(home, pom())
    folder = home / "demo"
    lock = (home / "demo.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise EngineError(
            f"another demo runs in {home.parent}: end it, or give this one a SHENDENG_HOME of its own"
        ) from None
    shutil.rmtree(folder, ignore_errors=True)
    with LocalBroker(folder, jars, java, time.sleep, PORT) as broker:
        click.echo(f"Kafka: local, {broker.address}, {java.source}, data in {folder}")
        yield replace(chosen, kafka_brokers=broker.address, clock="events")


@contextmanager
def _worker(chosen: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker with these settings; its log is in the demo's folder."""
    log = Path(chosen.home) / "demo-worker.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    named = {
        f"{settings.PREFIX}{name.upper()}": str(getattr(chosen, name))
        for name in ("kafka_brokers", "clock", "topic_prefix", "home")
    }
    with log.open("wb") as out:
        worker = subprocess.Popen(
            [sys.executable, "-m", "streams", "worker"],
            env=dict(os.environ) | named,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    click.echo(f"worker: process {worker.pid}, log in {log}")
    try:
        yield worker
    finally:
        worker.terminate()
        try:
            worker.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()


def _publish_place(chosen: Settings, names: Names, city: City) -> None:
    with publisher(chosen.kafka_brokers, wire_of(chosen)) as out:
        for tower in city.place.towers:
            out.send(names.cell_towers, codecs.encode_tower(tower), tower.id.encode())
        for area in city.place.areas:
            out.send(names.risk_areas, codecs.encode_area(area), area.id.encode())
    click.echo(
        f"published {len(city.place.towers)} towers and {len(city.place.areas)} key areas, all generated"
    )


def _wait_for_areas(chosen: Settings, names: Names, city: City, worker: subprocess.Popen[bytes]) -> None:
    """Wait until the journal holds the areas: a history played in before them would be judged again after."""
    wanted = len(city.place.areas) * chosen.partitions
    ends = dict.fromkeys(range(chosen.partitions), (0, 0))
    while sum(end for _, end in ends.values()) < wanted:
        _check(worker)
        time.sleep(POLL_SECONDS)
        ends = asyncio.run(bounds(chosen.kafka_brokers, names.journal, ends))


def _play(chosen: Settings, names: Names, city: City, days: range) -> int:
    """Publish whole days; return the sightings."""
    with publisher(chosen.kafka_brokers, wire_of(chosen)) as out:
        batches = Batches(out, names.events(CARRIER))
        for day in days:
            for seconds, phone, cell in city.events(day):
                batches.add(seconds, phone, cell)
        batches.send()
    return batches.count


def _live(chosen: Settings, names: Names, city: City, worker: subprocess.Popen[bytes]) -> None:
    """Publish the day after the history a quarter of an hour a second, never ahead of the machine's clock."""
    with publisher(chosen.kafka_brokers, wire_of(chosen)) as out:
        batches = Batches(out, names.events(CARRIER))
        due = 0
        for seconds, phone, cell in city.events(HISTORY_DAYS):
            while due < seconds:
                batches.send()
                out.confirm()
                _check(worker)
                time.sleep(1)
                due = max(due, seconds // QUARTER * QUARTER) + QUARTER
            batches.add(seconds, phone, cell)
        batches.send()
    click.echo("the day is over; Ctrl-C ends")
    while True:
        _check(worker)
        time.sleep(1)


def _check(worker: subprocess.Popen[bytes]) -> None:
    if worker.poll() is not None:
        raise EngineError(f"the worker ended with status {worker.returncode}; see its log")


class Shown:
    """Prints what turns red or yellow or is no longer either; counts everything."""

    def __init__(self, places: dict[str, str]) -> None:
        self._places = places
        self._colours: dict[bytes, str] = {}
        self._reasons: Counter[str] = Counter()
        self._changes = 0
        self._begun = clock.monotonic()
        self._last: float | None = None

    def follow(self, chosen: Settings, names: Names) -> None:
        """Take every committed change, for ever; a failure of the watching ends the process."""
        try:
            for change in changes(chosen.kafka_brokers, names, wire_of(chosen), from_start=True):
                self.take(change)
        except Exception as error:  # noqa: BLE001 - a thread's error would go unseen
            click.echo(f"shendeng: watching ended: {type(error).__name__}", err=True)
            os.kill(os.getpid(), signal.SIGTERM)

    def take(self, change: ColourChanged) -> None:
        """Count a change, and print it if it is about red or yellow."""
        self._last = clock.monotonic()
        self._changes += 1
        if self._changes == 1:
            click.echo(f"first colour change after {self._last - self._begun:.1f} s")
        self._colours[change.phone] = change.colour
        self._reasons.update(reason.code for reason in change.reasons)
        if {"red", "yellow"} & {change.colour, change.previous}:
            click.echo(line(change, self._places))

    def wait_until_quiet(self, worker: subprocess.Popen[bytes]) -> None:
        """Return when changes have come, and none for a while."""
        while self._last is None or clock.monotonic() - self._last < QUIET_SECONDS:
            _check(worker)
            time.sleep(POLL_SECONDS)

    def summary(self) -> str:
        """Return the phones by colour and the changes by reason."""
        colours = ", ".join(f"{colour} {n}" for colour, n in sorted(Counter(self._colours.values()).items()))
        reasons = ", ".join(f"{code} {n}" for code, n in sorted(self._reasons.items()))
        return f"summary: {self._changes} changes; phones now: {colours}; reasons given: {reasons}"
