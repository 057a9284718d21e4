"""Sightings of a tower not yet known wait for it: a while, and boundedly many."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.agents.errand import Errand

SLACK: Final = 1_000
"""How many that wait no longer may lie in the queue before it is swept."""


@dataclass(slots=True, eq=False)
class Waiting:
    """A sighting whose tower is unknown, and the errand of the chunk it came in."""

    cell: str
    phone: bytes
    seen_at: int
    """Seconds."""
    offset: int
    index: int
    errand: Errand
    over: bool = False


class Grace:
    """Holds sightings by tower for `seconds`, at most `at_most` of them; `now` are seconds that only grow."""

    def __init__(self, seconds: float, at_most: int, now: Callable[[], float]) -> None:
        self._seconds, self._at_most, self._now = seconds, at_most, now
        self._by_cell: defaultdict[str, deque[Waiting]] = defaultdict(deque)
        self._in_order: deque[tuple[float, Waiting]] = deque()
        self._waiting = 0

    def __len__(self) -> int:
        """Return how many are waiting."""
        return self._waiting

    def wait(self, sighting: Waiting) -> None:
        """Let a sighting wait."""
        self._by_cell[sighting.cell].append(sighting)
        self._in_order.append((self._now() + self._seconds, sighting))
        self._waiting += 1

    def found(self, cell: str) -> list[Waiting]:
        """Return those that waited for this tower; they wait no longer."""
        released = list(self._by_cell.pop(cell, ()))
        for sighting in released:
            sighting.over = True
        self._waiting -= len(released)
        if len(self._in_order) > SLACK + 2 * self._waiting:
            self._in_order = deque(entry for entry in self._in_order if not entry[1].over)
        return released

    def given_up(self) -> list[Waiting]:
        """Return those that have waited long enough, and the oldest beyond the bound."""
        now = self._now()
        gone = []
        while self._in_order:
            deadline, sighting = self._in_order[0]
            if not sighting.over:
                if deadline > now and self._waiting <= self._at_most:
                    break
                self._give_up(sighting)
                gone.append(sighting)
            self._in_order.popleft()
        return gone

    def clear(self) -> None:
        """Forget all of them: their chunks were never acknowledged and will be read again."""
        self._by_cell.clear()
        self._in_order.clear()
        self._waiting = 0

    def _give_up(self, sighting: Waiting) -> None:
        sighting.over = True
        self._waiting -= 1
        others = self._by_cell[sighting.cell]
        others.popleft()
        if not others:
            del self._by_cell[sighting.cell]
