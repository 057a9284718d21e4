"""What one phone's diary says at one slot: discounting and the relation to areas (rules 2.3 and 3)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from tests.naive.place import cells_of, core_of, disk, kilometres

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable

    from streams.domain.policy import Policy
    from streams.domain.records import AreaVersion, Exclusion


class Sighting(NamedTuple):
    hex: int
    slot: int
    coarse: bool


@dataclass(frozen=True)
class Standing:
    """What is in force: the policy, the areas not withdrawn, the exclusions not withdrawn."""

    policy: Policy
    areas: tuple[AreaVersion, ...]
    exclusions: tuple[Exclusion, ...]
    tally: Counter[str]

    def minutes(self, one: int, other: int) -> int:
        return abs(one - other) * self.policy.slot_minutes

    def start_of(self, slot: int) -> int:
        return slot * self.policy.slot_minutes * 60

    def civil_day(self, slot: int) -> int:
        """Rule 4.4: a slot belongs to the day in which it starts."""
        zone = ZoneInfo(self.policy.timezone)
        return datetime.fromtimestamp(self.start_of(slot), zone).date().toordinal()

    def window(self) -> int:
        return self.policy.window_days * 1440 // self.policy.slot_minutes

    def day(self) -> int:
        return 1440 // self.policy.slot_minutes

    def is_struck_out(self, phone: bytes, sighting: Sighting) -> bool:
        """Rule 3.1."""
        start = self.start_of(sighting.slot)
        for decided in self.exclusions:
            if phone != decided.phone and sighting.hex != decided.hex:
                continue
            until = decided.at if decided.until is None else min(decided.until, decided.at)
            if (decided.from_ is None or decided.from_ <= start) and start < until:
                self.tally["struck out by " + ("phone" if decided.phone is not None else "hex")] += 1
                return True
        return False

    def is_in(self, area: AreaVersion, sighting: Sighting) -> bool:
        """Rule 2.3."""
        start = self.start_of(sighting.slot)
        return (
            sighting.hex in cells_of(area.geometry, self.policy.resolution)
            and area.from_ <= start
            and (area.until is None or start < area.until)
        )

    def is_in_core(self, area: AreaVersion, sighting: Sighting) -> bool:
        """Rule 2.3."""
        core = core_of(area.geometry, self.policy.resolution, area.fringe_rings)
        if self.is_in(area, sighting) and sighting.hex in core and sighting.coarse:
            self.tally["coarse in a core"] += 1
        return self.is_in(area, sighting) and sighting.hex in core and not sighting.coarse

    def is_outside(self, area: AreaVersion, sighting: Sighting) -> bool:
        """Rule 2.3."""
        inside = cells_of(area.geometry, self.policy.resolution)
        if sighting.hex in inside:
            return False
        in_another = any(other.id != area.id and self.is_in(other, sighting) for other in self.areas)
        if in_another and disk(sighting.hex, self.policy.pingpong_rings) & inside:
            self.tally["hidden by an adjoining area"] += 1
            return False
        return True


def plausible_slots(
    diary: Iterable[Sighting], phone: bytes, n: int, standing: Standing
) -> dict[int, set[Sighting]]:
    """The observed slots of window and context, each with its plausible sightings (1.3, 3.1, 3.2)."""
    oldest = n - standing.window() - standing.day()
    left = [x for x in diary if oldest < x.slot <= n and not standing.is_struck_out(phone, x)]
    at: dict[int, set[Sighting]] = defaultdict(set)
    for x in left:
        if is_implausible(x, left, standing):
            standing.tally["implausible"] += 1
        else:
            at[x.slot].add(x)
    return dict(sorted(at.items()))


def is_implausible(x: Sighting, left: list[Sighting], standing: Standing) -> bool:
    """Rule 3.2; `left` is what 3.1 leaves."""
    return any(
        conflict(x, y, standing) and support(y, left, standing) >= support(x, left, standing) for y in left
    )


def conflict(x: Sighting, y: Sighting, standing: Standing) -> bool:
    policy = standing.policy
    apart = kilometres(x.hex, y.hex)
    seconds = (abs(x.slot - y.slot) + 1) * policy.slot_minutes * 60
    return (
        standing.minutes(x.slot, y.slot) <= policy.jump_minutes
        and apart >= policy.jump_min_km
        and apart * 1000 > policy.jump_speed * seconds
    )


def support(x: Sighting, left: list[Sighting], standing: Standing) -> int:
    policy = standing.policy
    return len(
        {
            y.slot
            for y in left
            if standing.minutes(x.slot, y.slot) <= policy.support_minutes
            and kilometres(x.hex, y.hex) <= policy.jump_min_km
        }
    )
