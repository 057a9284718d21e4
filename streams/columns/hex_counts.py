"""Hex counts: exact counts by partition in, what may be published of their sums out (rule 17.3).

Partitions are added up first and released then: released apart, three times fourteen would be nobody. A sum
is of one time, the beginning of an hour, and only once every partition has told of that time; it is told of
where what is released changes, and nowhere else. So what comes out, and when, and that nothing does, is a
function of released counts.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from streams.people.disclosure import HexCount, K, released

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Array = Any

COLOURS: Final = 4
"""Red, yellow, green, unknown, in the order of a HexCount's fields."""
CELL: Final = np.dtype("<i8")
PHONES: Final = tuple(np.dtype(f"<u{size}") for size in (1, 2, 4))
"""How a record's counts may stand: all in the first of these that the largest goes into."""
DAY: Final = 86_400_000
"""In milliseconds."""


@dataclass(frozen=True, slots=True)
class HexPartial:
    """The exact counts of one journal partition as an hour began at `at` (unix ms); internal.

    `hexes` are H3 cells in order, 8 bytes each, `phones` four counts a hex, 1, 2 or 4 bytes each, as the
    lengths of both say, all little-endian. `more`: the partition's next one goes on with it.
    """

    partition: int
    at: int
    hexes: bytes
    phones: bytes
    more: bool = False


class Counts(NamedTuple):
    """Hexes (int64), each once and in order, and a row of four counts for each."""

    hexes: Array
    phones: Array


def partial(partition: int, at: int, counts: Counts, *, more: bool = False) -> HexPartial:
    """Return the counts of a partition at a time (unix ms) as they travel."""
    most = int(counts.phones.max(initial=0))
    kind = next(kind for kind in PHONES if most <= np.iinfo(kind).max)
    hexes, phones = counts.hexes.astype(CELL).tobytes(), counts.phones.astype(kind).tobytes()
    return HexPartial(partition, at, hexes, phones, more)


def kind_of(hexes: bytes, phones: bytes) -> np.dtype[Any] | None:
    """Return what counts of a partial stand in; None where the lengths fit none."""
    count, left = divmod(len(hexes), CELL.itemsize)
    if left:
        return None
    return next((kind for kind in PHONES if len(phones) == count * COLOURS * kind.itemsize), None)


def counts_of(parts: Iterable[HexPartial]) -> Counts:
    """Return what several partials of one partition and time say together."""
    several = list(parts)
    hexes = np.frombuffer(b"".join(one.hexes for one in several), CELL)
    phones = [np.frombuffer(one.phones, kind_of(one.hexes, one.phones)) for one in several]
    return Counts(hexes, np.concatenate(phones).astype(np.int64).reshape(-1, COLOURS))


def added(several: Iterable[Counts]) -> Counts:
    """Return the sums of several partitions."""
    parts = list(several)
    cells = np.concatenate([one.hexes for one in parts])
    if not len(cells):
        return Counts(cells, np.zeros((0, COLOURS), np.int64))
    order = np.argsort(cells, kind="stable")
    cells = cells[order]
    first = np.flatnonzero(np.concatenate(([True], cells[1:] != cells[:-1])))
    phones = np.concatenate([one.phones for one in parts])[order]
    return Counts(cells[first], np.add.reduceat(phones, first))


class Snapshot(NamedTuple):
    """A partition's counts at a time; `first` is the offset of the first partial that told of them.

    `written` is when the last one was (unix ms).
    """

    at: int
    first: int
    counts: Counts
    written: int


class HexTotals:
    """Adds up partials of `partitions` partitions.

    Begins behind `reached`, the last time that was told of (None: none was), with `shown` as it stood then.
    `lasts`: for how many milliseconds a partial stands in its topic.
    """

    def __init__(
        self,
        partitions: int,
        reached: int | None = None,
        shown: Iterable[HexCount] = (),
        *,
        lasts: int = DAY,
    ) -> None:
        self._partitions, self.reached, self._lasts = partitions, reached, lasts
        bands = {one.hex: [_band(count) for count in _colours(one)] for one in shown}
        self._shown = _lasting(
            Counts(
                np.array(sorted(bands), np.int64),
                np.array([bands[cell] for cell in sorted(bands)], np.int64).reshape(-1, COLOURS),
            )
        )
        self._unfinished: dict[int, tuple[int, list[HexPartial]]] = {}
        self._told: defaultdict[int, deque[Snapshot]] = defaultdict(deque)

    @property
    def needed(self) -> int | None:
        """Return the offset of the first partial that a successor has to read, None where there is none."""
        begun = [first for first, _ in self._unfinished.values()]
        return min((*begun, *(told[0].first for told in self._told.values())), default=None)

    @property
    def kept(self) -> int:
        """Return how many snapshots are kept."""
        return sum(map(len, self._told.values()))

    def take(self, part: HexPartial, offset: int, written: int = 0) -> list[HexCount]:
        """Take the partial at an offset; return what is to be told now, in the order of times and hexes.

        `written`: when it was (unix ms). What its topic does not keep is not kept here, as a successor could
        not read it: no time before the next one of that partition is told of.
        """
        first, parts = self._unfinished.pop(part.partition, (offset, []))
        parts.append(part)
        if part.more:
            self._unfinished[part.partition] = first, parts
            return []
        self._told[part.partition].append(Snapshot(part.at, first, counts_of(parts), written))
        self._forget(written - self._lasts)
        return list(self._due())

    def _forget(self, before: int) -> None:
        """Drop the snapshots written before a time (unix ms) but for each partition's newest."""
        for told in self._told.values():
            while len(told) > 1 and told[0].written < before:
                told.popleft()

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
        for told in self._told.values():
            while len(told) > 1 and told[1].at <= at:
                told.popleft()
        total = added(told[0].counts for told in self._told.values())
        shown = _lasting(Counts(total.hexes, total.phones // K))
        cells = _differing(self._shown, shown)
        for cell, phones in zip(cells.tolist(), _phones_of(total, cells).tolist(), strict=True):
            red, yellow, green, unknown = map(released, phones)
            yield HexCount(cell, at, red, yellow, green, unknown)
        self._shown = shown


def _colours(one: HexCount) -> tuple[int | None, ...]:
    return one.red, one.yellow, one.green, one.unknown


def _band(count: int | None) -> int:
    return 0 if count is None else count // K


def _lasting(bands: Counts) -> Counts:
    """Return the hexes of which anything is shown."""
    some = bands.phones.any(axis=1)
    return Counts(bands.hexes[some], bands.phones[some])


def _differing(before: Counts, after: Counts) -> Array:
    """Return the hexes of which something else is shown, in order."""
    if np.array_equal(before.hexes, after.hexes):
        return after.hexes[(before.phones != after.phones).any(axis=1)]
    both = added([before, Counts(after.hexes, -after.phones)])
    return both.hexes[both.phones.any(axis=1)]


def _phones_of(counts: Counts, cells: Array) -> Array:
    """Return a row of counts for each of some hexes, in order, nobody where there are none."""
    found = np.zeros((len(cells), COLOURS), np.int64)
    there, rows = np.isin(cells, counts.hexes), np.isin(counts.hexes, cells)
    found[there] = counts.phones[rows]
    return found
