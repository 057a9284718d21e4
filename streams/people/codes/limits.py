"""How long codes last and how far a verifier's clock and list may be behind (rules 13.2, 13.3)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

MINUTE: Final = 60
HOUR: Final = 3600
MOST_PAPER_HOURS: Final = 72
"""A paper pass never lasts longer, whatever is set (rule 13.2)."""


class LimitsError(ValueError):
    """A limit out of range; the message names it and what was expected."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The people's side's policy values of rule 13."""

    live_minutes: int = 5
    """Minutes a code on a page lasts (rule 13.2)."""
    paper_hours: int = MOST_PAPER_HOURS
    """Hours a paper pass lasts at most (rule 13.2)."""
    clock_leeway: int = 2 * MINUTE
    """Seconds that two clocks may differ by (rule 13.3)."""
    revocations_max_age: int = 24 * HOUR
    """Seconds after which a revocation list is too old to rely on (rule 13.3)."""

    def __post_init__(self) -> None:
        """Refuse what no deployment means."""
        for limit in fields(self):
            value = getattr(self, limit.name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise LimitsError(f"{limit.name}: expected a whole number of 0 or more, found {value!r}")
        if not 1 <= self.live_minutes <= self.paper_hours * MINUTE:
            raise LimitsError(
                f"live_minutes: expected 1 or more and less than paper_hours, found {self.live_minutes}"
            )
        if self.paper_hours > MOST_PAPER_HOURS:
            raise LimitsError(
                f"paper_hours: expected at most {MOST_PAPER_HOURS} (rule 13.2), found {self.paper_hours}"
            )

    @property
    def live(self) -> int:
        """Return how many seconds a code on a page lasts."""
        return self.live_minutes * MINUTE

    @property
    def paper(self) -> int:
        """Return how many seconds a paper pass lasts at most."""
        return self.paper_hours * HOUR
