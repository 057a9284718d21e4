"""Sorting a chunk's sightings: into journal records, into those that wait, into dead letters. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from streams import codecs
from streams.agents.towers import ABSENT, NO_TOWER
from streams.codecs import MOST_SIGHTINGS
from streams.columns.placed import Placed
from streams.columns.sightings import cut
from streams.kafka.journal import epochs
from streams.people.epochs import CODE as RETIRED
from streams.window.columns import pseudonyms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.agents.towers import TowerTable
    from streams.codecs import Heard

MILLISECONDS: Final = 1000
MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A sighting whose tower is not known yet: its name, the phone, seconds, and where it stood."""

    cell: str
    phone: bytes
    seen_at: int
    value: int
    nth: int


@dataclass(slots=True)
class Sorted:
    """What became of a chunk's sightings; `refused` are (reason, number of the value, nth in it)."""

    placed: list[Placed] = field(default_factory=list)
    waiting: list[Unplaced] = field(default_factory=list)
    refused: list[tuple[str, int, int]] = field(default_factory=list)


class Sorter:
    """Knows the towers, the slots and the partitions."""

    def __init__(
        self,
        towers: TowerTable,
        *,
        slot_minutes: int,
        max_skew: int,
        partitions: int,
        retired: frozenset[int] = frozenset(),
    ) -> None:
        self._towers, self._partitions = towers, partitions
        self._retired = np.array(sorted(retired), np.int64)
        self._slot_seconds = slot_minutes * MINUTE
        self._max_skew_ms = max_skew * MILLISECONDS

    def sort(self, heard: Sequence[Heard], arrived_ms: Any) -> Sorted:
        """Place each sighting; one dated over `max_skew` after its value arrived is `future` (rule 1.4).

        `arrived_ms` (int64) is by value when it was appended.
        """
        self._towers.tidy()
        result = Sorted()
        for several in heard:
            self._place(several, arrived_ms[several.value] + self._max_skew_ms, result)
        return result

    def _place(self, heard: Heard, latest_ms: Any, result: Sorted) -> None:
        row, hexes, coarse = (column[heard.cell] for column in self._towers.stand(heard.cells))
        future, before = heard.seen_ms > latest_ms, heard.seen_ms < 0
        good = ~future & ~before & (coarse != ABSENT)
        if self._retired.size:
            gone = np.isin(epochs(heard.high), self._retired)
            good &= ~gone
        placed = Placed(heard.high, heard.low, hexes, coarse, heard.seen_ms // MILLISECONDS)
        if good.all():
            result.placed.append(placed)
            return
        result.placed.append(Placed(*[column[good] for column in placed]))
        for one in np.flatnonzero(~good).tolist():
            where = int(heard.value[one]), int(heard.nth[one])
            if self._retired.size and gone[one]:
                result.refused.append((RETIRED, *where))
            elif future[one]:
                result.refused.append(("future", *where))
            elif before[one]:
                result.refused.append(("bad_time", *where))
            elif row[one] == NO_TOWER:
                result.refused.append(("unknown_tower", *where))
            else:
                [phone] = pseudonyms(heard.high[[one]], heard.low[[one]])
                name = self._towers.name(int(row[one]))
                result.waiting.append(Unplaced(name, phone, int(placed.seconds[one]), *where))

    def records(self, placed: Sequence[Placed]) -> list[tuple[int, bytes]]:
        """Return journal records by partition; a record's clock is the largest time seen in it (rule 1.2)."""
        if not placed:
            return []
        whole = placed[0] if len(placed) == 1 else Placed(*map(np.concatenate, zip(*placed, strict=True)))
        numbers = codecs.partitions_of_halves(whole.high, whole.low, self._partitions).astype(np.uint16)
        order = np.argsort(numbers, kind="stable")
        ends = cut(order, numbers, whole.seconds, self._slot_seconds, MOST_SIGHTINGS)
        values = codecs.encode_columns(whole, order, ends, self._slot_seconds)
        return list(zip(numbers[order[ends - 1]].tolist(), values, strict=True))
