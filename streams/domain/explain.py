"""Why a phone has its colour: what stands of its diary, what was discounted and by which rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.domain import colours
from streams.domain.contested import contested
from streams.domain.exclusions import struck
from streams.domain.slots import slot_of, start_of

if TYPE_CHECKING:
    from streams.domain.colours import Assessment
    from streams.domain.fold import Fold
    from streams.domain.records import Colour, Reason
    from streams.domain.rules import Rules
    from streams.domain.standing import Standing


@dataclass(frozen=True, slots=True)
class Explained:
    """A phone at the fold's clock; times in unix seconds."""

    clock: int
    colour: Colour
    sequence: int
    reasons: tuple[Reason, ...]
    valid_until: int | None
    observed: int
    """Observed slots in the window."""
    discounted: tuple[tuple[int, int, str], ...]
    """(start of slot, hex, rule) of the sightings in the window that no later rule sees."""
    evidence: tuple[tuple[str, int, int], ...]
    """(area, from, until) of every visit in the window, those that change no colour included (rule 5.3)."""
    contested: tuple[tuple[str, int], ...]
    """(area, start of slot) of the slots in the window that are contested for an area (rule 3.3)."""
    ahead: tuple[tuple[int, Colour, tuple[Reason, ...]], ...]
    """(when, colour, reasons) of what will change, nothing more being seen and no control entering."""


def explained(fold: Fold, name: bytes) -> Explained | None:
    """Explain a phone, None if the fold has never seen it."""
    phone = fold.phones.get(name)
    if phone is None or fold.clock is None:
        return None
    rules, length = fold.rules, fold.rules.policy.slot_minutes
    now = slot_of(fold.clock, length)
    edge = now - rules.spans.window
    assessment = colours.assess(rules, phone.standing, now)
    strikes = fold.cases.of_phone.get(name, [])
    discounted = []
    for slot, marks in sorted(phone.diary.marks.items()):
        left = phone.standing.observed.get(slot, ())
        for mark in marks:
            if slot > edge and mark not in left:
                hit = struck(strikes, slot) or struck(fold.cases.of_hex.get(mark >> 1, []), slot)
                discounted.append((start_of(slot, length), mark >> 1, "3.1" if hit else "3.2"))
    evidence = [
        (area, start_of(held[0], length), start_of(held[-1] + 1, length))
        for area, visits in sorted(phone.standing.visits.items())
        for visit in visits
        if (held := [slot for slot in visit.held if slot > edge])
    ]
    return Explained(
        clock=fold.clock,
        colour=assessment.colour,
        sequence=phone.sequence,
        reasons=colours.reasons(rules, assessment, now),
        valid_until=None if assessment.lasts is None else start_of(assessment.lasts, length),
        observed=sum(slot > edge for slot in phone.standing.observed),
        discounted=tuple(discounted),
        evidence=tuple(evidence),
        contested=_contested(rules, phone.standing, edge),
        ahead=_ahead(rules, phone.standing, assessment),
    )


def cells_held(fold: Fold, name: bytes, area: str, from_: int, until: int) -> frozenset[int]:
    """Return where a phone was seen while it visited an area, in slots from a second to before another."""
    phone = fold.phones.get(name)
    if phone is None:
        return frozenset()
    length, standing = fold.rules.policy.slot_minutes, phone.standing
    held = (slot for visit in standing.visits.get(area, ()) for slot in visit.held)
    within = [slot for slot in held if from_ <= start_of(slot, length) < until]
    return frozenset(mark >> 1 for slot in within for mark in standing.observed.get(slot, ()))


def _contested(rules: Rules, standing: Standing, edge: int) -> tuple[tuple[str, int], ...]:
    return tuple(
        (area.id, start_of(slot, rules.policy.slot_minutes))
        for area in sorted(rules.areas.values(), key=lambda area: area.id.encode())
        for slot in sorted(standing.observed)
        if slot > edge and contested(rules, area, standing.observed, slot)
    )


def _ahead(
    rules: Rules, standing: Standing, known: Assessment
) -> tuple[tuple[int, Colour, tuple[Reason, ...]], ...]:
    """Let time pass from one slot at which something may change to the next, until nothing can."""
    found = []
    while (slot := known.due) is not None:
        after = colours.assess(rules, standing, slot)
        if after.keys != known.keys:
            reasons = colours.reasons(rules, after, slot)
            found.append((start_of(slot, rules.policy.slot_minutes), after.colour, reasons))
        known = after
    return tuple(found)
