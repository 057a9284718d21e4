"""The journal that files imply: sightings in file order, controls between them, by one clock (rule 1.2)."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from streams.domain.records import Sightings, TimeAdvanced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.domain.records import Record
    from streams.files.controls import Control

Sighting: TypeAlias = tuple[int, bytes, int, bool]
"""When it was seen (seconds), the phone, the tower's hex, and whether it is coarse."""

FULL: Final = 10_000
"""Sightings at which a record ends, repeated ones counted."""
_NEVER: Final = -(1 << 62)


def journal_of(
    sightings: Iterable[Sighting], controls: Iterable[Control], until: int | None, slot_minutes: int
) -> Iterator[Record]:
    """Yield the records of partition 0 in order, the first of which has offset 0."""
    making = _Making(deque(controls), 60 * slot_minutes)
    for seen_at, phone, cell, coarse in sightings:
        if seen_at > making.now:
            yield from making.moved(seen_at)
        making.add(phone, cell, seen_at, coarse)
        if len(making.phones) == FULL:
            yield from making.ended()
    yield from making.ended()
    yield from making.due(None)
    if until is not None and until > making.clock:
        yield TimeAdvanced(until)


class _Making:
    """The record being made, *now* (the largest time seen so far), and the controls still to come."""

    def __init__(self, controls: deque[Control], length: int) -> None:
        self.now = _NEVER
        self.clock = _NEVER
        self._controls = controls
        self._length = length
        self._begin()

    def _begin(self) -> None:
        self.phones: list[bytes] = []
        self._hexes: list[int] = []
        self._slots: list[int] = []
        self._coarse: list[bool] = []

    def add(self, phone: bytes, cell: int, seen_at: int, coarse: bool) -> None:  # noqa: FBT001 - a sighting's own field
        """Enter a sighting into the record being made."""
        self.phones.append(phone)
        self._hexes.append(cell)
        self._slots.append(seen_at // self._length)
        self._coarse.append(coarse)

    def moved(self, now: int) -> Iterator[Record]:
        """Move *now*; yield what must stand before the sighting that moves it."""
        if now // self._length != self.now // self._length or (
            self._controls and self._controls[0].at <= now
        ):
            yield from self.ended()
        self.now = now
        yield from self.due(now)

    def ended(self) -> Iterator[Record]:
        """Yield the record being made, if anything is in it, with *now* as its clock."""
        if self.phones:
            self.clock = self.now
            yield Sightings(self.clock, self.phones, self._hexes, self._slots, self._coarse)
            self._begin()

    def due(self, now: int | None) -> Iterator[Record]:
        """Yield the controls at the head whose time has come; at the end (None) all of them."""
        while self._controls and (now is None or self._controls[0].at <= now):
            at, record = self._controls.popleft()
            self.clock = max(self.clock, at)
            yield replace(record, clock=self.clock)
