"""One measured run of each contender; each returns events a second and CPU microseconds an event."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from streams import clock, codecs, settings
from streams.bench.spent import MARK
from streams.domain.policy import Deployment, Policy
from streams.files.journal import journal_of
from streams.kafka import admin, positions
from streams.kafka.batches import Batches
from streams.kafka.clients import bounds
from streams.kafka.errors import EngineError
from streams.kafka.publishing import publisher
from streams.kafka.store import KafkaStore
from streams.kafka.wire import wire_of
from streams.topics import Names, topics
from streams.window.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.city.city import City
    from streams.settings import Settings

CARRIER: Final = "bench"
SECONDS: Final = 300.0
POLL: Final = 0.05
MICRO: Final = 1_000_000
PIPELINE: Final = 20_000


class Run(NamedTuple):
    """Events a second, and CPU microseconds an event."""

    rate: float
    cpu_us: float


Event = tuple[int, bytes, str]


def replayed(city: City, events: Iterable[Event]) -> Run:
    """Fold sightings in this process, without a broker or files."""
    policy = Policy()
    towers = {t.id: t.placed(policy.resolution, policy.coarse_range_m) for t in city.place.towers}
    fold = Window(Deployment(), policy, city.place.areas)
    begun, busy, count = clock.monotonic(), time.process_time(), 0
    sightings = ((seconds, phone, *towers[cell]) for seconds, phone, cell in events)
    for offset, record in enumerate(journal_of(sightings, [], None, policy.slot_minutes)):
        fold.apply(record, offset)
        count += len(getattr(record, "phones", ()))
    return _run(count, clock.monotonic() - begun, time.process_time() - busy)


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
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "worker.log"
        named = {
            f"{settings.PREFIX}{k.upper()}": str(getattr(chosen, k))
            for k in ("kafka_brokers", "topic_prefix")
        }
        with log.open("wb") as stream:
            worker = subprocess.Popen(
                [sys.executable, "-m", "streams", "worker"],
                env=dict(os.environ) | named | {"SHENDENG_CLOCK": "events"},
                stdout=stream,
                stderr=stream,
            )
        try:
            return _watched(chosen, worker, log, wanted)
        finally:
            worker.terminate()
            worker.wait(60)


def _watched(chosen: Settings, worker: subprocess.Popen[bytes], log: Path, wanted: int) -> Run:
    begun, busy, end = 0.0, 0.0, clock.monotonic() + SECONDS
    while clock.monotonic() < end and worker.poll() is None:
        asked = clock.monotonic()
        done, cpu = _progress(log)
        if not done:
            begun, busy = asked, cpu
        elif done == wanted and asyncio.run(_committed(chosen)):
            return _run(wanted, clock.monotonic() - begun, _progress(log)[1] - busy)
        time.sleep(POLL)
    raise EngineError(f"the worker did not fold {wanted} sightings in {SECONDS:.0f} s")


def _progress(log: Path) -> tuple[int, float]:
    """Return the sightings a worker has ingested and the CPU seconds it has taken, by its metrics."""
    found = [line.split()[-1] for line in log.read_text().splitlines() if "metrics at" in line]
    if not found:
        return 0, 0.0
    with urllib.request.urlopen(found[0], timeout=5) as answer:  # noqa: S310 - the worker's own address
        lines = answer.read().decode().splitlines()

    def total(name: str) -> float:
        return sum(float(line.split()[-1]) for line in lines if line.startswith(name))

    return int(total("shendeng_sightings_total")), total("process_cpu_seconds_total")


async def _committed(chosen: Settings) -> bool:
    """Say whether everything in the journal is folded and its changes committed."""
    names, numbers = Names(chosen.topic_prefix), range(chosen.partitions)
    ends = await bounds(chosen.kafka_brokers, names.journal, numbers)
    wire = wire_of(chosen)
    stores = [KafkaStore.of(chosen, chosen.kafka_brokers, number, wire) for number in numbers]
    found = [await positions.last(store) for store in stores]
    return [ends[number][1] for number in numbers] == found


def script(module: str, *words: str, count: int) -> Run:
    """Run a contender in a process of its own; it prints wall and CPU seconds."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(  # noqa: S603 - the project's own scripts
            [sys.executable, "-m", f"streams.bench.{module}", *words, str(count)],
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
            cwd=folder,
        )
    said = done.stdout.rpartition(MARK)[2].split()
    if done.returncode or len(said) != 2:  # noqa: PLR2004 - two figures
        raise EngineError(f"{module} ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    return _run(count, float(said[0]), float(said[1]))


def _run(count: int, seconds: float, cpu: float) -> Run:
    return Run(count / seconds, cpu / count * MICRO)
