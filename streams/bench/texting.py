"""From an SMS to its answer, the itinerary of a phone with a diary, while sightings come at a rate (rule 14).

Each text has all in one message and the right digits, so each takes the whole way: desk, diary, desk.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

from aiokafka import TopicPartition

from streams import clock, codecs
from streams.bench.diaries import MIDDLE, towers
from streams.bench.folding import folded
from streams.bench.positions import Positions
from streams.bench.scale import CARRIER, SECONDS, fill
from streams.bench.working import PACE, Working
from streams.kafka import admin
from streams.kafka.clients import bounds, reader, writer
from streams.kafka.publishing import publisher
from streams.kafka.wire import wire_of
from streams.people.bindings import Binding
from streams.people.sms.said import SmsInbound, What
from streams.topics import Names, topics

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aiokafka import AIOKafkaProducer

    from streams.bench.diaries import Diaries
    from streams.settings import Settings

TEXTS: Final = 4000
CHECK: Final = 7
TICK: Final = 0.05
"""Seconds between two turns of sending."""
BATCH: Final = 5000
"""Sightings of a batch."""
PATIENCE: Final = 30.0
WARM: Final = 4
"""One part in so many of the texts, the first, is left out."""
P99: Final = 0.99
SIDE: Final = 1.0
"""Degrees from the middle to the border of the one city."""


class Answered(NamedTuple):
    """What was measured."""

    p99_ms: float
    """From producing a text until its answer is visible."""
    median_ms: float
    sightings_per_s: float
    """That entered the journal meanwhile."""


def answered(chosen: Settings, diaries: Diaries, rate: int, load: float) -> Answered:
    """Fill a deployment, let `rate` texts and `load` sightings a second come to one worker; time answers."""
    names = Names(chosen.topic_prefix)
    with TemporaryDirectory() as folder:
        chosen = replace(chosen, agents="all", clock="events", cities=_city(Path(folder)))
        with admin.admin(chosen.kafka_brokers) as client:
            admin.create(client, topics(chosen, [CARRIER]), chosen.replication)
        known = diaries.pseudonyms()
        phones, batches = known[:TEXTS], list(_batches(known, (diaries.end - 1) * 1000))
        with publisher(chosen.kafka_brokers, wire_of(chosen)) as out:
            for phone in phones:
                one = Binding(phone, 1, phone[::-1], "unicom", 0, check=CHECK)
                key, partition = codecs.binding_place(one, chosen.partitions)
                out.send(names.identity_bindings, codecs.encode_binding(one), key, partition)
        fill(chosen, diaries)
        with Working(chosen) as worker:
            folded(chosen, [worker], diaries.sighted, SECONDS)
            worker.until(worker.ready, "ready", SECONDS)
            asyncio.run(_bound(chosen, worker))
            before, begun = worker.total("shendeng_sightings_total"), clock.monotonic()
            delays = asyncio.run(_delays(chosen, phones, rate, cycle(batches), load))
            entered = worker.total("shendeng_sightings_total") - before
            seconds = clock.monotonic() - begun
    delays = sorted(delays[len(delays) // WARM :])
    return Answered(delays[int(len(delays) * P99)] * 1000, delays[len(delays) // 2] * 1000, entered / seconds)


async def _bound(chosen: Settings, worker: Working) -> None:
    """Wait until the desks have heard who holds which phone."""
    topic = Names(chosen.topic_prefix).identity_bindings
    async with asyncio.timeout(SECONDS), Positions(chosen, desks_in=topic) as committed:
        ends = {number: end for number, end in (await committed.ends()).items() if end}
        while committed.reached(ends) is None:
            worker.check()
            await committed.follow(PACE)


async def _delays(
    chosen: Settings, phones: list[bytes], rate: int, batches: Iterator[tuple[int, bytes]], load: float
) -> list[float]:
    """Return the seconds each text took, in the order of sending; all must be answered."""
    names, numbers = Names(chosen.topic_prefix), range(chosen.partitions)
    ends = await bounds(chosen.kafka_brokers, names.sms_outbound, numbers)
    sent: dict[bytes, float] = {}
    seen: dict[bytes, float] = {}
    async with reader(chosen.kafka_brokers, committed=True) as consumer:
        found = [TopicPartition(names.sms_outbound, number) for number in numbers]
        consumer.assign(found)
        for tp in found:
            consumer.seek(tp, ends[tp.partition][1])
        sending = asyncio.create_task(_send(chosen, phones, rate, batches, load, sent))
        last = clock.monotonic()
        while not (sending.done() and len(seen) == len(sent)) and clock.monotonic() - last < PATIENCE:
            for records in (await consumer.getmany(timeout_ms=20)).values():
                last = clock.monotonic()
                seen.update((record.key, last) for record in records if record.key not in seen)
        await sending
    if len(seen) != len(sent):
        raise RuntimeError(f"{len(sent) - len(seen)} of {len(sent)} texts were not answered")
    return [seen[phone] - at for phone, at in sent.items()]


async def _send(
    chosen: Settings,
    phones: list[bytes],
    rate: int,
    batches: Iterator[tuple[int, bytes]],
    load: float,
    sent: dict[bytes, float],
) -> None:
    """Send texts and sightings side by side, as many a turn as make the rates."""
    names, producer = Names(chosen.topic_prefix), await writer(chosen.kafka_brokers)
    text = codecs.encode_sms_inbound(SmsInbound("bench", "unicom", What.OPENS, None, CHECK))
    owed = 0.0
    try:
        begun, turn = clock.monotonic(), 0
        while len(sent) < len(phones):
            await asyncio.sleep(max(0.0, begun + turn * TICK - clock.monotonic()))
            turn, owed = turn + 1, owed + load * TICK
            for phone in phones[len(sent) : round(turn * rate * TICK)]:
                [partition] = codecs.partitions_of([phone], chosen.partitions)
                sent[phone] = clock.monotonic()
                await producer.send(names.sms_inbound, value=text, key=phone, partition=partition)
            owed = await _load(producer, names.events(CARRIER), batches, owed, chosen.partitions, turn)
    finally:
        await producer.stop()


async def _load(
    producer: AIOKafkaProducer,
    topic: str,
    batches: Iterator[tuple[int, bytes]],
    owed: float,
    partitions: int,
    turn: int,
) -> float:
    while owed > 0:
        count, value = next(batches)
        await producer.send(topic, value=value, partition=turn % partitions)
        owed -= count
        turn += 1
    return owed


def _batches(phones: list[bytes], seen: int) -> Iterable[tuple[int, bytes]]:
    """Yield batches of one time (unix ms), all phones at other places than before; with the size of each."""
    cells = [tower.id for tower in towers()]
    for first in range(0, len(phones), BATCH):
        some = phones[first : first + BATCH]
        where = [cells[(first + number) % len(cells)] for number in range(len(some))]
        yield len(some), codecs.encode_batch(codecs.Events(some, where, [seen] * len(some)))


def _city(folder: Path) -> str:
    """Write the boundaries of one city around all hexes; return the file."""
    latitude, longitude = MIDDLE
    corners = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    ring = [[longitude + x * SIDE, latitude + y * SIDE] for x, y in corners]
    feature = {
        "type": "Feature",
        "properties": {"name": "台州", "name_en": "Taizhou"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path = folder / "cities.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return str(path)
