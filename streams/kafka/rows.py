"""The records of a fetch in columns, a row each: what a chunk carries instead of an object a record (D3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from streams.codecs.values import NULL, Values

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LOG_APPEND_TIME: Final = 1
"""A record's timestamp_type where the broker set its time."""


class Row(NamedTuple):
    """One record as an object."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None


class Rows(NamedTuple):
    """Records of one partition in order: `offset` and `timestamp` (ms) int64, `append_time` uint8.

    `append_time` is 1 where the broker set the time when it appended the record, 0 where the producer did.
    """

    values: Values
    offset: Any
    timestamp: Any
    append_time: Any
    keys: Values

    @classmethod
    def of(cls, records: Sequence[Any]) -> Rows:
        """Return records that stand as objects, of aiokafka or like those."""
        return cls(
            Values.of(record.value for record in records),
            np.array([record.offset for record in records], np.int64),
            np.array([record.timestamp for record in records], np.int64),
            np.array([record.timestamp_type for record in records], np.uint8),
            Values.of(record.key for record in records),
        )

    @property
    def length(self) -> int:
        """How many records there are: `len` would count the columns."""
        return len(self.offset)

    @property
    def nbytes(self) -> int:
        """Return the memory that the columns take; keys and values of a fetch lie in the same bytes."""
        data = {id(one.data): int(one.data.nbytes) for one in (self.values, self.keys)}
        columns = (self.offset, self.timestamp, self.append_time, *self.values[1:], *self.keys[1:])
        return sum(data.values()) + sum(int(column.nbytes) for column in columns)

    def arrived(self, now: int) -> Any:
        """Return when each arrived (ms): the broker's append time, else `now` (ms).

        A time that the producer set proves nothing (rule 1.4).
        """
        return np.where(self.append_time == LOG_APPEND_TIME, self.timestamp, now)

    def each(self) -> Iterator[Row]:
        """Yield each record as an object."""
        columns = (self.offset.tolist(), self.timestamp.tolist(), _listed(self.keys), _listed(self.values))
        return map(Row._make, zip(*columns, strict=True))


def _listed(values: Values) -> list[bytes | None]:
    whole = values.data.tobytes()
    places = zip(values.start.tolist(), values.size.tolist(), strict=True)
    return [None if size == NULL else whole[start : start + size] for start, size in places]


NOTHING: Final = Rows.of(())
