"""What a replay did, counted: its summary as text and as JSON's values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from streams.window.columns import SightingColumns, pseudonyms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.domain.fold import Outcome
    from streams.domain.records import Record


KNOWN: Final = 1 << 16
"""Phones remembered in arrays; most sightings are of phones met before."""
_MIX: Final = np.int64(-7_046_029_254_386_353_131)


class Distinct:
    """Counts phones, each once."""

    def __init__(self) -> None:
        self._phones: set[bytes] = set()
        self._high, self._low = np.zeros(KNOWN, np.int64), np.zeros(KNOWN, np.int64)
        self._taken = np.zeros(KNOWN, np.bool_)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._phones)

    def take(self, high: Any, low: Any) -> None:
        """Count phones by the halves of their pseudonyms."""
        place = ((high ^ low * _MIX) >> 20) & (KNOWN - 1)
        new = ~self._taken[place] | (self._high[place] != high) | (self._low[place] != low)
        if new.any():
            high, low, place = high[new], low[new], place[new]
            self._phones.update(pseudonyms(high, low))
            self._high[place], self._low[place], self._taken[place] = high, low, True


@dataclass(slots=True)
class Tally:
    """Counts of a run; `dead_letters` by reason are counted where they are found."""

    dead_letters: Mapping[str, int]
    sightings: int = 0
    phones: Distinct = field(default_factory=Distinct)
    colours: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    too_late: int = 0
    seconds: float = 0.0

    def take(self, record: Record | SightingColumns, outcome: Outcome) -> None:
        """Count one journal record and what it did."""
        if isinstance(record, SightingColumns):
            self.sightings += len(record.slots)
            self.phones.take(record.high, record.low)
        self.too_late += outcome.too_late
        for change in outcome.changes:
            self.colours[change.colour] += 1
            self.reasons.update(reason.code for reason in change.reasons)

    @property
    def events_per_s(self) -> int:
        """Return the sightings taken in a second of the run."""
        return round(self.sightings / self.seconds) if self.seconds > 0 else 0

    def as_dict(self) -> dict[str, Any]:
        """Return the summary as JSON's values."""
        changes = {
            "total": self.colours.total(),
            "by_colour": _sorted(self.colours),
            "by_reason": _sorted(self.reasons),
        }
        return {
            "sightings": self.sightings,
            "phones": len(self.phones),
            "changes": changes,
            "dead_letters": _sorted(self.dead_letters),
            "too_late": self.too_late,
            "events_per_s": self.events_per_s,
        }

    def as_text(self) -> str:
        """Return the summary as lines."""
        rows = (
            ("sightings", str(self.sightings)),
            ("phones", str(len(self.phones))),
            ("changes", _parts(self.colours)),
            ("reasons", _parts(self.reasons)),
            ("dead letters", _parts(self.dead_letters)),
            ("too late", str(self.too_late)),
            ("events/s", str(self.events_per_s)),
        )
        return "\n".join(f"{name:<13}{value}" for name, value in rows)


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _parts(counts: Mapping[str, int]) -> str:
    parts = ", ".join(f"{name} {count}" for name, count in _sorted(counts).items())
    return f"{sum(counts.values())} ({parts})" if parts else "0"
