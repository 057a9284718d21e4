"""All that is counted of a feed, sighting by sighting as it arrived."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from streams.domain.slots import slot_of
from streams.domain.towers import canonical
from streams.feed.delays import Delays
from streams.feed.frequent import Frequent
from streams.feed.jumps import Jumps
from streams.feed.repeats import Repeats

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.domain.rules import Rules
    from streams.domain.towers import Placed

MILLISECONDS: Final = 1000
HOUR_MS: Final = 3_600_000


@dataclass(slots=True)
class Feed:
    """Takes sightings in the order of each partition; `place` knows where a tower stands."""

    rules: Rules
    max_skew: int
    place: Callable[[str], Placed | None]
    records: int = 0
    sightings: int = 0
    first_ms: int | None = None
    last_ms: int = 0
    by_hour: Counter[int] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    letters: Counter[str] = field(default_factory=Counter)
    delays: Delays = field(default_factory=Delays)
    unknown: Frequent[str] = field(default_factory=Frequent)
    unknown_total: int = 0
    nameless: int = 0
    """Sightings whose tower is none by its spelling; that is not shown, it may be anything."""
    repeats: Repeats = field(default_factory=Repeats)
    repeated: int = 0
    disordered: int = 0
    furthest_back_ms: int = 0
    future: int = 0
    furthest_ahead_ms: int = 0
    before_1970: int = 0
    jumps: Jumps = field(init=False)
    _latest: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.jumps = Jumps(self.rules)

    def arrived(self, append_ms: int) -> None:
        """Count a record of the topic."""
        self.records += 1
        self.first_ms = append_ms if self.first_ms is None else min(self.first_ms, append_ms)
        self.last_ms = max(self.last_ms, append_ms)

    def take(self, partition: int, append_ms: int, phone: bytes, cell: str, seen_ms: int) -> None:
        """Count a sighting; one that rule 1.4 refuses counts as a clock error and in no order."""
        self.sightings += 1
        self.by_hour[append_ms // HOUR_MS] += 1
        self.repeated += self.repeats.seen(phone, cell, seen_ms)
        if not self._in_time(append_ms, seen_ms):
            return
        self.delays.add((append_ms - seen_ms) / MILLISECONDS)
        self._order(partition, seen_ms)
        name = canonical(cell)
        placed = None if name is None else self.place(name)
        if name is None:
            self.nameless += 1
        elif placed is None:
            self.unknown_total += 1
            self.unknown.add(name)
        else:
            slot = slot_of(seen_ms // MILLISECONDS, self.rules.policy.slot_minutes)
            self.jumps.add(phone, slot, name, placed[0])

    def _in_time(self, append_ms: int, seen_ms: int) -> bool:
        ahead = seen_ms - append_ms
        if ahead > self.max_skew * MILLISECONDS:
            self.future += 1
            self.furthest_ahead_ms = max(self.furthest_ahead_ms, ahead)
            return False
        self.before_1970 += seen_ms < 0
        return seen_ms >= 0

    def _order(self, partition: int, seen_ms: int) -> None:
        latest = self._latest.get(partition, seen_ms)
        if seen_ms < latest:
            self.disordered += 1
            self.furthest_back_ms = max(self.furthest_back_ms, latest - seen_ms)
        self._latest[partition] = max(latest, seen_ms)

    def per_second(self) -> float:
        """Return the sightings a second between the first and the last arrival."""
        first = self.last_ms if self.first_ms is None else self.first_ms
        return self.sightings / max(1.0, (self.last_ms - first) / MILLISECONDS)
