"""Counting what is frequent among any number of different things, in bounded memory."""

from __future__ import annotations

from statistics import median_low
from typing import Final, Generic, TypeVar

Thing = TypeVar("Thing")

MOST: Final = 4096


class Frequent(Generic[Thing]):
    """Counts each thing exactly while there are at most `most`; beyond that the seldom ones are forgotten.

    Then the median count is taken from every count and what falls to none is dropped (Misra and Gries, by
    the purge of Anderson et al., 2017): a count may be too small, by at most twice the total over `most`,
    never too large. `exact` says whether that has happened.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._counts: dict[Thing, int] = {}
        self.exact = True

    def add(self, thing: Thing, count: int = 1) -> None:
        """Count a thing."""
        counts = self._counts
        counts[thing] = counts.get(thing, 0) + count
        if len(counts) > self._most:
            self.exact = False
            middle = median_low(counts.values())
            self._counts = {other: rest for other, full in counts.items() if (rest := full - middle) > 0}

    def items(self) -> list[tuple[Thing, int]]:
        """Return things and counts, the most frequent first."""
        return sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
