"""How long sightings take from being seen to arriving: counts by bounds that widen."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

BOUNDS: Final = (0, 10, 60, 300, 900, 3600, 21_600, 86_400, 259_200, 1_209_600)
"""Seconds; a delay counts under the first bound it does not exceed, one beyond the last under none."""


class Delays:
    """A histogram; a sighting dated after its arrival has a delay of 0 or less."""

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)

    def add(self, seconds: float) -> None:
        """Count a delay."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1

    def rows(self) -> list[tuple[int | None, int]]:
        """Return each bound (None: beyond the last) with its count."""
        return list(zip((*BOUNDS, None), self.counts, strict=True))

    def at_most(self, share: float) -> int | None:
        """Return the bound that so large a share of the delays does not exceed, None if it is beyond all."""
        due, total = share * sum(self.counts), 0
        for bound, count in self.rows():
            total += count
            if total >= due:
                return bound
        return None
