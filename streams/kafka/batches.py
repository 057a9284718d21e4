"""Sightings gathered into LocationBatches on their way to a carrier's topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams import codecs

if TYPE_CHECKING:
    from streams.kafka.publishing import Publisher

FULL: Final = 10_000
"""Sightings in a batch."""
HOUR: Final = 3600
"""A batch spans no more seconds than this, so that what is played in keeps its order in time."""
CONFIRM: Final = 50
"""Batches sent before their acknowledgements are awaited."""


class Batches:
    """Gathers sightings into LocationBatches, one at a time for each partition of the topic.

    A phone's sightings go to the partition Kafka would choose for it, so that they stay in order, and so
    that a history's time moves evenly in every partition.
    """

    def __init__(self, out: Publisher, topic: str, full: int = FULL) -> None:
        self._out, self._topic, self._full = out, topic, min(full, FULL)
        self._partitions = out.partitions(topic)
        self._gathered: list[tuple[int, bytes, str]] = []
        self._sent = 0
        self._row = 0
        self.count = 0

    def add(self, seconds: int, phone: bytes, cell: str) -> None:
        """Add a sighting; what is full, or would span over an hour, is sent first."""
        gathered = self._gathered
        if len(gathered) == self._full or (gathered and abs(seconds - gathered[0][0]) >= HOUR):
            self.send()
        self._gathered.append((seconds, phone, cell))
        self.count += 1

    def whole(self, row: int) -> None:
        """Note that every sighting of the file's rows up to this one has been added."""
        self._row = row

    def send(self) -> None:
        """Send what is gathered, and mark that the rows that are whole are sent with it."""
        gathered, self._gathered = self._gathered, []
        batches: dict[int, codecs.Events] = {}
        numbers = codecs.partitions_of([phone for _, phone, _ in gathered], self._partitions)
        for number, (seconds, phone, cell) in zip(numbers, gathered, strict=True):
            events = batches.setdefault(number, codecs.Events())
            events.phones.append(phone)
            events.cells.append(cell)
            events.seen_at.append(seconds * 1000)
        for number, events in batches.items():
            self._out.send(self._topic, codecs.encode_batch(events), partition=number)
        self._out.mark(self._row)
        self._sent += 1
        if self._sent % CONFIRM == 0:
            self._out.confirm()
