"""Colour changes counted: what each phone stands at, and how a simulated day came out."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from streams.city.journeys import DAY

if TYPE_CHECKING:
    from streams.domain.colours import ReasonKey
    from streams.domain.records import Colour, ColourChanged

EXAMPLES: Final = ("red", "yellow")
"""A change to these is worth telling."""
Standing: TypeAlias = "tuple[Colour, frozenset[ReasonKey]]"
"""A phone's colour, and what makes its reasons differ from others (rule 6.1)."""


@dataclass(slots=True)
class DayCount:
    """A day's changes: how many, how many phones more have each colour, the first to red and to yellow."""

    changes: int = 0
    moved: Counter[Colour] = field(default_factory=Counter)
    examples: dict[Colour, ColourChanged] = field(default_factory=dict)


class Tally:
    """Counts changes by the day at which they took effect; day 0 begins at `midnight` (unix seconds)."""

    def __init__(self, midnight: int) -> None:
        self._midnight = midnight
        self._days: defaultdict[int, DayCount] = defaultdict(DayCount)
        self.standing: dict[bytes, Standing] = {}
        self.reasons: Counter[str] = Counter()
        self.changes = 0

    def take(self, change: ColourChanged) -> None:
        """Count a change; a phone's must come in the order of their sequence."""
        day = self._days[(change.effective_at - self._midnight) // DAY]
        before = self.standing.get(change.phone)
        if before is not None:
            day.moved[before[0]] -= 1
        day.moved[change.colour] += 1
        day.changes += 1
        if change.colour in EXAMPLES and change.previous != change.colour:
            day.examples.setdefault(change.colour, change)
        keys = frozenset((reason.code, reason.area, reason.area_version) for reason in change.reasons)
        self.standing[change.phone] = (change.colour, keys)
        self.reasons.update(reason.code for reason in change.reasons)
        self.changes += 1

    def day(self, number: int) -> DayCount:
        """Return what a day's changes came to."""
        return self._days[number]

    def at_end(self, number: int) -> Counter[Colour]:
        """Return the phones by colour at the end of a day, those never seen left out."""
        found: Counter[Colour] = Counter()
        for day, count in self._days.items():
            if day <= number:
                found.update(count.moved)
        return found

    def now(self) -> Counter[Colour]:
        """Return the phones by colour as of the last change taken."""
        return Counter(colour for colour, _ in self.standing.values())
