"""What holds as time alone passes: expiry at its exact slot, discounts that stay (rules 1.3, 6.2, 6.5)."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.contested import inside
from streams.domain.records import PolicyPublished, Reason, TimeAdvanced
from tests.naive.colour import MILDER_COLOURS
from tests.naive.derivation import behind
from tests.properties.histories import history
from tests.properties.reach import chain
from tests.properties.retold import (
    afresh,
    ageing,
    clocks,
    held,
    rows_of,
    said,
    says,
    slot_by_slot,
    slot_seconds,
    started,
    taken,
    tell,
)
from tests.properties.seeds import HISTORIES, hold, met, patient, seeded, seeds

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from random import Random

    from streams.domain.explain import Explained
    from streams.domain.fold import Fold
    from streams.domain.records import Colour
    from tests.properties.histories import History
    from tests.properties.retold import Row
    from tests.properties.seeds import Claim

Found: TypeAlias = set[tuple[int, bytes, str | int, str | int]]
"""Slot, phone, hex or area, and what the rules made of it."""

some = settings(patient, max_examples=max(HISTORIES // 10, 1))
MAKERS: Final = (history, history, chain)
makers = st.sampled_from(MAKERS)


def same_by_a_jump_and_slot_by_slot(past: History, _: Random, tally: Counter[str]) -> None:
    past = taken(past)
    end = started(past)
    tell(end, past.records)
    past = replace(past, records=(*past.records, ageing(end)))
    by_jumps = tell(started(past), past.records)
    assert tell(started(past), slot_by_slot(past)) == by_jumps
    offsets = [offset for offset, _ in past.records]
    clock_at = dict(zip(offsets, clocks(past), strict=True))
    for change in by_jumps:
        on_a_boundary = change.effective_at % slot_seconds(past) == 0
        assert on_a_boundary or change.effective_at == clock_at[change.offset]
        if change.effective_at < clock_at[change.offset]:
            tally.update("at a boundary: " + code for code, _, _ in behind(change.reasons))
            tally["days before the record's clock"] += clock_at[change.offset] - change.effective_at > 86_400


def stopped(past: History, random: Random) -> History:
    return replace(past, records=past.records[: random.randint(1, max(len(past.records), 1))])


class Asked:
    """Phones as they stand at a clock when all that is known is told at once, at that clock."""

    def __init__(self, fold: Fold, rows: list[Row]) -> None:
        self.fold, self.rows, self.known = fold, rows, dict[int, "dict[bytes, Explained]"]()

    def at(self, clock: int, phone: bytes) -> tuple[Colour, tuple[Reason, ...]]:
        if clock not in self.known:
            self.known[clock] = held(afresh(self.fold, self.rows, clock))
        found = self.known[clock].get(phone)
        return (found.colour, found.reasons) if found else ("unknown", (Reason("NO_SIGNAL"),))


def expiry_at_its_slot(past: History, random: Random, tally: Counter[str]) -> None:
    """Stop somewhere, let time pass, and ask afresh at every event's slot and at the one before it."""
    past = stopped(taken(past), random)
    *before, last = [*slot_by_slot(past)] or [(None, TimeAdvanced(0))]
    fold, length = started(past), slot_seconds(past)
    tell(fold, before)
    lasting = [(c.phone, c.colour, c.effective_at, c.valid_until) for c in tell(fold, [last])]
    now, standing = fold.clock or 0, said(fold)
    lasting += [(name, x.colour, now, x.valid_until) for name, x in held(fold).items()]
    later = tell(fold, [ageing(fold)])
    asked = Asked(fold, rows_of(past.records))
    for change in later:
        at, phone = change.effective_at, change.phone
        assert asked.at(at, phone) == (change.colour, change.reasons)
        colour, reasons = asked.at(at - length, phone)
        assert (colour, frozenset(behind(reasons))) == standing[phone]
        standing[phone] = says(change)
        lasting.append((phone, change.colour, at, change.valid_until))
    for phone, colour, since, until in lasting:
        milder = MILDER_COLOURS[colour] if colour in ("red", "yellow") else ()
        ends = [c.effective_at for c in later if c.phone == phone and c.colour in milder]
        assert until == min((end for end in ends if end > since), default=None)
        if until is not None:
            tally.update((colour, *(f"{colour} by {r.code}" for r in asked.at(since, phone)[1])))
            assert asked.at(until, phone)[0] in milder
            assert asked.at(until - length, phone)[0] not in milder


def discounts_that_stay(past: History, random: Random, tally: Counter[str]) -> None:
    """Look again as some slots are about to leave the window: afresh, and in the fold that grew old."""
    past = stopped(taken(past), random)
    fold, rows, length = started(past), rows_of(past.records), slot_seconds(past)
    tell(fold, past.records)
    window, version = fold.rules.spans.window, fold.rules.policy.version
    edge = (fold.clock or 0) // length - window
    first = judged(fold, edge)
    tally.update(what for *_, what in first if isinstance(what, str))
    slots = sorted({row[2] for row in rows if row[2] > edge})
    for slot in sorted(random.sample(slots, k=min(4, len(slots)))):
        left, last = {x for x in first if x[0] >= slot}, (slot + window - 1) * length
        tally.update(
            f"{what} in the last slot" for at, *_, what in left if at == slot and isinstance(what, str)
        )
        assert judged(afresh(fold, rows, last), slot - 1) == left
        tell(fold, [(None, TimeAdvanced(last))])
        assert judged(fold, slot - 1) == left
        version += 1
        assert tell(fold, [(None, PolicyPublished(0, version))]) == []
        assert judged(fold, slot - 1) == left


def judged(fold: Fold, edge: int) -> Found:
    """Return what the rules made of sightings after an edge, whatever remembers it."""
    found: Found = set()
    for name, phone in fold.phones.items():
        observed = phone.standing.observed
        for slot, marks in phone.diary.marks.items():
            found |= {
                (slot, name, mark, "discounted") for mark in marks if mark not in observed.get(slot, ())
            }
        for area in fold.rules.areas.values():
            visits = phone.standing.visits.get(area.id, [])
            held_slots = {slot for visit in visits for slot in visit.held}
            touched = {slot for slot, marks in observed.items() if inside(area, marks, slot)}
            found |= {(slot, name, area.id, "held") for slot in held_slots}
            found |= {(slot, name, area.id, "held in the core") for visit in visits for slot in visit.core}
            found |= {(slot, name, area.id, "contested") for slot in touched - held_slots}
            found |= {(a, name, area.id, b) for visit in visits for a, b in pairwise(visit.held)}
    return {x for x in found if x[0] > edge}


@some
@given(seeds, makers)
def test_a_jump_of_days_gives_the_events_of_going_slot_by_slot_each_at_its_boundary(
    seed: int, made_from: Callable[[Random], History]
) -> None:
    hold(same_by_a_jump_and_slot_by_slot, made_from(seeded(seed)), seed)


@some
@given(seeds, makers)
def test_a_colour_expires_at_the_slot_it_was_said_to_and_not_one_slot_earlier(
    seed: int, made_from: Callable[[Random], History]
) -> None:
    hold(expiry_at_its_slot, made_from(seeded(seed)), seed)


@some
@given(seeds, makers)
def test_what_is_discounted_stays_so_and_the_rest_too_until_it_leaves_the_window(
    seed: int, made_from: Callable[[Random], History]
) -> None:
    hold(discounts_that_stay, made_from(seeded(seed)), seed)


MUST_BE_MET: Final[dict[Claim, tuple[str, ...]]] = {
    same_by_a_jump_and_slot_by_slot: (
        *(f"at a boundary: {code}" for code in ("NO_SIGNAL", "STALE", "TOO_LITTLE", "PASSED_THROUGH")),
        "days before the record's clock",
    ),
    expiry_at_its_slot: (
        *("red", "yellow", "red by STAYED", "yellow by NEAR_BOUNDARY", "yellow by PASSED_THROUGH"),
        "yellow by RECENT_ARRIVAL",
    ),
    discounts_that_stay: (
        *("discounted", "contested", "held", "held in the core"),
        *("discounted in the last slot", "contested in the last slot", "held in the last slot"),
    ),
}


@pytest.mark.parametrize("claim", MUST_BE_MET)
def test_the_histories_of_an_invariant_in_time_reach_what_it_speaks_of(claim: Claim) -> None:
    found = met(claim, MAKERS, 240)
    assert [what for what in MUST_BE_MET[claim] if found[what] < 3] == []
