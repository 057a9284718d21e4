"""What a deployment takes, worked out beforehand from the engine's own types and encodings."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from streams import codecs
from streams.agents.ingest import AT_ONCE
from streams.domain.records import Sightings
from streams.kafka.clients import FETCH_BYTES
from streams.kafka.consumer import AHEAD, BUSY
from streams.topics import SLACK_DAYS
from streams.window.sizing import size

DAY_MINUTES: Final = 1440
DAY_SECONDS: Final = 86_400
PROCESS_BYTES: Final = 250_000_000
"""Interpreter, libraries, machine code, clients. 2026-11, Linux: 210 MB resident with everything loaded and
compiled, before there is a client."""
UNPACKED: Final = 6
"""Bytes of a chunk in columns for each byte fetched. 2026-11: 1.0 for batches and the journal, 1.7 for single
events; compressed 2.2 to 6.0 (single events in zstd). What is compressed better takes more."""
PARTITION_BYTES: Final = FETCH_BYTES * (1 + UNPACKED * (AHEAD + 1))
"""On its way from a partition at most: one fetch as it came, `AHEAD` chunks that wait, one with its agent."""
BASE_BYTES: Final = PROCESS_BYTES + FETCH_BYTES * UNPACKED * AT_ONCE
"""A worker without partitions, and what of carriers' topics is on its way into the journal."""
BUSIEST: Final = 3
"""The busiest hour of a day has so many times the average's sightings."""
FULL: Final = 0.7
"""The part of a worker's rate and memory to plan with."""
SAMPLE: Final = 1000
"""Sightings of the larger record whose encoding is measured."""
HEAD: Final = 75
"""Bytes of a record batch with one record, beside the record's value (Kafka's format, version 2)."""
A_CELL: Final = 0x8830_E1D8_15FF_FFF
A_SLOT: Final = 1_800_000


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked of a deployment."""

    phones: int
    places: float
    """Hexes where a phone is seen on a day, on average."""
    sightings: float
    """Sightings of a phone a day, on average."""
    retention_days: int
    partitions: int
    slot_minutes: int
    hexes: int
    rate: float
    """Sightings a second that one worker has been measured to do."""
    memory: int
    """Bytes that a worker may take."""
    carriers: int = 1


@dataclass(frozen=True, slots=True)
class Capacity:
    """What it takes; bytes and sightings a second. `workers` share the partitions evenly."""

    sightings_per_s_average: float
    sightings_per_s_peak: float
    bytes_per_phone: float
    state_bytes_per_partition: int
    on_its_way_bytes_per_partition: int
    """Of a journal partition and of as many of carriers' topics, fetched and not folded yet; at most."""
    workers_for_memory: int
    workers_for_rate: int
    workers: int
    partitions_needed: int
    resident_bytes_per_worker: int
    checkpoint_bytes: int
    """Of the whole state, once: the rows in use."""
    journal_bytes_per_day: int
    journal_bytes: int
    """With the days beyond the retention that topics keep."""

    def as_json(self) -> dict[str, Any]:
        """Return the figures by their names."""
        return asdict(self)


def capacity(asked: Demand) -> Capacity:
    """Return what a deployment takes; more partitions than asked where so many workers are needed."""
    average = asked.phones * asked.sightings / DAY_SECONDS
    for_rate = max(1, math.ceil(average * BUSIEST / (asked.rate * FULL)))
    for_memory, partitions = 1, max(asked.partitions, for_rate)
    while _each(asked, partitions) * math.ceil(partitions / for_memory) > _room(asked):
        for_memory += 1
        partitions = max(partitions, for_memory)
    workers, held = max(for_rate, for_memory), _state(asked, partitions)
    moving = _each(asked, partitions) - held
    whole = _whole(asked)
    a_day = journal_bytes_per_day(asked.phones * asked.sightings, partitions, workers)
    return Capacity(
        sightings_per_s_average=average,
        sightings_per_s_peak=average * BUSIEST,
        bytes_per_phone=held * partitions / asked.phones,
        state_bytes_per_partition=held,
        on_its_way_bytes_per_partition=moving,
        workers_for_memory=for_memory,
        workers_for_rate=for_rate,
        workers=workers,
        partitions_needed=partitions,
        resident_bytes_per_worker=BASE_BYTES + (held + moving) * math.ceil(partitions / workers),
        checkpoint_bytes=whole,
        journal_bytes_per_day=a_day,
        journal_bytes=a_day * (asked.retention_days + SLACK_DAYS),
    )


def journal_bytes_per_day(sightings: float, partitions: int, workers: int) -> int:
    """Return what so many sightings a day take in the journal, as live as they come.

    A partition gets a record each time that a worker has fetched from carriers' topics; a fetch waits so long
    for more while they come. Where little is seen, the heads of records outweigh what is in them.
    """
    one, many = _encoded(1), _encoded(SAMPLE)
    each = (many - one) / (SAMPLE - 1)
    records = min(sightings, workers * partitions * DAY_SECONDS * 1000 / BUSY.wait_ms)
    return round(sightings * each + records * (one - each + HEAD))


def _encoded(count: int) -> int:
    columns = [bytes(16)] * count, [A_CELL] * count, [A_SLOT] * count, [False] * count
    return len(codecs.encode_record(Sightings(A_SLOT * 900, *columns)))


def _state(asked: Demand, partitions: int) -> int:
    """Return the bytes of one partition's state."""
    phones = math.ceil(asked.phones / partitions)
    entries = math.ceil(phones * asked.places)
    day = DAY_MINUTES // asked.slot_minutes
    return size(phones, entries, asked.hexes, asked.retention_days, day).held


def _each(asked: Demand, partitions: int) -> int:
    """Return what a partition takes of a worker, at most."""
    return _state(asked, partitions) + PARTITION_BYTES * (1 + asked.carriers)


def least_memory(asked: Demand) -> float:
    """Return the bytes that a worker with one partition and one phone needs."""
    return (BASE_BYTES + _each(replace(asked, phones=1), 1)) / FULL


def _whole(asked: Demand) -> int:
    entries = math.ceil(asked.phones * asked.places)
    day = DAY_MINUTES // asked.slot_minutes
    return size(asked.phones, entries, asked.hexes, asked.retention_days, day).used


def _room(asked: Demand) -> float:
    return asked.memory * FULL - BASE_BYTES
