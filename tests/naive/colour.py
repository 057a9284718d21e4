"""The colour of one phone at one slot, from its diary and what is in force (rules 5 and 6.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.domain.records import Reason
from tests.naive.place import cells_of, disk
from tests.naive.seen import plausible_slots
from tests.naive.visits import Visits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.domain.records import Colour, Geometry
    from tests.naive.seen import Sighting, Standing

ORDER: Final = (
    "STAYED",
    "NEAR_BOUNDARY",
    "PASSED_THROUGH",
    "RECENT_ARRIVAL",
    "STALE",
    "TOO_LITTLE",
    "NO_SIGNAL",
    "CLEAR",
)
MILDER_COLOURS: Final[dict[Colour, tuple[Colour, ...]]] = {
    "red": ("yellow", "unknown", "green"),
    "yellow": ("unknown", "green"),
    "unknown": ("green",),
    "green": (),
}
"""Rule 5.7."""


def assess(
    diary: Iterable[Sighting], phone: bytes, n: int, standing: Standing
) -> tuple[Colour, tuple[Reason, ...]]:
    at = plausible_slots(diary, phone, n, standing)
    reasons = area_reasons(at, n, standing)
    in_window = {slot: seen for slot, seen in at.items() if slot > n - standing.window()}
    home = standing.policy.jurisdiction
    if home is not None and is_recent_arrival(in_window, home, standing):
        reasons.append(Reason("RECENT_ARRIVAL"))
    if reasons:
        reasons.sort(key=lambda r: (ORDER.index(r.code), (r.area or "").encode()))
        red = any(r.code == "STAYED" for r in reasons)
        return "red" if red else "yellow", tuple(reasons)
    if not in_window:
        return "unknown", (Reason("NO_SIGNAL"),)
    if is_stale(in_window, n, standing):
        reasons.append(Reason("STALE"))
    if len({standing.civil_day(slot) for slot in in_window}) < standing.policy.min_days:
        reasons.append(Reason("TOO_LITTLE"))
    if reasons:
        return "unknown", tuple(reasons)
    return "green", (Reason("CLEAR"),)


def area_reasons(at: dict[int, set[Sighting]], n: int, standing: Standing) -> list[Reason]:
    """Rules 5.1 to 5.3 and 5.8: for each code and area the visit that ends last."""
    last: dict[tuple[str, str], Reason] = {}
    for area in standing.areas:
        visits = Visits(area, at, n, standing)
        for visit in visits.of_window():
            code = visits.meaning(visit)
            if code is not None:
                start, end = standing.start_of(visit[0]), standing.start_of(visit[-1] + 1)
                dwell = visits.dwell(visit)
                last[code, area.id] = Reason(code, area.id, area.version, start, end, dwell)
    return list(last.values())


def is_recent_arrival(in_window: dict[int, set[Sighting]], home: Geometry, standing: Standing) -> bool:
    """Rule 5.4."""
    policy = standing.policy
    inside = cells_of(home, policy.resolution)
    if not in_window or not any(x.hex in inside for x in in_window[max(in_window)]):
        return False
    absences: list[list[int]] = [[]]
    for slot, seen in in_window.items():
        if all(not disk(x.hex, policy.jurisdiction_fringe_rings) & inside for x in seen):
            absences[-1].append(slot)
        else:
            absences.append([])
    return any(
        run
        and standing.minutes(run[0], run[-1]) >= policy.absence_minutes
        and len(run) >= policy.min_stay_slots
        for run in absences
    )


def is_stale(in_window: dict[int, set[Sighting]], n: int, standing: Standing) -> bool:
    """Rule 5.5."""
    return standing.minutes(n, max(in_window)) > standing.policy.stale_minutes
