"""The rules that are tried: ours, the national card's, any sighting at all, and a grid of thresholds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

STAYS: Final = (120, 180, 240, 300, 360, 480)
FRINGES: Final = (0, 1, 2)
RINGS: Final = (0, 1, 2, 3)
"""What is tried of stay_minutes, fringe_rings and pingpong_rings."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule to be tried: thresholds that differ from the built-in ones, and each area's fringe_rings."""

    name: str
    fringe_rings: int = 1
    thresholds: Mapping[str, Any] = field(default_factory=dict)
    coarse: bool = True
    """Whether coarse towers count as such; without, their sightings may lie in a core."""
    whole: bool = False
    """Whether it may judge a phone otherwise that was never seen in an area."""


OURS: Final = Rule("our defaults")
CARD: Final = Rule("national card (4.4)", thresholds={"dwell_mode": "span"})
ANY: Final = Rule(
    "any sighting",
    fringe_rings=0,
    thresholds={"stay_minutes": 0, "min_stay_slots": 1, "pingpong_rings": 0, "jump_speed": 1_000_000_000},
    coarse=False,
    whole=True,
)
"""Red by one sighting in an area in the window: every cell is core, no jump is too fast, and with no rings no
sighting outside is near one inside, so nothing is contested."""


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A point of the grid."""

    stay: int
    fringe: int
    rings: int

    def rule(self) -> Rule:
        """Return the rule."""
        return Rule(str(self), self.fringe, {"stay_minutes": self.stay, "pingpong_rings": self.rings})

    def __str__(self) -> str:
        return f"stay {self.stay}, fringe {self.fringe}, ping-pong {self.rings}"


OUR_POINT: Final = Point(240, 1, 2)
"""Where the built-in thresholds stand in the grid."""
