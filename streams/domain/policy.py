"""The thresholds of the rules, by their names there, and nothing else (rules 1.1, 1.5, 3.4).

`Policy` is a value; `Deployment` holds what a deployment fixes for good.
"""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from streams.domain.hexes import GeometryError, cells_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from streams.domain.records import Geometry

DAY_MINUTES: Final = 1440
SLOT_LENGTHS: Final = (5, 10, 15, 30, 60)
DWELL_MODES: Final = ("continuous", "span")
FINEST: Final = 15
MOST: Final = 1_000_000_000
"""The largest threshold of any kind: what is beyond it is a slip."""
MOST_RINGS: Final = 50
MOST_VERSION: Final = (1 << 63) - 1
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

    def thresholds(self) -> dict[str, Any]:
        """Return all thresholds by their names: a whole policy without its version."""
        return {name: getattr(self, name) for name in THRESHOLDS}


@dataclass(frozen=True, slots=True)
class Deployment:
    """What is fixed for a deployment (rule 1.5): settings, not policy."""

    retention_days: int = 14
    max_skew: int = 300
    """Seconds (rule 1.4)."""


THRESHOLDS: Final = tuple(f.name for f in fields(Policy) if f.name != "version")
_REALS: Final = ("jump_min_km", "jump_speed")
_TEXTS: Final = ("dwell_mode", "timezone")


def unknown(name: str, known: Sequence[str]) -> PolicyError:
    """Return the error about a key that is none of a policy's."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)[0]
    return PolicyError(f"unknown policy key {name!r}; the nearest known one is {near!r}")


def policy_from(thresholds: Mapping[str, Any], version: int, base: Policy | None = None) -> Policy:
    """Build a policy from thresholds over `base` (the built-in defaults); PolicyError names what is wrong."""
    for name, value in thresholds.items():
        if name not in THRESHOLDS:
            raise unknown(name, THRESHOLDS)
        _check_type(name, value)
    if not 0 <= _whole("version", version) <= MOST_VERSION:
        raise PolicyError(f"version: expected 0 to {MOST_VERSION}, found {version}")
    return replace(base or Policy(), version=version, **thresholds)


def check(policy: Policy, deployment: Deployment) -> None:
    """Raise PolicyError unless the policy may come into force (rules 1.1, 1.5, 3.4)."""
    for name in THRESHOLDS:
        value = getattr(policy, name)
        if isinstance(value, int | float) and not 0 <= value <= MOST:
            raise PolicyError(f"{name}: expected 0 to {MOST}, found {value!s:.40}")
    for name, holds, expected in _LIMITS:
        if not holds(policy):
            raise PolicyError(f"{name}: expected {expected}, found {getattr(policy, name)!r}")
    if policy.window_days > deployment.retention_days:
        raise PolicyError(
            f"window_days: expected at most retention_days ({deployment.retention_days}), "
            f"found {policy.window_days}"
        )
    discounting = policy.jump_minutes + policy.support_minutes + policy.pingpong_minutes
    if discounting > DAY_MINUTES:
        raise PolicyError(
            f"jump_minutes + support_minutes + pingpong_minutes: expected at most {DAY_MINUTES}, "
            f"found {discounting}"
        )
    _check_timezone(policy.timezone)
    if policy.jurisdiction is not None:
        try:
            cells_of(policy.jurisdiction, policy.resolution)
        except GeometryError as error:
            raise PolicyError(f"jurisdiction: its polygon is {error}") from None


def merged(policy: Policy, version: int, thresholds: Mapping[str, Any], deployment: Deployment) -> Policy:
    """Return `policy` with thresholds replaced; PolicyError if it may not come into force (rule 1.5)."""
    new = policy_from(thresholds, version, policy)
    for name in FIXED:
        if getattr(new, name) != getattr(policy, name):
            raise PolicyError(f"{name}: fixed for this deployment at {getattr(policy, name)!r}")
    check(new, deployment)
    return new


_LIMITS: Final[tuple[tuple[str, Callable[[Policy], bool], str], ...]] = (
    ("slot_minutes", lambda p: p.slot_minutes in SLOT_LENGTHS, "one of 5, 10, 15, 30, 60"),
    ("resolution", lambda p: p.resolution <= FINEST, f"0 to {FINEST}"),
    ("window_days", lambda p: p.window_days >= 1, "1 or more"),
    ("min_stay_slots", lambda p: p.min_stay_slots >= 1, "1 or more"),
    ("min_days", lambda p: p.min_days <= p.window_days, "at most window_days"),
    ("pingpong_rings", lambda p: p.pingpong_rings <= MOST_RINGS, f"at most {MOST_RINGS}"),
    (
        "jurisdiction_fringe_rings",
        lambda p: p.jurisdiction_fringe_rings <= MOST_RINGS,
        f"at most {MOST_RINGS}",
    ),
    ("dwell_mode", lambda p: p.dwell_mode in DWELL_MODES, "'continuous' or 'span'"),
)


def _check_type(name: str, value: object) -> None:
    if name in _TEXTS:
        if not isinstance(value, str):
            raise PolicyError(f"{name}: expected text, found {value!r}")
    elif name in _REALS:
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < math.inf:
            raise PolicyError(f"{name}: expected a number, found {value!r}")
    elif name == "jurisdiction":
        if value is not None and not isinstance(value, tuple):
            raise PolicyError(f"{name}: expected a geometry, found {value!r}")
    else:
        _whole(name, value)


def _whole(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise PolicyError(f"{name}: expected a whole number, found {value!r}")
    return value


def _check_timezone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PolicyError(f"timezone: expected a name of the IANA database, found {name!r}") from None
