"""Batches filled by our compiled code are, byte for byte, those of aiokafka's own builder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from aiokafka.producer.message_accumulator import BatchBuilder
from hypothesis import example, given
from hypothesis import strategies as st

from streams.codecs import Written
from streams.kafka.record_batches.filling import filled
from tests.properties.seeds import patient, seeded, seeds

if TYPE_CHECKING:
    from random import Random

STATE = (9_000_000_000, 7, 1 << 30)
"""A producer's id, epoch and sequence."""
TIME_MS = 1_600_000_000_123
Record = tuple[bytes, bytes, list[tuple[str, bytes]]]


def theirs(records: list[Record], most: int) -> list[bytes]:
    """Return what aiokafka's producer makes of records that it is sent."""
    found, at = [], 0
    while at < len(records):
        builder: Any = BatchBuilder(most, 0, is_transactional=1)
        for key, value, headers in records[at:]:
            if builder.append(timestamp=TIME_MS, key=key, value=value, headers=headers) is None:
                break
            at += 1
        builder._set_producer_state(*STATE)  # noqa: SLF001 - as aiokafka does before it sends
        found.append(bytes(builder._build()))  # noqa: SLF001 - as above
    return found


def number(size: int) -> bytes:
    """Return a length as a record has it: a zigzag varint, which is twice the number."""
    found, left = b"", size << 1
    while left >= 0x80:
        found, left = found + bytes([left & 0x7F | 0x80]), left >> 7
    return found + bytes([left])


def written(records: list[Record]) -> Written:
    """Return records as codecs hand them over."""
    data, spans = b"", []
    for key, value, headers in records:
        heads = number(len(headers))
        for name, told in headers:
            heads += number(len(name)) + name.encode() + number(len(told)) + told
        ends = np.cumsum([len(data), len(key), len(value), len(heads)]).tolist()
        spans.append([ends[0], ends[1], ends[1], ends[2], ends[2], ends[3]])
        data += key + value + heads
    return Written(np.frombuffer(data, np.uint8), np.array(spans, np.int64).reshape(-1, 6))


def ours(records: list[Record], most: int, cuts: int = 1) -> list[bytes]:
    found, step = [], -(-len(records) // cuts) or 1
    parts = [written(records[at : at + step]) for at in range(0, len(records), step)]
    for one in filled(parts, most, TIME_MS):
        one._set_producer_state(*STATE)  # noqa: SLF001 - as aiokafka does before it sends
        found.append(bytes(one._build()))  # noqa: SLF001 - as above
        assert one.size() == len(found[-1])
        assert one.record_count() == int.from_bytes(found[-1][57:61], "big")
    return found


def some(random: Random) -> Record:
    sizes = [0, 1, 16, 63, 64, 127, 128, 300, 9000]
    headers = [("h" * random.randint(0, 70), random.randbytes(random.randint(0, 70))) for _ in range(3)]
    return random.randbytes(random.choice(sizes)), random.randbytes(random.choice(sizes)), headers


@patient
@example(3134, 208, 700, 2)  # a record that would take a batch's last byte
@given(seeds, st.integers(0, 300), st.sampled_from([1, 700, 5_000, 262_144]), st.integers(1, 4))
def test_they_are_cut_and_written_as_aiokafkas(seed: int, count: int, most: int, cuts: int) -> None:
    random = seeded(seed)
    records = [some(random) for _ in range(count)]
    if most < 262_144:
        records = records[:30]
    assert ours(records, max(most, 61), cuts) == theirs(records, max(most, 61))


def test_more_records_than_a_delta_of_one_byte_counts() -> None:
    records: list[Record] = [(b"k", b"v", [])] * 9_000
    assert ours(records, 1 << 20) == theirs(records, 1 << 20)


def test_nothing_makes_no_batch() -> None:
    assert ours([], 1000) == []


@pytest.mark.parametrize("most", [61, 100])
def test_a_record_larger_than_a_batch_has_its_own(most: int) -> None:
    records: list[Record] = [(b"k", bytes(size), []) for size in (1, 5000, 1, 1)]
    assert ours(records, most) == theirs(records, most)
