"""What a gate may decide, how strict that is, and the table of a policy (rule 12.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from streams.domain.colours import SEVERITY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streams.domain.records import Colour

Decision: TypeAlias = Literal["pass", "ask", "register", "hold"]

STRICTNESS: Final[tuple[Decision, ...]] = ("pass", "ask", "register", "hold")
"""From the mildest to the strictest."""

DEFAULT: Final[Mapping[Colour, Decision]] = {
    "green": "pass",
    "yellow": "register",
    "unknown": "ask",
    "red": "hold",
}
BOUNDED: Final[Mapping[Colour, Decision]] = {"green": "register", "unknown": "register"}
"""No table goes further than this for a colour that accuses nobody."""


@dataclass(frozen=True, slots=True)
class GatePolicy:
    """What gates decide by, whatever a community orders beside it."""

    version: int = 0
    table: Mapping[Colour, Decision] = field(default_factory=lambda: DEFAULT)
    signal_required: bool = True
    """Whether an unknown signal hides a green declaration (rule 12.2)."""


def strictest(decisions: Iterable[Decision]) -> Decision:
    """Return the strictest of several decisions, at least one."""
    return max(decisions, key=STRICTNESS.index)


def faults(table: Mapping[Colour, Decision]) -> list[str]:
    """Say what is wrong with a policy's table: colours, decisions, the bounds of rule 12.3, its order."""
    found = [f"{colour}: expected a decision" for colour in SEVERITY if colour not in table]
    for colour, decision in table.items():
        if colour not in SEVERITY:
            found.append(f"{colour!r:.20}: expected one of {', '.join(SEVERITY)}")
        elif decision not in STRICTNESS:
            found.append(f"{colour}: expected one of {', '.join(STRICTNESS)}, found {decision!r:.20}")
        elif beyond(colour, decision):
            found.append(f"{colour}: expected {BOUNDED[colour]} at most, found {decision}")
    return found or [
        f"{harsher}: expected {table[milder]} or stricter, as for {milder}"
        for milder, harsher in pairwise(SEVERITY)
        if STRICTNESS.index(table[harsher]) < STRICTNESS.index(table[milder])
    ]


def beyond(colour: Colour, decision: Decision) -> bool:
    """Say whether a decision goes further for a colour than any table may."""
    bound = BOUNDED.get(colour, STRICTNESS[-1])
    return STRICTNESS.index(decision) > STRICTNESS.index(bound)
