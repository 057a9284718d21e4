"""The work given to everybody: sightings of phones at towers over sixteen days, some towers in risk hexes.

Seeded: the same number of events gives the same bytes. A value is a LocationEvent of 50 bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import h3.api.basic_int as h3
import numpy as np

from bench.peers.reference import wander
from streams import codecs
from streams.domain.hexes import cell_of
from streams.domain.records import AreaVersion
from streams.domain.towers import Tower

EACH: Final = 50
"""Events of a phone: three a day, so that no phone falls silent for days and comes back all the time."""
TOWERS: Final = 20_000
RISK: Final = 50
PARTITIONS: Final = 4
RESOLUTION: Final = 8
BEGIN_MS: Final = 1_760_000_000_000
SPAN_MS: Final = 16 * 86_400_000
SIZE: Final = 50
"""Bytes of a value: header 10, phone 16, the cell's length and 17 characters, seen_at in 6."""
HEADER: Final = 10
PHONE_END: Final = HEADER + 16
VARINT: Final = 6
"""Bytes of `seen_at` as Avro writes it, from 1998 to 2039 or so."""
LATITUDE: Final = (35.2, 0.55)
LONGITUDE: Final = (51.0, 0.7)
RANGE_M: Final = 1000


@dataclass(frozen=True)
class Load:
    """Columns of one length, an event a row, and what their numbers stand for."""

    towers: list[Tower]
    hexes: Any
    """By tower: its H3 cell, int64."""
    risk: list[int]
    phones: Any
    """By phone: 16 bytes, uint8."""
    phone: Any
    tower: Any
    seen_ms: Any

    def __len__(self) -> int:
        """Return how many events there are."""
        return len(self.phone)

    def values(self, first: int, end: int) -> Any:
        """Return the values of some events, SIZE bytes (uint8) a row."""
        found = np.empty((end - first, SIZE), np.uint8)
        found[:, :HEADER] = np.frombuffer(self._sample()[:HEADER], np.uint8)
        found[:, HEADER:PHONE_END] = self.phones[self.phone[first:end]]
        found[:, PHONE_END:-VARINT] = self._cells()[self.tower[first:end]]
        left = self.seen_ms[first:end].astype(np.uint64) << np.uint64(1)
        for place in range(SIZE - VARINT, SIZE):
            found[:, place] = left & np.uint64(0x7F)
            left = left >> np.uint64(7)
            if place < SIZE - 1:
                found[:, place] |= 0x80
        return found

    def keys(self, first: int, end: int) -> list[bytes]:
        """Return the keys of some events: the phones."""
        return [bytes(row) for row in self.phones[self.phone[first:end]]]

    def rows(self, partition: int) -> Any:
        """Return the events of one partition of the topics, in order."""
        return np.flatnonzero(self.phone % PARTITIONS == partition)

    def batch(self, rows: Any) -> bytes:
        """Return some events as one LocationBatch."""
        return codecs.encode_batch(
            codecs.Events(
                [bytes(phone) for phone in self.phones[self.phone[rows]]],
                [self.towers[number].id for number in self.tower[rows]],
                self.seen_ms[rows].tolist(),
            )
        )

    def areas(self) -> list[AreaVersion]:
        """Return the risk hexes as areas of one cell without a fringe."""
        return [
            AreaVersion(f"{cell:x}", 1, (((_ring(cell)),),), BEGIN_MS // 1000 - 86_400, fringe_rings=0)
            for cell in self.risk
        ]

    def _sample(self) -> bytes:
        return codecs.encode_event(bytes(16), self.towers[0].id, BEGIN_MS)

    def _cells(self) -> Any:
        written = [bytes([len(tower.id) * 2]) + tower.id.encode() for tower in self.towers]
        return np.frombuffer(b"".join(written), np.uint8).reshape(TOWERS, -1)


def made(events: int) -> Load:
    """Return so many events: a phone stays at its tower half of the time, else is seen at any other."""
    random = np.random.default_rng(20_240_607)
    towers = [
        Tower(f"460-0-{12_000 + number // 40}-{60_000 + number}", longitude, latitude, RANGE_M)
        for number, (latitude, longitude) in enumerate(
            zip(_between(random, *LATITUDE), _between(random, *LONGITUDE), strict=True)
        )
    ]
    hexes = np.array([cell_of(t.longitude, t.latitude, RESOLUTION) for t in towers], np.int64)
    risk = sorted(int(cell) for cell in random.choice(np.unique(hexes), RISK, replace=False))
    count = events // EACH
    phones = random.integers(0, 256, (count, 16), np.uint8)
    phone = random.integers(0, count, events, np.int32)
    tower = random.integers(0, TOWERS, events, np.int32)
    wander(phone, tower, random.random(events, np.float32) < 0.5, np.full(count, -1, np.int32))  # noqa: PLR2004
    seen_ms = BEGIN_MS + np.arange(events, dtype=np.int64) * SPAN_MS // events
    return Load(towers, hexes, risk, phones, phone, tower, seen_ms)


def _between(random: Any, least: float, width: float) -> Any:
    """Return a coordinate for each tower, denser in the middle."""
    return least + width * (random.random(TOWERS) + random.random(TOWERS)) / 2


def _ring(cell: int) -> tuple[tuple[float, float], ...]:
    """Return a hex's outline, drawn in by a tenth so that no neighbour's centre can be in it."""
    latitude, longitude = h3.cell_to_latlng(cell)
    corners = [
        (longitude + (x - longitude) * 0.9, latitude + (y - latitude) * 0.9)
        for y, x in h3.cell_to_boundary(cell)
    ]
    return (*corners, corners[0])
