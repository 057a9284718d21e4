"""Record batches as brokers send them, made by aiokafka's builder and by hand, and what aiokafka reads."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import READ_COMMITTED, READ_UNCOMMITTED, PartitionRecords
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.record.util import calc_crc32c

from streams.kafka.record_batches.aborted import Aborted
from streams.kafka.record_batches.batch import APPEND_TIME, CONTROL, HEAD
from streams.kafka.record_batches.reading import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.kafka.rows import Rows

Written = tuple[int, int, bytes | None, bytes | None, list[tuple[str, bytes | None]]]
"""Offset (from the batch's), time (ms), key, value and headers."""
ABORT, COMMIT = 0, 1
PLACE = "topic-3"
TP = TopicPartition("topic", 3)


def batch(
    base: int,
    records: Sequence[Written],
    *,
    codec: int = 0,
    producer: int = -1,
    transactional: bool = False,
    control: bool = False,
    appended: int | None = None,
    last: int | None = None,
) -> bytes:
    """Return a batch; `last` is the offset of its last record before compaction took some, from `base`."""
    builder = DefaultRecordBatchBuilder(2, codec, transactional, producer, 0, 0, 1 << 24)
    for record in records:
        builder.append(*record)
    if records:
        built = bytearray(builder.build())
    else:
        built = bytearray(
            HEAD.pack(0, HEAD.size - 12, 0, 2, 0, transactional << 4, 0, -1, -1, producer, 0, 0, 0)
        )
    attributes = struct.unpack_from(">h", built, 21)[0]
    attributes |= (CONTROL if control else 0) | (APPEND_TIME if appended is not None else 0)
    struct.pack_into(">h", built, 21, attributes)
    if appended is not None:
        struct.pack_into(">q", built, 35, appended)
    struct.pack_into(">q", built, 0, base)
    struct.pack_into(">i", built, 23, max([record[0] for record in records] + [last or 0]))
    return summed(bytes(built))


def marker(base: int, producer: int, kind: int) -> bytes:
    """Return the batch that ends a transaction."""
    record: Written = (0, 1000, struct.pack(">HH", 0, kind), bytes(6), [])
    return batch(base, [record], producer=producer, transactional=True, control=True)


def summed(built: bytes) -> bytes:
    """Return a batch with the checksum that is right for it."""
    return built[:17] + struct.pack(">I", calc_crc32c(built[21:])) + built[21:]


def plain(*values: bytes | None) -> list[Written]:
    """Return records that have nothing but a value."""
    return [(number, 1000 + number, None, value, []) for number, value in enumerate(values)]


def ours(
    data: bytes, aborted: list[tuple[int, int]] | None = None, due: int = 0, *, committed: bool = True
) -> tuple[Rows, int]:
    """Return what we read, and where the next fetch begins."""
    return read(PLACE, data, due, Aborted(aborted) if committed else None, checked=True)


def theirs(
    data: bytes, aborted: list[tuple[int, int]] | None = None, due: int = 0, *, committed: bool = True
) -> tuple[list[tuple[Any, ...]], int]:
    """Return what aiokafka reads."""
    level = READ_COMMITTED if committed else READ_UNCOMMITTED
    found = PartitionRecords(TP, MemoryRecords(data), aborted, due, None, None, True, level)
    return listed(list(found)), found.next_fetch_offset


def listed(records: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return what is compared of aiokafka's records."""
    return [(one.offset, one.timestamp, one.timestamp_type, one.key, one.value) for one in records]


def told(rows: Rows) -> list[tuple[Any, ...]]:
    """Return the same of rows."""
    kinds = rows.append_time.tolist()
    return [
        (one.offset, one.timestamp, kind, one.key, one.value)
        for one, kind in zip(rows.each(), kinds, strict=True)
    ]
