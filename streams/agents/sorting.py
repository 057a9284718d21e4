"""Sorting a chunk's sightings: into journal records, into those that wait, into dead letters. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from streams.domain.records import Sightings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from streams.agents.towers import TowerTable

MOST: Final = 10_000
"""Sightings in one journal record."""
MILLISECONDS: Final = 1000
MINUTE: Final = 60

Placed: TypeAlias = "tuple[bytes, int, bool, int]"
"""Phone, hex, coarse, and when it was seen (seconds)."""


class Seen(NamedTuple):
    """A sighting as a carrier sent it, when it arrived (`append_ms`), and where: `nth` of `offset`."""

    phone: bytes
    cell: str
    seen_ms: int
    append_ms: int
    offset: int
    nth: int


class Sorter:
    """Knows the towers, the slots and the partitions; `partition_of` maps many phones at once."""

    def __init__(
        self,
        towers: TowerTable,
        *,
        slot_minutes: int,
        max_skew: int,
        partitions_of: Callable[[Sequence[bytes]], Sequence[int]],
    ) -> None:
        self._towers, self._partitions_of = towers, partitions_of
        self._slot_seconds = slot_minutes * MINUTE
        self._max_skew_ms = max_skew * MILLISECONDS

    def sort(self, seen: Iterable[Seen]) -> Sorted:
        """Place each sighting; one dated over `max_skew` after it was appended is `future` (rule 1.4)."""
        result = Sorted()
        for one in seen:
            if one.seen_ms > one.append_ms + self._max_skew_ms:
                result.refused.append((one, "future"))
            elif one.seen_ms < 0:
                result.refused.append((one, "bad_time"))
            else:
                self._place(one, result)
        return result

    def _place(self, one: Seen, result: Sorted) -> None:
        name = self._towers.named(one.cell)
        placed = None if name is None else self._towers.at(name)
        if name is None:
            result.refused.append((one, "unknown_tower"))
        elif placed is None:
            result.waiting.append((one, name))
        else:
            result.placed.append((one.phone, *placed, one.seen_ms // MILLISECONDS))

    def records(self, placed: Sequence[Placed]) -> Iterator[tuple[int, Sightings]]:
        """Yield journal records by partition; a record's clock is the largest time seen in it (rule 1.2)."""
        columns: defaultdict[int, list[Placed]] = defaultdict(list)
        numbers = self._partitions_of([one[0] for one in placed])
        for number, one in zip(numbers, placed, strict=True):
            columns[int(number)].append(one)
        for number in sorted(columns):
            for column in self._by_slot(columns[number]):
                yield number, self._record(column)

    def _by_slot(self, column: Sequence[Placed]) -> Iterator[list[Placed]]:
        """Cut before a sighting that would move the latest time seen into another slot, as `replay` does."""
        part: list[Placed] = []
        latest = column[0][3] // self._slot_seconds
        for one in column:
            slot = one[3] // self._slot_seconds
            if part and (slot > latest or len(part) == MOST):
                yield part
                part = []
            latest = max(latest, slot)
            part.append(one)
        yield part

    def _record(self, column: Sequence[Placed]) -> Sightings:
        phones, hexes, coarse, seconds = zip(*column, strict=True)
        slots = [second // self._slot_seconds for second in seconds]
        return Sightings(max(seconds), phones, hexes, slots, coarse)


@dataclass(slots=True)
class Sorted:
    """What became of a chunk's sightings."""

    placed: list[Placed] = field(default_factory=list)
    waiting: list[tuple[Seen, str]] = field(default_factory=list)
    refused: list[tuple[Seen, str]] = field(default_factory=list)
