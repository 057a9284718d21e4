"""Absences from the jurisdiction: runs of observed slots far from it (rule 5.4)."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from streams.domain.visits import carrier

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streams.domain.diary import Marks
    from streams.domain.rules import Rules

Absence = list[int]
"""Consecutive observed slots whose plausible sightings are all absent."""


def extend(
    rules: Rules,
    observed: Mapping[int, Marks],
    slots: Iterable[int],
    kept: list[Absence],
    previous: int | None,
) -> list[Absence]:
    """Add the absent slots among `slots` to the absences; `previous` is the observed slot before them."""
    absences = kept
    for slot in slots:
        if all(rules.is_absent(mark >> 1) for mark in observed[slot]):
            if not absences or absences[-1][-1] != previous:
                absences.append([])
            absences[-1].append(slot)
        previous = slot
    return absences


def until(absences: list[Absence], cut: int) -> list[Absence]:
    """Return what the absences are without the slots after `cut`."""
    left = [absence for absence in absences if absence[0] <= cut]
    if left:
        left[-1] = left[-1][: bisect_right(left[-1], cut)]
    return left


def arrival(
    rules: Rules, observed: Mapping[int, Marks], absences: list[Absence], latest: int | None
) -> int | None:
    """Return the slot that carries RECENT_ARRIVAL until it leaves the window, None where it does not hold."""
    if rules.jurisdiction is None or latest is None:
        return None
    if not any(mark >> 1 in rules.jurisdiction.cells for mark in observed[latest]):
        return None
    carriers = [carrier(run, rules.spans.absence, rules.policy.min_stay_slots) for run in absences]
    return max((slot for slot in carriers if slot is not None), default=None)
