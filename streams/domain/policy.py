"""The thresholds of the rules, by their names there, and nothing else (rules 1.1, 1.5, 3.4).

`Policy` is a value; `Deployment` holds what a deployment fixes for good.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.domain.records import Geometry

DAY_MINUTES: Final = 1440
SLOT_LENGTHS: Final = (5, 10, 15, 30, 60)
DWELL_MODES: Final = ("continuous", "span")
MAX_RESOLUTION: Final = 15
FIXED: Final = ("slot_minutes", "resolution", "coarse_range_m")
"""Fixed for a deployment (rule 1.5): a control that changes one is refused."""


class PolicyError(ValueError):
    """A threshold is unknown or out of range; the message names it and what was expected."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The thresholds in force; the built-in defaults are version 0."""

    version: int = 0
    slot_minutes: int = 15
    resolution: int = 8
    coarse_range_m: int = 5000
    window_days: int = 14
    jump_minutes: int = 60
    jump_min_km: float = 10
    jump_speed: float = 100
    support_minutes: int = 120
    pingpong_rings: int = 2
    pingpong_minutes: int = 60
    max_gap_minutes: int = 240
    min_stay_slots: int = 3
    stay_minutes: int = 240
    dwell_mode: str = "continuous"
    timezone: str = "Asia/Shanghai"
    jurisdiction: Geometry | None = None
    jurisdiction_fringe_rings: int = 1
    absence_minutes: int = 240
    stale_minutes: int = 4320
    min_days: int = 3

    @property
    def window_slots(self) -> int:
        """W of rule 1.3, in slots."""
        return self.window_days * DAY_MINUTES // self.slot_minutes

    @property
    def day_slots(self) -> int:
        """Slots in a day of 24 hours."""
        return DAY_MINUTES // self.slot_minutes

    def merged(self, version: int, thresholds: Mapping[str, Any]) -> Policy:
        """Return this policy with the named thresholds replaced; PolicyError if one is unknown or wrong."""
        return policy_from(thresholds, version, self)


@dataclass(frozen=True, slots=True)
class Deployment:
    """What is fixed for a deployment (rule 1.5): settings, not policy."""

    retention_days: int = 14
    max_skew: int = 300
    """Seconds (rule 1.4)."""


THRESHOLDS: Final = tuple(f.name for f in fields(Policy) if f.name != "version")


def policy_from(thresholds: Mapping[str, Any], version: int, base: Policy | None = None) -> Policy:
    """Build a policy from thresholds over `base` (the built-in defaults); PolicyError names what is wrong."""
    raise NotImplementedError


def check(policy: Policy, deployment: Deployment) -> None:
    """Raise PolicyError unless the policy may come into force (rules 1.1, 1.5, 3.4)."""
    raise NotImplementedError


__all__ = [
    "DAY_MINUTES",
    "FIXED",
    "THRESHOLDS",
    "Deployment",
    "Policy",
    "PolicyError",
    "ZoneInfo",
    "ZoneInfoNotFoundError",
    "check",
    "policy_from",
    "replace",
]
