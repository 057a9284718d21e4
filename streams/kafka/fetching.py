"""aiokafka's fetcher made to hand over rows: what the broker sent is read in one go, not record by record.

The method that takes in an answer of the broker runs as it is, with two of the names in it standing for ours;
so only the consumer asked for is concerned, and whatever else that method does stays aiokafka's.
"""

from __future__ import annotations

from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any, Final

from aiokafka.consumer import fetcher

from streams.kafka.record_batches.aborted import Aborted
from streams.kafka.record_batches.batch import end_of
from streams.kafka.record_batches.reading import read, warm
from streams.kafka.record_batches.records import NONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiokafka import AIOKafkaConsumer, TopicPartition

    from streams.kafka.rows import Rows


class Sent:
    """In place of aiokafka's `MemoryRecords`: what the broker sent of a partition, as it is."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def has_next(self) -> bool:
        """Tell whether a batch is there whole; aiokafka raises RecordTooLargeError where none is."""
        return end_of(self.data, 0) != NONE

    def size_in_bytes(self) -> int:
        """Return how much was sent."""
        return len(self.data)


class Unread:
    """In place of aiokafka's `PartitionRecords`: yields all rows at once, if there are any.

    `next_fetch_offset` is where the fetch began, then where the next begins: aiokafka's position moves there.
    """

    def __init__(
        self,
        tp: TopicPartition,
        records: Sent,
        aborted_transactions: list[tuple[int, int]] | None,
        fetch_offset: int,
        key_deserializer: object,
        value_deserializer: object,
        check_crcs: bool,  # noqa: FBT001 - aiokafka's parameters
        isolation_level: int,
    ) -> None:
        del key_deserializer, value_deserializer
        self.next_fetch_offset = fetch_offset
        self._place, self._sent, self._checked = f"{tp.topic}-{tp.partition}", records, check_crcs
        self._aborted = Aborted(aborted_transactions) if isolation_level == fetcher.READ_COMMITTED else None

    def __iter__(self) -> Iterator[Rows]:
        rows, self.next_fetch_offset = read(
            self._place, self._sent.data, self.next_fetch_offset, self._aborted, checked=self._checked
        )
        if rows.length:
            yield rows


_theirs: Any = fetcher.Fetcher._proc_fetch_request  # noqa: SLF001 - tests/contract holds what is in it
TAKE_IN: Final = FunctionType(
    _theirs.__code__, {**vars(fetcher), "MemoryRecords": Sent, "PartitionRecords": Unread}
)


def in_rows(consumer: AIOKafkaConsumer) -> None:
    """Let a consumer that was just started give a list of one `Rows` where it would give records."""
    warm()
    found = consumer._fetcher  # noqa: SLF001 - it makes its own and asks nobody
    found._proc_fetch_request = MethodType(TAKE_IN, found)  # noqa: SLF001 - as above
