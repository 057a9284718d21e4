"""The journal that files imply: sightings in file order, controls between them, by one clock (rule 1.2)."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from streams.columns.placed import Placed
from streams.domain.records import TimeAdvanced
from streams.window.book import halves
from streams.window.columns import SightingColumns, record_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.domain.records import Record
    from streams.files.controls import Control

    Entry: TypeAlias = "Record | SightingColumns"

Sighting: TypeAlias = tuple[int, bytes, int, bool]
"""When it was seen (seconds), the phone, the tower's hex, and whether it is coarse."""

FULL: Final = 10_000
"""Sightings at which a record ends, repeated ones counted."""
_NEVER: Final = -(1 << 62)


def journal_of(
    sightings: Iterable[Sighting], controls: Iterable[Control], until: int | None, slot_minutes: int
) -> Iterator[Record]:
    """Yield the records of partition 0 in order, the first of which has offset 0."""
    return map(record_of, entries_of(_placed(sightings), controls, until, slot_minutes))


def entries_of(
    placed: Iterable[Placed], controls: Iterable[Control], until: int | None, slot_minutes: int
) -> Iterator[Entry]:
    """Do as `journal_of` with sightings in columns, however many at once."""
    making = _Making(deque(controls), 60 * slot_minutes)
    for several in placed:
        yield from making.take(several)
    yield from making.ended()
    yield from making.due(None)
    if until is not None and until > making.clock:
        yield TimeAdvanced(until)


def _placed(sightings: Iterable[Sighting]) -> Iterator[Placed]:
    source = iter(sightings)
    while several := list(islice(source, FULL)):
        seconds, phones, hexes, coarse = zip(*several, strict=True)
        columns = (np.array(column, np.int64) for column in (hexes, coarse, seconds))
        yield Placed(*halves(phones), *columns)


class _Making:
    """The record being made, *now* (the largest time seen so far), and the controls still to come."""

    def __init__(self, controls: deque[Control], length: int) -> None:
        self.clock = _NEVER
        self._now = _NEVER
        self._controls = controls
        self._length = length
        self._parts: list[Placed] = []
        self._count = 0

    def take(self, placed: Placed) -> Iterator[Entry]:
        """Take sightings; yield what they end, and what must stand before one of them."""
        now = np.maximum(np.maximum.accumulate(placed.seconds), self._now)
        slots = now // self._length
        begins = np.flatnonzero(np.diff(slots, prepend=self._now // self._length))
        begin = 0
        for end in (*begins.tolist(), len(now)):
            yield from self._in_one_slot(placed, now, begin, end)
            if end < len(now):
                yield from self._moved(int(now[end]))
            begin = end

    def _in_one_slot(self, placed: Placed, now: Any, begin: int, end: int) -> Iterator[Entry]:
        """Enter sightings during which *now*, given at each of them, stays in its slot."""
        while self._controls and begin < end and self._controls[0].at <= now[end - 1]:
            due = begin + int(np.searchsorted(now[begin:end], self._controls[0].at))
            yield from self._add(placed, now, begin, due)
            yield from self._moved(int(now[due]))
            begin = due
        yield from self._add(placed, now, begin, end)

    def _add(self, placed: Placed, now: Any, begin: int, end: int) -> Iterator[Entry]:
        while begin < end:
            stop = min(end, begin + FULL - self._count)
            self._parts.append(Placed(*(column[begin:stop] for column in placed)))
            self._count += stop - begin
            self._now = int(now[stop - 1])
            if self._count == FULL:
                yield from self.ended()
            begin = stop

    def _moved(self, now: int) -> Iterator[Entry]:
        """Move *now*; yield what must stand before the sighting that moves it."""
        yield from self.ended()
        self._now = now
        yield from self.due(now)

    def ended(self) -> Iterator[Entry]:
        """Yield the record being made, if anything is in it, with *now* as its clock."""
        if self._count:
            high, low, hexes, coarse, seconds = map(np.concatenate, zip(*self._parts, strict=True))
            self.clock = self._now
            yield SightingColumns(self.clock, high, low, hexes, seconds // self._length, coarse)
            self._parts, self._count = [], 0

    def due(self, now: int | None) -> Iterator[Entry]:
        """Yield the controls at the head whose time has come; at the end (None) all of them."""
        while self._controls and (now is None or self._controls[0].at <= now):
            at, record = self._controls.popleft()
            self.clock = max(self.clock, at)
            yield replace(record, clock=self.clock)
