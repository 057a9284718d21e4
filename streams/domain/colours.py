"""Colours and reasons of a standing, at a slot and for as long as nothing more is seen (rule 5).

Every reason is carried by one slot and holds until that slot leaves the window, so the colour at any
later boundary, `valid_until` and the next moment to look are all read off the same few numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.domain import arrivals
from streams.domain.records import Reason
from streams.domain.slots import start_of

if TYPE_CHECKING:
    from streams.domain.records import Colour, ReasonCode
    from streams.domain.rules import Rules
    from streams.domain.standing import Standing
    from streams.domain.visits import Visit

ReasonKey = tuple["ReasonCode", str | None, int | None]
"""What makes two sets of reasons differ (rule 6.1): code, area id, area version."""

ORDER: Final[tuple[ReasonCode, ...]] = (
    "STAYED",
    "NEAR_BOUNDARY",
    "PASSED_THROUGH",
    "RECENT_ARRIVAL",
    "NO_SIGNAL",
    "STALE",
    "TOO_LITTLE",
    "CLEAR",
)
"""The order in which reasons stand (rule 6.2)."""

COLOURS: Final[dict[ReasonCode, Colour]] = {
    "STAYED": "red",
    "NEAR_BOUNDARY": "yellow",
    "PASSED_THROUGH": "yellow",
    "RECENT_ARRIVAL": "yellow",
    "NO_SIGNAL": "unknown",
    "STALE": "unknown",
    "TOO_LITTLE": "unknown",
    "CLEAR": "green",
}
SEVERITY: Final[tuple[Colour, ...]] = ("green", "unknown", "yellow", "red")
"""From mild to harsh (rule 5.7)."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What holds of a phone at one slot."""

    colour: Colour
    keys: frozenset[ReasonKey]
    visits: dict[ReasonKey, Visit]
    """The visit behind each reason of rules 5.1 and 5.2 that ends last."""
    lasts: int | None
    """The first slot at which, nothing more being seen, the colour is milder; None for green and unknown."""
    due: int | None
    """The first slot at which anything may change with nothing more seen; None if nothing can."""


CLEAR: Final[frozenset[ReasonKey]] = frozenset({("CLEAR", None, None)})
NO_SIGNAL: Final = Assessment("unknown", frozenset({("NO_SIGNAL", None, None)}), {}, None, None)
"""The assessment of a phone without an event (rule 6.1)."""


def assess(rules: Rules, standing: Standing, now: int) -> Assessment:
    """Judge a phone at slot `now` (rules 5.1 to 5.8)."""
    window = rules.spans.window
    edge = now - window
    latest = standing.latest
    if latest is None or latest <= edge:
        return NO_SIGNAL
    visits, carriers = _of_visits(rules, standing, edge)
    arrived = (
        arrivals.arrival(rules, standing.observed, standing.absences, latest) if rules.jurisdiction else None
    )
    keys: set[ReasonKey] = set(visits)
    if arrived is not None and arrived > edge:
        carriers.append(("yellow", arrived))
        keys.add(("RECENT_ARRIVAL", None, None))
    dues = [slot + window for _, slot in carriers]
    unseen = _unseen(rules, standing, now, latest, dues)
    if not keys:
        colour: Colour = "unknown" if unseen else "green"
        return Assessment(colour, unseen or CLEAR, {}, None, min(dues))
    colour = max((COLOURS[code] for code, _, _ in keys), key=SEVERITY.index)
    lasts = max(slot for of, slot in carriers if of == colour) + window
    return Assessment(colour, frozenset(keys), visits, lasts, min(dues))


def _of_visits(
    rules: Rules, standing: Standing, edge: int
) -> tuple[dict[ReasonKey, Visit], list[tuple[Colour, int]]]:
    """Return the reasons of rule 4.3 with their visits, and every kind a visit still has with its slot."""
    found: dict[ReasonKey, Visit] = {}
    carriers: list[tuple[Colour, int]] = []
    for name, visits in standing.visits.items():
        version = rules.areas[name].version
        for visit in visits:
            if visit.held[-1] <= edge:
                continue
            kinds = [(code, slot) for code, slot in visit.kinds(rules) if slot > edge]
            carriers.extend((COLOURS[code], slot) for code, slot in kinds)
            if kinds:
                key = (kinds[0][0], name, version)
                if key not in found or visit.held[-1] > found[key].held[-1]:
                    found[key] = visit
    return found, carriers


def _unseen(rules: Rules, standing: Standing, now: int, latest: int, dues: list[int]) -> frozenset[ReasonKey]:
    """Return what stands of STALE and TOO_LITTLE (rule 5.5), adding to `dues` when that may change."""
    window, least = rules.spans.window, rules.policy.min_days
    stale_at = latest + rules.spans.stale + 1
    dues.append(latest + window)
    keys: set[ReasonKey] = set()
    if now >= stale_at:
        keys.add(("STALE", None, None))
    else:
        dues.append(stale_at)
    lasts = sorted(standing.last_of_day.values(), reverse=True)
    if least and (len(lasts) < least or lasts[least - 1] <= now - window):
        keys.add(("TOO_LITTLE", None, None))
    elif least:
        dues.append(lasts[least - 1] + window)
    return frozenset(keys)


def reasons(rules: Rules, assessment: Assessment, now: int) -> tuple[Reason, ...]:
    """Write out an assessment's reasons in the order of rule 6.2."""
    length = rules.policy.slot_minutes
    edge = now - rules.spans.window
    found: list[Reason] = []
    for key in sorted(assessment.keys, key=lambda k: (ORDER.index(k[0]), (k[1] or "").encode())):
        code, area, version = key
        visit = assessment.visits.get(key)
        if visit is None:
            found.append(Reason(code))
            continue
        first = next(slot for slot in visit.held if slot > edge)
        last = visit.held[-1]
        found.append(
            Reason(
                code=code,
                area=area,
                area_version=version,
                from_=start_of(first, length),
                until=start_of(last + 1, length),
                dwell_minutes=(last - first) * length,
            )
        )
    return tuple(found)
