"""What a replay did, counted: its summary as text and as JSON's values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from streams.window.changes import BASES, KIND_CODES
from streams.window.columns import SightingColumns
from streams.window.sets import COLOURS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streams.domain.records import Record
    from streams.window.changes import Outcome


@dataclass(slots=True)
class Tally:
    """Counts of a run; `dead_letters` by reason are counted where they are found."""

    dead_letters: Mapping[str, int]
    sightings: int = 0
    phones: int = 0
    """Those of whom a sighting was taken: whoever folds knows how many there are."""
    colours: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    too_late: int = 0
    seconds: float = 0.0

    def take(self, record: Record | SightingColumns, outcome: Outcome) -> None:
        """Count one journal record and what it did."""
        if isinstance(record, SightingColumns):
            self.sightings += len(record.slots)
        self.too_late += outcome.too_late
        for columns in outcome.changes.columns:
            base = columns.rows["base"]
            self.colours.update(_named(COLOURS, np.bincount(columns.rows["colour"])))
            self.reasons.update(_named(KIND_CODES, np.bincount(columns.reasons["kind"])))
            bare = [np.count_nonzero(base & bit) for bit, _ in BASES]
            self.reasons.update(_named([code for _, code in BASES], bare))

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
            "phones": self.phones,
            "changes": changes,
            "dead_letters": _sorted(self.dead_letters),
            "too_late": self.too_late,
            "events_per_s": self.events_per_s,
        }

    def as_text(self) -> str:
        """Return the summary as lines."""
        rows = (
            ("sightings", str(self.sightings)),
            ("phones", str(self.phones)),
            ("changes", _parts(self.colours)),
            ("reasons", _parts(self.reasons)),
            ("dead letters", _parts(self.dead_letters)),
            ("too late", str(self.too_late)),
            ("events/s", str(self.events_per_s)),
        )
        return "\n".join(f"{name:<13}{value}" for name, value in rows)


def _named(names: Sequence[str], counts: Any) -> dict[str, int]:
    return {name: int(count) for name, count in zip(names, counts, strict=False) if count}


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _parts(counts: Mapping[str, int]) -> str:
    parts = ", ".join(f"{name} {count}" for name, count in _sorted(counts).items())
    return f"{sum(counts.values())} ({parts})" if parts else "0"
