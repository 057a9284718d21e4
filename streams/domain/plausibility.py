"""Implausible sightings: two places too far apart for the time between them (rule 3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.domain.hexes import distance_m

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from streams.domain.diary import Marks
    from streams.domain.rules import Rules


def conflict(rules: Rules, apart: int, one: int, other: int) -> bool:
    """Say whether sightings of two hexes, `apart` slots from each other, conflict."""
    if one == other or apart > rules.spans.jump:
        return False
    policy = rules.policy
    metres = distance_m(one, other)
    seconds = (apart + 1) * policy.slot_minutes * 60
    return metres >= policy.jump_min_km * 1000 and metres > policy.jump_speed * seconds


def support(rules: Rules, diary: Mapping[int, Marks], slot: int, cell: int) -> int:
    """Count the slots around `slot` in which the phone was seen within jump_min_km of a hex."""
    near_m = rules.policy.jump_min_km * 1000
    reach = rules.spans.support
    return sum(
        any(distance_m(mark >> 1, cell) <= near_m for mark in diary.get(t, ()))
        for t in range(slot - reach, slot + reach + 1)
    )


def opponents(rules: Rules, diary: Mapping[int, Marks], slot: int, cell: int) -> Iterator[tuple[int, int]]:
    """Yield (slot, hex) of the sightings that conflict with one."""
    reach = rules.spans.jump
    for t in range(slot - reach, slot + reach + 1):
        for mark in diary.get(t, ()):
            if conflict(rules, abs(t - slot), cell, mark >> 1):
                yield t, mark >> 1


class Plausibility:
    """Rule 3.2 for one diary as it stands; what a sighting's support is, is counted once."""

    def __init__(self, rules: Rules, diary: Mapping[int, Marks]) -> None:
        self._rules, self._diary = rules, diary
        self._supports: dict[tuple[int, int], int] = {}

    def left(self, slot: int) -> Marks:
        """Return what rule 3.2 leaves of a slot's sightings."""
        return tuple(mark for mark in self._diary.get(slot, ()) if not self._implausible(slot, mark >> 1))

    def _implausible(self, slot: int, cell: int) -> bool:
        """Say whether a sighting conflicts with one that has at least its support."""
        return any(
            self._support(t, other) >= self._support(slot, cell)
            for t, other in opponents(self._rules, self._diary, slot, cell)
        )

    def _support(self, slot: int, cell: int) -> int:
        known = self._supports.get((slot, cell))
        if known is None:
            known = self._supports[slot, cell] = support(self._rules, self._diary, slot, cell)
        return known
