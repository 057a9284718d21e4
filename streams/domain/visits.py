"""Visits: held slots of one area, joined across short gaps (rules 4.1 to 4.4)."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streams.domain.contested import contested, inside, outside_beside
from streams.domain.diary import COARSE
from streams.domain.slots import civil_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from streams.domain.areas import Area
    from streams.domain.diary import Marks
    from streams.domain.records import ReasonCode
    from streams.domain.rules import Rules


@dataclass(slots=True)
class Visit:
    """Held slots in order, and those of them with a sighting in the area's core."""

    held: list[int] = field(default_factory=list)
    core: list[int] = field(default_factory=list)
    _kinds: list[tuple[ReasonCode, int]] | None = None

    def add(self, slot: int, *, core: bool) -> None:
        """Add a held slot later than all there are."""
        self.held.append(slot)
        if core:
            self.core.append(slot)
        self._kinds = None

    def kinds(self, rules: Rules) -> list[tuple[ReasonCode, int]]:
        """Return each kind of rule 4.3 with the slot that carries it, harshest first, by its own rules.

        The visit is of that kind until that slot leaves the window: the window takes slots from the left,
        so what is left of a visit is always one visit, and a stay as long as its last slots make one.
        """
        if self._kinds is not None:
            return self._kinds
        stay = carrier(self.core, rules.spans.stay, rules.policy.min_stay_slots)
        near = carrier(self.held, rules.spans.stay, 1)
        found: list[tuple[ReasonCode, int]] = []
        if stay is not None:
            found.append(("STAYED", stay))
        if near is not None:
            found.append(("NEAR_BOUNDARY", near))
        if self.core:
            found.append(("PASSED_THROUGH", self.core[-1]))
        self._kinds = found
        return found


def carrier(slots: Sequence[int], length: int, least: int) -> int | None:
    """Return the latest slot from which the rest spans `length` with `least` slots, None if none does."""
    if not slots:
        return None
    index = min(bisect_right(slots, slots[-1] - length), len(slots) - least + 1) - 1
    return slots[index] if index >= 0 else None


def extend(
    rules: Rules, area: Area, observed: Mapping[int, Marks], slots: Iterable[int], kept: list[Visit]
) -> list[Visit]:
    """Add the held slots among `slots` (in order, later than all in `kept`) to an area's visits."""
    visits = kept
    for slot in slots:
        marks = inside(area, observed[slot], slot)
        if not marks or contested(rules, area, observed, slot):
            continue
        if not visits or not joined(rules, area, observed, visits[-1].held[-1], slot):
            visits.append(Visit())
        visits[-1].add(slot, core=any(not mark & COARSE and mark >> 1 in area.core for mark in marks))
    return visits


def until(visits: list[Visit], cut: int) -> list[Visit]:
    """Return what the visits are without the slots after `cut`."""
    left = [visit for visit in visits if visit.held[0] <= cut]
    if left and left[-1].held[-1] > cut:
        last = left[-1]
        left[-1] = Visit(
            last.held[: bisect_right(last.held, cut)],
            last.core[: bisect_right(last.core, cut)],
        )
    return left


def joined(rules: Rules, area: Area, observed: Mapping[int, Marks], before: int, after: int) -> bool:
    """Say whether two consecutive held slots belong to one visit (rule 4.1, or 4.4 in span mode)."""
    policy = rules.policy
    if policy.dwell_mode == "span":
        first, second = (civil_day(s, policy.slot_minutes, policy.timezone) for s in (before, after))
        return first == second
    if after - before > rules.spans.gap:
        return False
    between = [slot for slot in range(before, after + 1) if slot in observed]
    aways = [away(rules, area, observed, slot) for slot in between]
    return all(
        not is_away
        or (
            not aways[i - 1]
            and not aways[i + 1]
            and flapped(rules, area, observed, between[i], before, after)
        )
        for i, is_away in enumerate(aways)
    )


def away(rules: Rules, area: Area, observed: Mapping[int, Marks], slot: int) -> bool:
    """Say whether an observed slot is away from the area (rule 4.1)."""
    if all(rules.outside(area, mark >> 1, slot) for mark in observed[slot]):
        return True
    return contested(rules, area, observed, slot)


def flapped(
    rules: Rules, area: Area, observed: Mapping[int, Marks], slot: int, before: int, after: int
) -> bool:
    """Say whether an away slot between two held ones is near enough, in time and place, to be a flap."""
    reach = rules.spans.pingpong
    if slot - before > reach or after - slot > reach:
        return False
    if contested(rules, area, observed, slot):
        return True
    cells = [mark >> 1 for end in (before, after) for mark in inside(area, observed[end], end)]
    return outside_beside(rules, area, observed[slot], slot, cells)
