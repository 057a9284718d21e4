"""What is in force: a policy with its thresholds in slots, the areas and the jurisdiction it judges by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streams.domain import hexes
from streams.domain.areas import Area, by_hex, prepared, put, take_out
from streams.domain.policy import DAY_MINUTES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.domain.policy import Deployment, Policy
    from streams.domain.records import AreaVersion


@dataclass(frozen=True, slots=True)
class Spans:
    """A policy's lengths of time, counted in slots."""

    window: int
    day: int
    jump: int
    support: int
    pingpong: int
    gap: int
    stay: int
    absence: int
    stale: int
    """The last slot, counted from the latest observed one, that is not stale (rule 5.5)."""

    @classmethod
    def of(cls, policy: Policy) -> Spans:
        """Count in slots: "at most m minutes apart" rounds down, "at least m minutes" up."""
        length = policy.slot_minutes
        return cls(
            window=policy.window_days * DAY_MINUTES // length,
            day=DAY_MINUTES // length,
            jump=policy.jump_minutes // length,
            support=policy.support_minutes // length,
            pingpong=policy.pingpong_minutes // length,
            gap=policy.max_gap_minutes // length,
            stay=-(-policy.stay_minutes // length),
            absence=-(-policy.absence_minutes // length),
            stale=policy.stale_minutes // length,
        )


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """S(J) and what lies within its fringe (rule 5.4)."""

    cells: frozenset[int]
    home: frozenset[int]

    @classmethod
    def of(cls, policy: Policy) -> Jurisdiction | None:
        """Return the policy's jurisdiction, None where it has none."""
        if policy.jurisdiction is None:
            return None
        cells = hexes.cells_of(policy.jurisdiction, policy.resolution)
        return cls(cells, hexes.surrounded(cells, policy.jurisdiction_fringe_rings))


@dataclass(slots=True)
class Rules:
    """Everything an assessment needs beside the diary."""

    policy: Policy
    spans: Spans
    areas: dict[str, Area]
    by_hex: dict[int, tuple[Area, ...]]
    jurisdiction: Jurisdiction | None
    reach_m: float
    """Two hexes nearer than this never conflict, whatever the slots (rule 3.2)."""
    retained: int
    """Slots of retention and context (rule 1.5)."""
    plain: set[int] = field(default_factory=set)
    """Hexes met so far that touch neither an area nor an absence: a memory, not a rule."""

    @classmethod
    def of(cls, policy: Policy, versions: Iterable[AreaVersion], deployment: Deployment) -> Rules:
        """Make the rules for a policy and the area versions in force, withdrawn ones included."""
        areas = {v.id: prepared(v, policy) for v in versions if not v.withdrawn}
        spans = Spans.of(policy)
        return cls(
            policy=policy,
            spans=spans,
            areas=areas,
            by_hex=by_hex(areas),
            jurisdiction=Jurisdiction.of(policy),
            reach_m=max(policy.jump_min_km * 1000, policy.jump_speed * policy.slot_minutes * 60),
            retained=(deployment.retention_days + 1) * spans.day,
        )

    def is_plain(self, cell: int) -> bool:
        """Say whether a sighting there can concern rules 5.5 and 5.6 alone."""
        if cell in self.plain:
            return True
        if cell in self.by_hex or self.is_absent(cell):
            return False
        self.plain.add(cell)
        return True

    def is_absent(self, cell: int) -> bool:
        """Say whether a sighting there is away from the jurisdiction and its fringe (rule 5.4)."""
        return self.jurisdiction is not None and cell not in self.jurisdiction.home

    def outside(self, area: Area, cell: int, slot: int) -> bool:
        """Say whether a sighting is outside an area (rule 2.3)."""
        if cell in area.cells:
            return False
        if cell not in area.near:
            return True
        return not any(other.has(cell, slot) for other in self.by_hex.get(cell, ()))

    def replaced(self, version: AreaVersion) -> None:
        """Put one area's new version in the place of its old one (rule 2.2)."""
        before = self.areas.pop(version.id, None)
        if before is not None:
            take_out(self.by_hex, before)
        if not version.withdrawn:
            area = self.areas[version.id] = prepared(version, self.policy)
            put(self.by_hex, area)
        self.plain.clear()
