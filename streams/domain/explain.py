"""Why a phone has its colour: what stands of its diary, what was discounted and by which rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.domain import colours
from streams.domain.exclusions import struck
from streams.domain.slots import slot_of, start_of

if TYPE_CHECKING:
    from streams.domain.fold import Fold
    from streams.domain.records import Colour, Reason


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
    )
