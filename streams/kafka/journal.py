"""The journal as it is read: which values are admitted, and all of it from the beginning to its end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import h3.api.basic_int as h3
from aiokafka import TopicPartition

from streams import codecs
from streams.domain.records import Sightings
from streams.kafka.clients import bounds, partitions_of, reader

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from streams.domain.records import Record

MILLISECONDS: Final = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in the journal at one offset; `append_ms` is the broker's append time in milliseconds."""

    partition: int
    offset: int
    append_ms: int
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a journal value is a dead letter."""

    reason: str


def admit(value: bytes | None, append_ms: int, max_skew: int, resolution: int) -> Record | Refused:
    """Return the record of a journal value, or why it must not enter.

    A clock more than `max_skew` seconds after the append would age diaries that are not old (rule 1.4); a hex
    that is no cell of the deployment's resolution would break the fold. Live folding and `replay --journal`
    both ask here, so both see the same records.
    """
    try:
        record = codecs.decode_record(value)
    except codecs.CodecError as error:
        return Refused(error.reason)
    if record.clock * MILLISECONDS > append_ms + max_skew * MILLISECONDS:
        return Refused("future")
    if isinstance(record, Sightings) and not all(is_cell(cell, resolution) for cell in set(record.hexes)):
        return Refused("bad_value")
    return record


@lru_cache(maxsize=1 << 17)
def is_cell(cell: int, resolution: int) -> bool:
    """Tell whether a number is an H3 cell of this resolution."""
    return cell > 0 and h3.is_valid_cell(cell) and h3.get_resolution(cell) == resolution


async def entries(brokers: str, topic: str) -> AsyncIterator[Entry]:
    """Yield the whole journal as it stands now, each partition in order, the partitions interleaved.

    UnusableError if the topic or the broker is missing.
    """
    async with reader(brokers, committed=False) as consumer:
        stretches = await bounds(brokers, topic, await partitions_of(consumer, topic))
        due = {TopicPartition(topic, p): end for p, (first, end) in stretches.items() if first < end}
        consumer.assign(list(due))
        for tp in due:
            consumer.seek(tp, stretches[tp.partition][0])
        while due:
            for tp, records in (await consumer.getmany(*due, timeout_ms=200)).items():
                for record in records:
                    if record.offset < due[tp]:
                        yield Entry(tp.partition, record.offset, record.timestamp, record.value)
            due = {tp: end for tp, end in due.items() if await consumer.position(tp) < end}
