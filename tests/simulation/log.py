"""A partition's log as a broker keeps it: transactions, the last stable offset, compaction."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiokafka.errors import InvalidProducerEpoch

if TYPE_CHECKING:
    from collections.abc import Sequence

LOG_APPEND_TIME = 1


@dataclass(slots=True, eq=False)
class Transaction:
    """One transaction of a producer; `committed` is None while it is open."""

    producer: int
    epoch: int
    committed: bool | None = None
    partitions: set[tuple[str, int]] = field(default_factory=set)
    unmarked: set[tuple[str, int]] = field(default_factory=set)
    """Where its marker is still to be written."""


@dataclass(slots=True, eq=False)
class Stored:
    """A record in a log, as clients see it too."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]] = ()
    transaction: Transaction | None = None
    marker: bool = False
    gone: bool = False
    """Taken away by compaction."""
    timestamp_type: int = LOG_APPEND_TIME


class Log:
    """One partition; offsets are never used again."""

    def __init__(self, topic: str, partition: int) -> None:
        self.place = (topic, partition)
        self.records: list[Stored] = []
        """All that was ever written, in the order of offsets without a gap."""
        self._open: dict[Transaction, int] = {}
        self._epochs: dict[int, int] = {}
        self._sequences: dict[tuple[int, int], int] = {}
        self._waiting: list[asyncio.Future[None]] = []

    @property
    def end(self) -> int:
        return len(self.records)

    @property
    def stable(self) -> int:
        """The last stable offset: readers of committed records go no further."""
        return min(self._open.values(), default=self.end)

    def produce(
        self,
        producer: tuple[int, int],
        sequence: int,
        written: Sequence[tuple[bytes | None, bytes | None, Sequence[tuple[str, bytes]]]],
        now_ms: int,
        transaction: Transaction | None = None,
    ) -> None:
        """Append a producer's batch, once: one sent again is acknowledged again."""
        number, epoch = producer
        if epoch < self._epochs.get(number, 0):
            raise InvalidProducerEpoch
        self._epochs[number] = epoch
        if sequence < self._sequences.get(producer, 0):
            return
        self._sequences[producer] = sequence + len(written)
        if transaction is not None:
            self._open.setdefault(transaction, self.end)
        for key, value, headers in written:
            self.records.append(Stored(self.end, now_ms, key, value, headers, transaction))
        self._wake()

    def mark(self, transaction: Transaction, epoch: int, now_ms: int) -> None:
        """Write a transaction's marker; from then on older epochs of its producer are refused here."""
        self._epochs[transaction.producer] = max(epoch, self._epochs.get(transaction.producer, 0))
        self._open.pop(transaction, None)
        self.records.append(Stored(self.end, now_ms, None, None, (), transaction, marker=True))
        self._wake()

    def read(self, first: int, most: int, *, committed: bool) -> tuple[list[Stored], int]:
        """Return at most so many records from an offset on, and where to go on reading."""
        end = self.stable if committed else self.end
        found: list[Stored] = []
        position = first
        while position < end and len(found) < most:
            one = self.records[position]
            position += 1
            aborted = one.transaction is not None and one.transaction.committed is not True
            if not (one.marker or one.gone or (committed and aborted)):
                found.append(one)
        return found, position

    def committed(self) -> list[Stored]:
        """Return what any reader of committed records was ever shown, compacted or not."""
        kept = self.records[: self.stable]
        return [one for one in kept if self._counts(one)]

    def compact(self, until: int) -> None:
        """Keep of each key only the last committed record before an offset."""
        part = self.records[: min(until, self.stable)]
        last = {one.key: one for one in part if self._counts(one)}
        for one in part:
            one.gone = one.gone or (self._counts(one) and last[one.key] is not one)

    @staticmethod
    def _counts(one: Stored) -> bool:
        return not one.marker and (one.transaction is None or bool(one.transaction.committed))

    def more(self, position: int) -> asyncio.Future[None] | None:
        """Return what is done once more than up to a position is committed; None if it is."""
        if self.stable > position:
            return None
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        return waiting

    def _wake(self) -> None:
        for one in self._waiting:
            if not one.done():
                one.set_result(None)
        self._waiting.clear()
