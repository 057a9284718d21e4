"""What a replay did, counted: its summary as text and as JSON's values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from streams.domain.records import Sightings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.domain.fold import Outcome
    from streams.domain.records import Record


@dataclass(slots=True)
class Tally:
    """Counts of a run; `dead_letters` by reason are counted where they are found."""

    dead_letters: Mapping[str, int]
    sightings: int = 0
    phones: set[bytes] = field(default_factory=set)
    colours: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    too_late: int = 0
    seconds: float = 0.0

    def take(self, record: Record, outcome: Outcome) -> None:
        """Count one journal record and what it did."""
        if isinstance(record, Sightings):
            self.sightings += len(record.phones)
            self.phones.update(record.phones)
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
