"""Contested slots and the visits of one phone to one area (rules 3.3 and 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.naive.place import disk

if TYPE_CHECKING:
    from streams.domain.records import AreaVersion, ReasonCode
    from tests.naive.seen import Sighting, Standing


class Visits:
    """One phone, one area, one moment; `at` are the observed slots of window and context."""

    def __init__(self, area: AreaVersion, at: dict[int, set[Sighting]], n: int, standing: Standing) -> None:
        self.area, self.at, self.n, self.standing = area, at, n, standing

    def inside(self, slot: int) -> list[Sighting]:
        return [x for x in self.at[slot] if self.standing.is_in(self.area, x)]

    def outside(self, slot: int) -> list[Sighting]:
        return [x for x in self.at[slot] if self.standing.is_outside(self.area, x)]

    def near(self, slot: int, cell: int) -> bool:
        """The slot has an outside-A sighting within pingpong_rings of the cell."""
        reach = disk(cell, self.standing.policy.pingpong_rings)
        return any(y.hex in reach for y in self.outside(slot))

    def neighbours(self, slot: int) -> list[int]:
        """The nearest observed slots before and after, as far as they exist."""
        return [t for t in self.at if t < slot][-1:] + [t for t in self.at if t > slot][:1]

    def is_contested(self, slot: int) -> bool:
        """Rule 3.3."""
        inside = self.inside(slot)
        return inside != [] and all(self.flaps(x) for x in inside)

    def flaps(self, x: Sighting) -> bool:
        if self.near(x.slot, x.hex):
            self.standing.tally["contested in its own slot"] += 1
            return True
        limit = self.standing.policy.pingpong_minutes
        around = [t for t in self.neighbours(x.slot) if self.standing.minutes(t, x.slot) <= limit]
        if around and all(self.near(t, x.hex) for t in around):
            self.standing.tally["contested by its neighbours"] += 1
            return True
        return False

    def is_held(self, slot: int) -> bool:
        """Rule 4.1."""
        return self.inside(slot) != [] and not self.is_contested(slot)

    def is_away(self, slot: int) -> bool:
        """Rule 4.1."""
        if slot not in self.at:
            return False
        return self.is_contested(slot) or len(self.outside(slot)) == len(self.at[slot])

    def is_forgiven(self, slot: int, a: int, b: int) -> bool:
        """Rule 4.1; `slot` is away and lies strictly between the held slots a and b."""
        if any(self.is_away(t) for t in self.neighbours(slot)):
            return False
        limit = self.standing.policy.pingpong_minutes
        if self.standing.minutes(a, slot) > limit or self.standing.minutes(slot, b) > limit:
            return False
        if self.is_contested(slot):
            self.standing.tally["forgiven as contested"] += 1
            return True
        if any(self.near(slot, x.hex) for x in self.inside(a) + self.inside(b)):
            self.standing.tally["forgiven as near"] += 1
            return True
        return False

    def one_visit(self, a: int, b: int) -> bool:
        """Rule 4.1, or 4.4; a and b are consecutive held slots."""
        if self.standing.policy.dwell_mode == "span":
            return self.standing.civil_day(a) == self.standing.civil_day(b)
        if self.standing.minutes(a, b) > self.standing.policy.max_gap_minutes:
            return False
        away = [t for t in self.at if a < t < b and self.is_away(t)]
        return all(self.is_forgiven(t, a, b) for t in away)

    def of_window(self) -> list[list[int]]:
        """The held slots of the window, in order, cut into visits."""
        held = [t for t in self.at if t > self.n - self.standing.window() and self.is_held(t)]
        visits: list[list[int]] = []
        for slot in held:
            if visits and self.one_visit(visits[-1][-1], slot):
                visits[-1].append(slot)
            else:
                visits.append([slot])
        return visits

    def dwell(self, slots: list[int]) -> int:
        """Rule 4.2, in minutes."""
        return self.standing.minutes(slots[0], slots[-1]) if slots else 0

    def meaning(self, visit: list[int]) -> ReasonCode | None:
        """Rule 4.3: what the visit is; None for evidence only."""
        policy = self.standing.policy
        core = [t for t in visit if any(self.standing.is_in_core(self.area, x) for x in self.at[t])]
        if len(core) >= policy.min_stay_slots and self.dwell(core) >= policy.stay_minutes:
            return "STAYED"
        if self.dwell(visit) >= policy.stay_minutes:
            return "NEAR_BOUNDARY"
        if core:
            return "PASSED_THROUGH"
        self.standing.tally["evidence only"] += 1
        return None
