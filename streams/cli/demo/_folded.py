"""How far the worker has folded the journal: by committed positions, in time and in sightings."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from streams.domain.records import Sightings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.domain.records import Record


class Folded:
    """Takes journal records and positions, in whatever order they come of each other."""

    def __init__(self, partitions: int) -> None:
        self.positions: dict[int, int] = dict.fromkeys(range(partitions), 0)
        """Of each journal partition, the offset of the next record to fold."""
        self.clocks: dict[int, int] = dict.fromkeys(range(partitions), 0)
        """Unix seconds (rule 1.2), 0 before the first record."""
        self.sightings = 0
        self._ahead: dict[int, deque[tuple[int, int, int]]] = {p: deque() for p in range(partitions)}

    def journal(self, partition: int, offset: int, record: Record) -> None:
        """Take a journal record; it counts once a position is behind it."""
        count = len(record.slots) if isinstance(record, Sightings) else 0
        self._ahead[partition].append((offset, record.clock, count))
        self._follow(partition)

    def position(self, partition: int, offset: int) -> None:
        """Take a committed position."""
        self.positions[partition] = offset
        self._follow(partition)

    def _follow(self, partition: int) -> None:
        ahead, position = self._ahead[partition], self.positions[partition]
        while ahead and ahead[0][0] < position:
            _, clock, count = ahead.popleft()
            self.clocks[partition] = max(self.clocks[partition], clock)
            self.sightings += count

    def through(self, ends: Mapping[int, int]) -> bool:
        """Say whether every partition is folded, and its records taken, up to an end."""
        return all(
            self.positions[partition] >= end and not any(one[0] < end for one in self._ahead[partition])
            for partition, end in ends.items()
        )

    def level(self, slot_seconds: int) -> bool:
        """Say whether all clocks stand in one slot."""
        return len({clock // slot_seconds for clock in self.clocks.values()}) == 1

    def behind(self) -> int:
        """Return the earliest clock of all partitions."""
        return min(self.clocks.values())
