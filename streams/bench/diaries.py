"""Generated sightings in columns, for measuring a window alone: any number of phones, without objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import h3.api.basic_int as h3
import numpy as np

from streams.domain.records import AreaVersion
from streams.domain.towers import Tower
from streams.window.columns import SightingColumns, pseudonyms

if TYPE_CHECKING:
    from collections.abc import Iterator

DIARY_DAYS: Final = 14
"""Days that a deployment is filled with, where what many phones take is measured."""
FIRST_DAY: Final = 20_000
"""Days since 1970."""
SLOTS: Final = 96
SLOT_SECONDS: Final = 900
MIDDLE: Final = (28.6, 121.2)
RINGS: Final = 40
AREA_RINGS: Final = 2
CLEAR_RINGS: Final = 5
"""So far from the middle an ordinary phone stays: nothing that it does is contested there."""
MOST: Final = 10_000


@dataclass(frozen=True)
class Diaries:
    """Phones that are seen every day `sightings` times, in turn at each of their `places`.

    `touched` is the share of phones of which one place lies in the area, `crowded` that it is the same hex of
    all of them, in the area's middle. `sightings` divides SLOTS.
    """

    phones: int
    days: int
    places: int = 4
    sightings: int = 4
    touched: float = 0.0
    seed: int = 1
    crowded: bool = False

    def records(self) -> Iterator[SightingColumns]:
        """Yield the sightings in the order of their slots, as journal records of at most MOST."""
        where, high, low = self._made()
        apart = SLOTS // self.sightings
        for slot in range(FIRST_DAY * SLOTS, (FIRST_DAY + self.days) * SLOTS):
            turn = slot % SLOTS // apart
            rows = np.arange(slot % apart, self.phones, apart)
            for first in range(0, len(rows), MOST):
                some = rows[first : first + MOST]
                yield SightingColumns(
                    slot * SLOT_SECONDS,
                    high[some],
                    low[some],
                    where[some, turn % self.places],
                    np.full(len(some), slot),
                    np.zeros(len(some), np.int64),
                )

    def pseudonyms(self) -> list[bytes]:
        """Return the phones, 16 bytes each."""
        _, high, low = self._made()
        return pseudonyms(high, low)

    @property
    def sighted(self) -> int:
        """Return how many sightings `records` yields."""
        return self.phones * self.days * self.sightings

    @property
    def end(self) -> int:
        """Return the second at which the last day ends."""
        return (FIRST_DAY + self.days) * SLOTS * SLOT_SECONDS

    def _made(self) -> tuple[Any, Any, Any]:
        """Return each phone's places (int64), and its pseudonym's halves."""
        random = np.random.default_rng(self.seed)
        where = random.choice(outside(), (self.phones, self.places))
        touched = random.random(self.phones) < self.touched
        inside = [middle()] if self.crowded else _inside()
        where[touched, -1] = random.choice(np.array(inside, np.int64), int(touched.sum()))
        halves = random.integers(-(1 << 63), 1 << 63, (2, self.phones), np.int64)
        return where, halves[0], halves[1]


def outside() -> Any:
    """Return the hexes (int64) of a town that lie well away from its middle."""
    found = set(h3.grid_disk(middle(), RINGS)) - set(h3.grid_disk(middle(), CLEAR_RINGS))
    return np.array(sorted(found), np.int64)


def middle() -> int:
    """Return the hex in the area's middle."""
    return int(h3.latlng_to_cell(*MIDDLE, 8))


def _inside() -> list[int]:
    return sorted(h3.grid_disk(middle(), AREA_RINGS))


def hexes() -> list[int]:
    """Return every hex where somebody may be seen."""
    return [*outside().tolist(), *_inside()]


def towers() -> list[Tower]:
    """Return a tower for each of `hexes`, in their order."""
    places = [h3.cell_to_latlng(cell) for cell in hexes()]
    return [
        Tower(f"460-0-1-{number}", longitude, latitude, 1000.0)
        for number, (latitude, longitude) in enumerate(places)
    ]


def area() -> AreaVersion:
    """Return an area around the middle: the cells within AREA_RINGS and some beside them."""
    latitude, longitude = MIDDLE
    side = 0.02
    corners = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    ring = tuple((longitude + x * side, latitude + y * side) for x, y in corners)
    return AreaVersion("middle", 1, ((ring,),), FIRST_DAY * SLOTS * SLOT_SECONDS)
