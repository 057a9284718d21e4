"""A policy, its slots' civil days, and the room that judging takes, as compiled code reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from streams.domain.slots import civil_day
from streams.window.gathering import Scratch
from streams.window.settled import WIDTH
from streams.window.shapes import Chords, Days, Limits, Strikes
from streams.window.signals import Room
from streams.window.sphere import SLACK, chord_of
from streams.window.visiting import KINDS, Found
from streams.window.world import Judged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.domain.exclusions import Strike
    from streams.domain.policy import Policy
    from streams.domain.rules import Rules

FAR: Final = 1 << 62


def limits_of(rules: Rules) -> Limits:
    """Return the limits of the rules in force."""
    policy, spans = rules.policy, rules.spans
    return Limits(
        window=spans.window,
        day=spans.day,
        jump=spans.jump,
        support=spans.support,
        pingpong=spans.pingpong,
        gap=spans.gap,
        stay=spans.stay,
        absence=spans.absence,
        stale=spans.stale,
        least_slots=policy.min_stay_slots,
        least_days=policy.min_days,
        jurisdiction=rules.jurisdiction is not None,
        span=policy.dwell_mode == "span",
        jump_min_m=float(policy.jump_min_km * 1000),
        jump_speed=float(policy.jump_speed),
        slot_seconds=policy.slot_minutes * 60,
        near_chord=chord_of(policy.jump_min_km * 1000) * (1 + 2 * SLACK),
        reach_chord=chord_of(rules.reach_m) * (1 - 2 * SLACK),
        half_chord=chord_of(rules.reach_m / 2) * (1 - 2 * SLACK),
    )


def chords_of(rules: Rules) -> Chords:
    """Return the chords of rule 3.2's distances by slots apart."""
    policy = rules.policy
    slot = policy.slot_minutes * 60
    arcs = [
        max(policy.jump_min_km * 1000, policy.jump_speed * (apart + 1) * slot)
        for apart in range(rules.spans.jump + 1)
    ]
    chords = np.array([chord_of(arc) for arc in arcs])
    return Chords(chords * (1 - 2 * SLACK), chords * (1 + 2 * SLACK))


def strikes_of(strikes: Mapping[int, list[Strike]]) -> Strikes:
    """Return what cases strike out, by row."""
    rows = [(of, max(first, -FAR), end) for of, several in strikes.items() for first, end in several]
    columns = np.array(rows or np.zeros((0, 3)), np.int64).T.copy()
    return Strikes(*columns)


class CivilDays:
    """The civil days of the slots that are kept."""

    def __init__(self) -> None:
        self._for: tuple[int, str] | None = None
        self.days = Days(0, np.zeros(0, np.int32))

    def cover(self, policy: Policy, first: int, last: int) -> None:
        """Make sure that `days` covers the slots from `first` to `last`."""
        known, length = self.days, policy.slot_minutes
        if (
            self._for == (length, policy.timezone)
            and known.first <= first
            and last < known.first + len(known.day)
        ):
            return
        last += (last - first) // 8
        days = [civil_day(slot, length, policy.timezone) for slot in range(first, last + 1)]
        self.days = Days(first, np.array(days, np.int32))
        self._for = length, policy.timezone


def room(pairs: int, areas: int, day: int, days: int) -> Room:
    """Return room for phones of up to so many pairs, for so many areas, slots a day and civil days."""

    def of(count: int, kind: type = np.int64) -> np.ndarray[tuple[int], np.dtype[np.generic]]:
        return np.zeros(count, kind)

    return Room(
        Scratch(
            slots=of(pairs),
            marks=of(pairs),
            support=of(pairs),
            dropped=of(pairs, np.bool_),
            seen=of(pairs),
            first=of(pairs + 1),
            inside=of(pairs, np.int8),
            contested=of(pairs, np.bool_),
            held=of(pairs),
            core=of(pairs),
            areas=of(areas),
            met=of(areas, np.bool_),
            counts=of(day + 2),
        ),
        Found(of(KINDS), of(KINDS), of(KINDS), of(1)),
        of(days + 1),
        of(days + 1),
        of(WIDTH),
        of(WIDTH),
    )


def judged(rows: int, items: int) -> Judged:
    """Return room for so many phones that changed, and their items."""
    return Judged(
        phone=np.empty(rows, np.int64),
        base=np.empty(rows, np.int64),
        lasts=np.empty(rows, np.int64),
        start=np.zeros(rows + 1, np.int64),
        items=np.empty(items, np.int64),
        first=np.empty(items, np.int64),
        last=np.empty(items, np.int64),
    )
