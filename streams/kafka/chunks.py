"""A chunk: all records fetched at once from one partition, travelling through Faust as one message (D3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams.kafka.rows import NOTHING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from streams.kafka.rows import Rows


class Chunk:
    """Consecutive records of one partition, in rows; `first` and `last` are their offsets.

    `next` is where reading goes on (it may lie beyond the last record: markers of transactions),
    `end` the partition's end as the broker last told it.
    """

    __slots__ = ("_event", "acked", "end", "first", "last", "next", "partition", "rows", "taken", "topic")

    def __init__(self, topic: str, partition: int, rows: Rows, next_offset: int, end: int) -> None:
        self.topic = topic
        self.partition = partition
        self.rows = rows
        self.first = int(rows.offset[0])
        self.last = int(rows.offset[-1])
        self.next = next_offset
        self.end = end
        self.taken = False
        self.acked = False
        self._event: Any = None

    def ack(self) -> None:
        """Say that nothing of this chunk can be lost any more: its offsets may be committed."""
        self._event.ack()

    def let_go(self) -> None:
        """Forget the rows, once read: what is left is small, however long acknowledging takes."""
        self.rows = NOTHING

    def carried_by(self, event: Any) -> None:
        """Remember Faust's event, and that an agent has begun with the chunk."""
        self._event = event
        self.taken = True


async def chunks(stream: Any) -> AsyncIterator[Chunk]:
    """Yield the chunks of an agent's stream; each must be acknowledged by `Chunk.ack`, whenever that is."""
    async for event in stream.noack().events():
        chunk: Chunk = event.value
        chunk.carried_by(event)
        yield chunk
