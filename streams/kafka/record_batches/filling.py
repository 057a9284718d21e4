"""Batches filled with records that are written already, as aiokafka's producer takes them.

It asks of a batch what it asks of its own `BatchBuilder` (aiokafka 0.14; tests/contract holds the names), and
tells its own id when it sends it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from aiokafka.record.util import calc_crc32c

from streams.kafka.record_batches.batch import CHECKED_FROM, FORMAT, HEAD, OVERHEAD, TRANSACTIONAL
from streams.kafka.record_batches.writing import A_RECORD, put_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.codecs import Written

NO_EPOCH: Final = -1
"""What a producer says of the partition's leader."""
CHECKSUM: Final = slice(17, CHECKED_FROM)


class Filled:
    """A batch of records of one time (ms), in a transaction of whoever sends it."""

    def __init__(self, built: bytearray, count: int, time_ms: int) -> None:
        self._built, self._count, self._time_ms = built, count, time_ms

    def append(self, **_record: Any) -> None:
        """Take nothing more: a record that is sent meanwhile has a batch of its own."""

    def close(self) -> None:
        """Be closed, as it is from the beginning."""

    def closed(self) -> bool:
        """Say that nothing more is taken."""
        return True

    def record_count(self) -> int:
        """Return how many records there are."""
        return self._count

    def size(self) -> int:
        """Return how many bytes there are."""
        return len(self._built)

    def _set_producer_state(self, producer_id: int, producer_epoch: int, base_sequence: int) -> None:
        built = self._built
        HEAD.pack_into(
            built,
            0,
            0,
            len(built) - OVERHEAD,
            NO_EPOCH,
            FORMAT,
            0,
            TRANSACTIONAL,
            self._count - 1,
            self._time_ms,
            self._time_ms,
            producer_id,
            producer_epoch,
            base_sequence,
            self._count,
        )
        built[CHECKSUM] = calc_crc32c(memoryview(built)[CHECKED_FROM:]).to_bytes(4, "big")

    def _build(self) -> bytearray:
        return self._built


def filled(written: Iterable[Written], most: int, time_ms: int) -> Iterator[Filled]:
    """Yield batches of at most so many bytes with all these records in order; a larger record has its own."""
    out, at, count = np.empty(most, np.uint8), HEAD.size, 0
    for data, spans in written:
        first = 0
        while first < len(spans):
            before = first
            first, at = put_records(data, spans, first, count, out, at)
            count += first - before
            if first == len(spans):
                break
            if count:
                yield Filled(bytearray(out[:at].data), count, time_ms)
            else:
                alone = np.empty(HEAD.size + A_RECORD + int(np.diff(spans[first])[::2].sum()), np.uint8)
                _, at = put_records(data, spans[first : first + 1], 0, 0, alone, HEAD.size)
                yield Filled(bytearray(alone[:at].data), 1, time_ms)
                first += 1
            at, count = HEAD.size, 0
    if count:
        yield Filled(bytearray(out[:at].data), count, time_ms)
