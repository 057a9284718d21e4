"""Hex counts: exact counts by partition in, what may be published of their sums out (rule 17.3).

Partitions are added up first and released then: released apart, three times fourteen would be nobody. A sum
is of one time, the beginning of a slot, and only once every partition has told of that time; it is told of
where what is released changes, and nowhere else. So what comes out, and when, and that nothing does, is a
function of released counts.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.people.disclosure import HexCount, released

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from streams.people.disclosure import Released

    Counts = tuple[int, int, int, int]
    """Red, yellow, green, unknown."""
    Shown = tuple[Released | None, Released | None, Released | None, Released | None]

NONE: Final[Counts] = (0, 0, 0, 0)
HIDDEN: Final[Shown] = (None, None, None, None)


@dataclass(frozen=True, slots=True)
class HexPartial:
    """The exact counts of one journal partition as a slot began at `at` (unix ms); internal.

    Columns of one length: hexes in order, and phones by colour. `more`: the next one goes on with it.
    """

    partition: int
    at: int
    hexes: Sequence[int]
    red: Sequence[int]
    yellow: Sequence[int]
    green: Sequence[int]
    unknown: Sequence[int]
    more: bool = False

    def counts(self) -> Iterator[tuple[int, Counts]]:
        """Yield each hex with its counts."""
        colours = zip(self.red, self.yellow, self.green, self.unknown, strict=True)
        return zip(self.hexes, colours, strict=True)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A partition's counts at a time; `first` is the offset of the first partial that told of them."""

    at: int
    first: int
    counts: Mapping[int, Counts]


class HexTotals:
    """Adds up partials of `partitions` partitions.

    Begins behind `reached`, the last time that was told of (None: none was), with `shown` as it stood then.
    """

    def __init__(self, partitions: int, reached: int | None = None, shown: Iterable[HexCount] = ()) -> None:
        self._partitions, self.reached = partitions, reached
        self._shown = {one.hex: (one.red, one.yellow, one.green, one.unknown) for one in shown}
        self._unfinished: dict[int, tuple[int, dict[int, Counts]]] = {}
        self._told: defaultdict[int, deque[Snapshot]] = defaultdict(deque)
        self._added: dict[int, Mapping[int, Counts]] = {}
        """By partition: the counts that are in the totals."""
        self._totals: dict[int, Counts] = dict.fromkeys(self._shown, NONE)
        self._concerned = set(self._shown)
        """Hexes of which the total, or what is shown, may be otherwise than when last looked at."""

    @property
    def needed(self) -> int | None:
        """Return the offset of the first partial that a successor has to read, None where there is none."""
        begun = [first for first, _ in self._unfinished.values()]
        return min((*begun, *(told[0].first for told in self._told.values())), default=None)

    def take(self, partial: HexPartial, offset: int) -> list[HexCount]:
        """Take the partial at an offset; return what is to be told now, in the order of times and hexes."""
        first, counts = self._unfinished.pop(partial.partition, (offset, {}))
        counts.update(partial.counts())
        if partial.more:
            self._unfinished[partial.partition] = first, counts
            return []
        self._told[partial.partition].append(Snapshot(partial.at, first, counts))
        return list(self._due())

    def _due(self) -> Iterator[HexCount]:
        """Tell of each time of which every partition has told, up to the slowest one's."""
        if len(self._told) < self._partitions:
            return
        begun = max(told[0].at for told in self._told.values())
        until = min(told[-1].at for told in self._told.values())
        times = {one.at for told in self._told.values() for one in told if begun <= one.at <= until}
        for at in sorted(times):
            if self.reached is None or at > self.reached:
                yield from self._at(at)
                self.reached = at

    def _at(self, at: int) -> Iterator[HexCount]:
        for partition, told in self._told.items():
            while len(told) > 1 and told[1].at <= at:
                told.popleft()
            self._add(partition, told[0].counts)
        concerned, self._concerned = sorted(self._concerned), set()
        for cell in concerned:
            red, yellow, green, unknown = map(released, self._totals[cell])
            shown = red, yellow, green, unknown
            if shown != self._shown.get(cell, HIDDEN):
                self._shown[cell] = shown
                yield HexCount(cell, at, *shown)
            if self._totals[cell] == NONE:
                del self._totals[cell]

    def _add(self, partition: int, counts: Mapping[int, Counts]) -> None:
        """Put a partition's counts in the place of its last ones."""
        before = self._added.get(partition, {})
        if counts is before:
            return
        for cell in before.keys() | counts.keys():
            old, new = before.get(cell, NONE), counts.get(cell, NONE)
            if old != new:
                total = self._totals.get(cell, NONE)
                red, yellow, green, unknown = (t + n - o for t, n, o in zip(total, new, old, strict=True))
                self._totals[cell] = red, yellow, green, unknown
                self._concerned.add(cell)
        self._added[partition] = counts
