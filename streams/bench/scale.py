"""A worker that holds many phones: how soon a new area is committed, and how soon it is back after a kill."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from streams import clock, codecs
from streams.bench import latency
from streams.bench.diaries import area, hexes, towers
from streams.bench.folding import folded
from streams.bench.positions import Positions
from streams.bench.working import PACE, Working
from streams.kafka import admin
from streams.kafka.publishing import publisher
from streams.kafka.wire import wire_of
from streams.topics import Names, topics
from streams.window.columns import pseudonyms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.bench.diaries import Diaries
    from streams.kafka.publishing import Publisher
    from streams.settings import Settings

CARRIER: Final = "bench"
SECONDS: Final = 1800.0
CHANGES: Final = "shendeng_colour_changes_total"
PAUSE: Final = "shendeng_checkpoint_pause_seconds"
CONFIRM: Final = 200


class Found(NamedTuple):
    """What was measured."""

    area_s: float
    """Seconds from an area's publication until the last change it causes is committed."""
    recovery_s: float
    """Seconds from a worker's start after a kill until its first new change is committed."""
    whole_s: float
    """Seconds from that start until all partitions are back, so that nobody waits any more."""
    latency_p99_ms: float
    """Milliseconds from producing a sighting until its change is visible."""
    pause_ms: float
    """Milliseconds that folding stood still at most while state was copied for a checkpoint."""


def measured(chosen: Settings, diaries: Diaries, rate: int) -> Found:
    """Fill a deployment with diaries, publish an area, kill the worker, and let sightings come at a rate."""
    chosen, names = _deployed(chosen, diaries), Names(chosen.topic_prefix)
    with Working(chosen) as worker:
        folded(chosen, [worker], diaries.sighted, SECONDS)
        area_s = asyncio.run(_area(chosen, worker))
        pauses = [worker.total(PAUSE)]
        worker.process.kill()
        worker.process.wait()
    begun = clock.monotonic()
    with Working(chosen) as worker:
        with _publishing(chosen) as out:
            cell = towers()[0].id
            new = codecs.encode_event(bytes(15) + b"\xff", cell, (diaries.end - 1) * 1000)
            out.send(names.events(CARRIER), new, partition=0)
        worker.until(lambda: worker.total(CHANGES) >= 1, "back with a new change", SECONDS)
        recovery_s = clock.monotonic() - begun
        worker.until(worker.ready, "back with all partitions", SECONDS)
        whole_s = clock.monotonic() - begun
        cells = [tower.id for tower in towers()]
        p99 = asyncio.run(
            latency.p99_ms(chosen, names.events(CARRIER), cells, rate, (diaries.end - 1) * 1000)
        )
        pauses.append(worker.total(PAUSE))
    return Found(area_s, recovery_s, whole_s, p99, max(pauses) * 1000)


def throughput(chosen: Settings, diaries: Diaries) -> float:
    """Return how many sightings of diaries a worker folds a second, from its first on."""
    chosen = _deployed(chosen, diaries)
    with Working(chosen) as worker:
        return diaries.sighted / folded(chosen, [worker], diaries.sighted, SECONDS).seconds


def _deployed(chosen: Settings, diaries: Diaries) -> Settings:
    """Return the settings of a deployment's one worker; its topics are filled with diaries."""
    chosen = replace(chosen, agents="engine", clock="events", instance_id="bench")
    with admin.admin(chosen.kafka_brokers) as client:
        admin.create(client, topics(chosen, [CARRIER]), chosen.replication)
    fill(chosen, diaries)
    return chosen


async def _area(chosen: Settings, worker: Working) -> float:
    """Publish an area; return the seconds until the last change it causes is committed."""
    async with asyncio.timeout(SECONDS), Positions(chosen) as committed:
        before, begun = worker.total(CHANGES), clock.monotonic()
        with _publishing(chosen) as out:
            out.send(Names(chosen.topic_prefix).risk_areas, codecs.encode_area(area()), area().id.encode())
        worker.until(lambda: worker.total(CHANGES) > before, "judging by the area", SECONDS)
        ends, at = await committed.ends(), None
        while at is None:
            await committed.follow(PACE)
            worker.check()
            at = committed.reached(ends)
        return at - begun


def fill(chosen: Settings, diaries: Diaries) -> None:
    """Send the towers, and the diaries as LocationBatches, to one partition after the other."""
    names = Names(chosen.topic_prefix)
    with _publishing(chosen) as out:
        for tower in towers():
            out.send(names.cell_towers, codecs.encode_tower(tower), tower.id.encode())
        _fill(out, names.events(CARRIER), diaries, chosen.partitions)


@contextmanager
def _publishing(chosen: Settings) -> Iterator[Publisher]:
    with publisher(chosen.kafka_brokers, wire_of(chosen)) as out:
        yield out


def _fill(out: Publisher, topic: str, diaries: Diaries, partitions: int) -> None:
    known = {cell: tower.id for cell, tower in zip(hexes(), towers(), strict=True)}
    for number, record in enumerate(diaries.records(), 1):
        events = codecs.Events(
            pseudonyms(record.high, record.low),
            [known[cell] for cell in record.hexes.tolist()],
            [record.clock * 1000] * len(record.slots),
        )
        out.send(topic, codecs.encode_batch(events), partition=number % partitions)
        if number % CONFIRM == 0:
            out.confirm()
