"""The thresholds of people's rules, by their names there; they stand in the same policies as the colours'."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from streams.domain import policy as colours
from streams.domain.policy import MOST, PolicyError, unknown
from streams.people.codes.limits import Limits, LimitsError
from streams.people.strictness import DEFAULT, GatePolicy, faults

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.domain.records import Colour
    from streams.people.strictness import Decision

_LIMITS: Final = Limits()
"""Rule 13's own, which a verifier goes by that knows no policy."""


@dataclass(frozen=True, slots=True)
class PeoplePolicy:
    """The thresholds in force; the built-in defaults are version 0.

    What a policy leaves out is the default.
    """

    version: int = 0
    max_corrections: int = 1
    """Milder corrections in 14 days (rule 11.3)."""
    appeal_hours: int = 48
    """Hours in which a milder correction is looked at, and an appeal decided (rules 11.3, 16.1)."""
    max_dependants: int = 5
    """People a proxy acts for (rule 11.4)."""
    signal_required: bool = True
    """Whether a declaration alone is never green (rule 12.2)."""
    gate_green: Decision = DEFAULT["green"]
    gate_yellow: Decision = DEFAULT["yellow"]
    gate_unknown: Decision = DEFAULT["unknown"]
    gate_red: Decision = DEFAULT["red"]
    """What a gate decides, by colour (rule 12.3)."""
    live_minutes: int = _LIMITS.live_minutes
    paper_hours: int = _LIMITS.paper_hours
    clock_leeway: int = _LIMITS.clock_leeway
    revocations_max_age: int = _LIMITS.revocations_max_age
    itinerary_minutes: int = 240
    """The shortest visit that an itinerary names (rule 14.1)."""
    ack_hours: int = 4
    """Hours in which a referral is acknowledged (rule 15.1)."""

    def thresholds(self) -> dict[str, Any]:
        """Return all thresholds as they stand on the topic, whose schema has numbers for true and false."""
        found = {name: getattr(self, name) for name in NAMES}
        return found | {"signal_required": int(self.signal_required)}

    def limits(self) -> Limits:
        """Return what rule 13 says of codes and passes."""
        return Limits(self.live_minutes, self.paper_hours, self.clock_leeway, self.revocations_max_age)

    def gate(self) -> GatePolicy:
        """Return the table of the gates (rule 12.3)."""
        table: dict[Colour, Decision] = {
            "green": self.gate_green,
            "yellow": self.gate_yellow,
            "unknown": self.gate_unknown,
            "red": self.gate_red,
        }
        return GatePolicy(self.version, table, self.signal_required)


DEFAULTS: Final = PeoplePolicy()
NAMES: Final = tuple(each.name for each in fields(PeoplePolicy) if each.name != "version")
_DECISIONS: Final = tuple(name for name in NAMES if name.startswith("gate_"))


def divided(thresholds: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a policy's thresholds of colours and those of people; PolicyError for a name of neither."""
    known = (*colours.THRESHOLDS, *NAMES)
    for name in thresholds:
        if name not in known:
            raise unknown(name, known)
    ours = {name: value for name, value in thresholds.items() if name in NAMES}
    return {name: value for name, value in thresholds.items() if name not in ours}, ours


def people_policy(thresholds: Mapping[str, Any], version: int) -> PeoplePolicy:
    """Return a policy of people's thresholds alone; PolicyError names what is wrong and what was expected."""
    values = {name: _value(name, value) for name, value in thresholds.items()}
    found = PeoplePolicy(version, **values)
    try:
        found.limits()
    except LimitsError as error:
        raise PolicyError(str(error)) from None
    for fault in faults(found.gate().table):
        raise PolicyError(f"gate_{fault}")
    return found


def _value(name: str, value: object) -> Any:
    if name in _DECISIONS:
        if not isinstance(value, str):
            raise PolicyError(f"{name}: expected text, found {value!r}")
        return value
    if name == "signal_required":
        if value not in (0, 1):
            raise PolicyError(f"{name}: expected true or false, found {value!r}")
        return bool(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
        raise PolicyError(f"{name}: expected a whole number of 0 to {MOST}, found {value!s:.40}")
    return value
