"""What is left to do for one chunk before it may be acknowledged."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streams.kafka.chunks import Chunk


class Errand:
    """Counts a chunk's open ends; the last one done acknowledges it."""

    __slots__ = ("_open", "chunk")

    def __init__(self, chunk: Chunk) -> None:
        self.chunk = chunk
        self._open = 1

    def more(self, count: int = 1) -> None:
        """Note `count` further open ends."""
        self._open += count

    def done(self, count: int = 1) -> None:
        """Note that `count` of them are done."""
        self._open -= count
        if self._open == 0:
            self.chunk.ack()
