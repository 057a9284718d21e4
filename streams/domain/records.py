"""What enters the journal and what leaves it: plain values, no behaviour (rules 1.2, 2.1, 6.2).

Times are whole seconds since 1970-01-01T00:00:00Z, phones are 16 bytes, hexes are H3 cells as
integers, slots are numbers by rule 1.1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Ring: TypeAlias = "tuple[tuple[float, float], ...]"
"""Closed ring of (longitude, latitude) in degrees, WGS-84; the last position repeats the first."""

Polygon: TypeAlias = "tuple[Ring, ...]"
"""Outer ring, then holes."""

Geometry: TypeAlias = "tuple[Polygon, ...]"
"""One polygon or several (rule 2.2)."""

Colour: TypeAlias = Literal["red", "yellow", "green", "unknown"]

ReasonCode: TypeAlias = Literal[
    "STAYED",
    "NEAR_BOUNDARY",
    "PASSED_THROUGH",
    "RECENT_ARRIVAL",
    "NO_SIGNAL",
    "STALE",
    "TOO_LITTLE",
    "CLEAR",
]


@dataclass(frozen=True, slots=True)
class AreaVersion:
    """One version of a risk area (rule 2.2). A withdrawn one needs no geometry."""

    id: str
    version: int
    geometry: Geometry
    from_: int
    until: int | None = None
    fringe_rings: int = 1
    withdrawn: bool = False
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One version of a decided case: what it strikes out of one phone or one hex (rule 3.1)."""

    case: str
    version: int
    phone: bytes | None
    hex: int | None
    at: int
    from_: int | None = None
    until: int | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Sightings:
    """A journal record of sightings in columns of one length (rule 2.1); `clock` by rule 1.2."""

    clock: int
    phones: Sequence[bytes]
    hexes: Sequence[int]
    slots: Sequence[int]
    coarse: Sequence[bool]


@dataclass(frozen=True, slots=True)
class TimeAdvanced:
    """Time passed; nothing was seen (rule 1.2)."""

    clock: int


@dataclass(frozen=True, slots=True)
class AreaPublished:
    """A version of an area enters the journal."""

    clock: int
    area: AreaVersion


@dataclass(frozen=True, slots=True)
class PolicyPublished:
    """A policy enters: the thresholds it names replace those in force if `version` is higher.

    `thresholds` holds values by their names in the colour rules; `jurisdiction` is a Geometry or None.
    """

    clock: int
    version: int
    thresholds: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Excluded:
    """A version of a case's exclusion enters the journal."""

    clock: int
    exclusion: Exclusion


Record: TypeAlias = "Sightings | TimeAdvanced | AreaPublished | PolicyPublished | Excluded"
"""Everything a journal partition may hold."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a colour holds (rule 6.2); the five behind `code` are null for rules 5.4, 5.5 and 5.6."""

    code: ReasonCode
    area: str | None = None
    area_version: int | None = None
    from_: int | None = None
    until: int | None = None
    dwell_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class ColourChanged:
    """A phone's colour, or what stands behind it, changed (rule 6.2)."""

    phone: bytes
    sequence: int
    previous: Colour | None
    colour: Colour
    reasons: tuple[Reason, ...]
    policy_version: int
    effective_at: int
    valid_until: int | None
    partition: int
    offset: int | None
