"""One measured run of each contender; each returns events a second and CPU microseconds an event."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from streams import codecs
from streams.bench.folding import folded
from streams.bench.spent import MARK
from streams.bench.working import Working
from streams.kafka import admin
from streams.kafka.batches import Batches
from streams.kafka.errors import EngineError
from streams.kafka.publishing import publisher
from streams.kafka.wire import wire_of
from streams.topics import Names, topics

if TYPE_CHECKING:
    from streams.city.city import City
    from streams.settings import Settings

CARRIER: Final = "bench"
SECONDS: Final = 300.0
MICRO: Final = 1_000_000
SCRIPT_SECONDS: Final = 3600.0
"""A million people take a quarter of an hour to be read."""
PIPELINE: Final = 20_000


class Run(NamedTuple):
    """Events a second, and CPU microseconds an event."""

    rate: float
    cpu_us: float


Event = tuple[int, bytes, str]


def prepared(chosen: Settings, city: City, events: list[Event], *, single: bool) -> None:
    """Make a deployment's topics and fill them."""
    names = Names(chosen.topic_prefix)
    with admin.admin(chosen.kafka_brokers) as client:
        admin.create(client, topics(chosen, [CARRIER]), chosen.replication)
    with publisher(chosen.kafka_brokers, wire_of(chosen)) as out:
        for tower in city.place.towers:
            out.send(names.cell_towers, codecs.encode_tower(tower), tower.id.encode())
        for area in city.place.areas:
            out.send(names.risk_areas, codecs.encode_area(area), area.id.encode())
        if not single:
            batches = Batches(out, names.events(CARRIER))
            for one in events:
                batches.add(*one)
            batches.send()
            return
        for number, (seconds, phone, cell) in enumerate(events, 1):
            value = codecs.encode_event(phone, cell, seconds * 1000)
            out.send(names.events(CARRIER), value, phone)
            if number % PIPELINE == 0:
                out.confirm()


def worked(chosen: Settings, wanted: int) -> Run:
    """Run a worker on topics already filled, from its first sighting to the last change committed."""
    with Working(replace(chosen, agents="engine", clock="events")) as worker:
        found = folded(chosen, [worker], wanted, SECONDS)
    return _run(wanted, found.seconds, found.cpu)


def script(module: str, *words: str, count: int) -> Run:
    """Run a contender in a process of its own; it prints wall and CPU seconds."""
    return _run(count, *figures(module, *words, str(count)))


def figures(module: str, *words: str) -> tuple[float, float]:
    """Run a script of the bench in a process of its own; return the two figures it prints."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(  # noqa: S603 - the project's own scripts
            [sys.executable, "-m", f"streams.bench.{module}", *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=SCRIPT_SECONDS,
            cwd=folder,
        )
    said = done.stdout.rpartition(MARK)[2].split()
    if done.returncode or len(said) != 2:  # noqa: PLR2004 - two figures
        raise EngineError(f"{module} ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    return float(said[0]), float(said[1])


def _run(count: int, seconds: float, cpu: float) -> Run:
    return Run(count / seconds, cpu / count * MICRO)
