"""The journal as it is read: which values are admitted, and all of it from the beginning to its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiokafka import TopicPartition

from streams import codecs
from streams.kafka.clients import bounds, partitions_of, reader

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from streams.domain.records import Record

MILLISECONDS = 1000


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


def admit(value: bytes | None, append_ms: int, max_skew: int) -> Record | Refused:
    """Return the record of a journal value, or why it must not enter.

    A clock more than `max_skew` seconds after the append would age diaries that are not old (rule 1.4).
    Live folding and `replay --journal` both ask here, so both see the same records.
    """
    try:
        record = codecs.decode_record(value)
    except codecs.CodecError as error:
        return Refused(error.reason)
    if record.clock * MILLISECONDS > append_ms + max_skew * MILLISECONDS:
        return Refused("future")
    return record


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
