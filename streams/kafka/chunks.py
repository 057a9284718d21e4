"""A chunk: all records fetched at once from one partition, travelling through Faust as one message (D3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence


LOG_APPEND_TIME: Final = 1
"""A record's timestamp_type where the broker set its time."""


class Chunk:
    """Consecutive records of one partition, each with `offset`, `timestamp` (ms), `key` and `value`.

    `next` is where reading goes on (it may lie beyond the last record: markers of transactions),
    `end` the partition's end as the broker last told it.
    """

    __slots__ = ("_event", "acked", "end", "next", "partition", "records", "taken", "topic")

    def __init__(
        self, topic: str, partition: int, records: Sequence[Any], next_offset: int, end: int
    ) -> None:
        self.topic = topic
        self.partition = partition
        self.records = records
        self.next = next_offset
        self.end = end
        self.taken = False
        self.acked = False
        self._event: Any = None

    @property
    def first(self) -> int:
        """Offset of the first record."""
        return int(self.records[0].offset)

    @property
    def last(self) -> int:
        """Offset of the last record."""
        return int(self.records[-1].offset)

    def ack(self) -> None:
        """Say that nothing of this chunk can be lost any more: its offsets may be committed."""
        self._event.ack()

    def let_go(self) -> None:
        """Forget the records, once read: what is left is small, however long acknowledging takes."""
        self.records = ()

    def carried_by(self, event: Any) -> None:
        """Remember Faust's event, and that an agent has begun with the chunk."""
        self._event = event
        self.taken = True


def arrived_ms(record: Any, now: Callable[[], float]) -> int:
    """Return when a record arrived: the broker's append time, else `now()` (seconds).

    A time that the producer set proves nothing (rule 1.4).
    """
    return int(record.timestamp) if record.timestamp_type == LOG_APPEND_TIME else int(now() * 1000)


async def chunks(stream: Any) -> AsyncIterator[Chunk]:
    """Yield the chunks of an agent's stream; each must be acknowledged by `Chunk.ack`, whenever that is."""
    async for event in stream.noack().events():
        chunk: Chunk = event.value
        chunk.carried_by(event)
        yield chunk
