"""A fetch of one partition, read into rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from streams.codecs.values import Values
from streams.kafka.errors import CorruptError
from streams.kafka.record_batches.batch import batches, inflated
from streams.kafka.record_batches.records import LEAST, NONE, read_records
from streams.kafka.rows import Rows

if TYPE_CHECKING:
    from streams.kafka.record_batches.aborted import Aborted


def read(place: str, data: bytes, due: int, aborted: Aborted | None, *, checked: bool) -> tuple[Rows, int]:
    """Return the records from offset `due` on, and the offset at which to fetch next.

    `place` names topic and partition, `data` is what the broker sent; without `aborted` nothing is hidden but
    transactions' markers. CorruptError and UnusableError as `batches` and `inflated`, or for a broken record.
    """
    parts, length = [data], len(data)
    wanted: list[tuple[int, ...]] = []
    for batch in batches(place, data, checked=checked):
        if not (aborted is not None and aborted.hides(data, batch)) and not batch.control:
            start, end = batch.start, batch.end
            if (found := inflated(place, data, batch)) is not None:
                parts.append(found)
                start, end = length, length + len(found)
                length = end
            if not 0 <= batch.records <= (end - start) // LEAST:
                at = f"{place}: the batch at offset {batch.base}"
                raise CorruptError(f"{at} cannot hold {batch.records} records in {end - start} bytes")
            wanted.append((start, end, batch.records, batch.base, batch.begun, due, batch.appended))
        due = batch.next
    return _rows(place, data if len(parts) == 1 else b"".join(parts), wanted), due


def _rows(place: str, data: bytes, wanted: list[tuple[int, ...]]) -> Rows:
    """Return the records of batches as `read_records` is told of them."""
    told = np.array(wanted, np.int64).reshape(-1, 7)
    room = int(told[:, 2].sum())
    whole = np.frombuffer(data, np.uint8)
    found, broken, *columns = read_records(whole, told, room)
    if broken != NONE:
        raise CorruptError(f"{place}: the batch at offset {told[broken, 3]} holds a broken record")
    offset, timestamp, by_broker, key, key_size, value, value_size = (column[:found] for column in columns)
    return Rows(Values(whole, value, value_size), offset, timestamp, by_broker, Values(whole, key, key_size))


def warm() -> None:
    """Compile the reader, or load it where it was compiled before."""
    _rows("", b"", [])
