"""What is known of one person: their phones' reasons, kept ones, a declaration, no phone (rule 12.2).

Times are whole seconds since 1970-01-01T00:00:00Z.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from streams.domain.colours import COLOURS, SEVERITY
from streams.domain.records import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.domain.records import Colour

Origin: TypeAlias = Literal["signal", "kept", "declaration"]
"""Where a reason comes from: a phone held, a phone no longer held (rule 10.2), or what somebody says."""

Speaker: TypeAlias = Literal["self", "proxy", "office"]
"""Who said it: the person, a proxy (rule 11.4), or the person at an office whose worker wrote it down."""

Ground: TypeAlias = tuple[str, str | None]
"""What a human has found, or asks about: a reason's code and the area's id."""

NO_SIGNAL: Final = (Reason("NO_SIGNAL"),)
"""The reasons of a phone without a change event (rule 6.1)."""


@dataclass(frozen=True, slots=True)
class Signal:
    """A phone that a person holds, by its last change event."""

    reasons: tuple[Reason, ...] = NO_SIGNAL
    since: int | None = None
    """The event's `effective_at`; None for a phone without one."""
    manual: bool = False
    """Bound by hand and not yet confirmed: a lead (rule 10.3)."""

    @property
    def observed(self) -> bool:
        """Say whether the phone has an observed slot in the window (rule 5.5)."""
        return any(reason.code != "NO_SIGNAL" for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a phone no longer held leaves behind with its last holder (rule 10.2)."""

    reasons: tuple[Reason, ...]
    since: int | None
    until: int | None
    """The `valid_until` known when it was given up; the first second at which it no longer counts."""
    manual: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """A declaration's reasons by the areas now in force (rule 11.1)."""

    reasons: tuple[Reason, ...]
    at: int
    by: Speaker = "self"


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a person's colour is worked out from."""

    phones: tuple[Signal, ...] = ()
    kept: tuple[Kept, ...] = ()
    declared: Claim | None = None
    no_phone: bool = False
    """A community worker has recorded `NO_PHONE`."""
    confirmed: frozenset[Ground] = frozenset()
    """The red reasons that a human has found confirmed; every other red is a lead (rule 15.2)."""


def severity(colour: Colour) -> int:
    """Return how harsh a colour is beside others (rule 5.7)."""
    return SEVERITY.index(colour)


def worst(colours: Iterable[Colour]) -> Colour:
    """Return the harshest colour of rule 5.7; unknown where there is none."""
    return max(colours, key=SEVERITY.index, default="unknown")


def colour_of(reasons: Iterable[Reason]) -> Colour:
    """Return the colour that reasons amount to (rules 5.1 to 5.8)."""
    return worst(COLOURS[reason.code] for reason in reasons)


def accuses(reason: Reason) -> bool:
    """Say whether a reason is one of rules 5.1, 5.2 and 5.4."""
    return COLOURS[reason.code] in {"red", "yellow"}
