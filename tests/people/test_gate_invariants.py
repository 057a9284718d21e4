"""What holds of every person, policy and order (rules 11.2, 12.1 to 12.4)."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from streams.domain.colours import SEVERITY
from streams.people.combined import combined, due, exempt, signal_colour
from streams.people.evidence import KINDS
from streams.people.gate import check
from streams.people.gate_words import WAYS
from streams.people.leads import firm
from streams.people.orders import refusal
from streams.people.sources import Kept
from streams.people.strictness import STRICTNESS
from tests.people import persons
from tests.people.persons import AREA, NOW
from tests.properties.seeds import HISTORIES, patient

if TYPE_CHECKING:
    from streams.domain.records import Colour
    from streams.people.orders import Order
    from streams.people.sources import Claim, Facts, Signal
    from streams.people.strictness import GatePolicy

every = settings(patient, max_examples=max(HISTORIES // 4, 1))


def severity(facts: Facts, *, required: bool) -> int:
    return SEVERITY.index(combined(facts, NOW, signal_required=required).colour)


@every
@given(persons.facts, persons.declarations)
def test_a_declaration_never_makes_a_signals_colour_milder(facts: Facts, declared: Claim) -> None:
    said = replace(facts, declared=declared)
    assert signal_colour(said, NOW) == signal_colour(facts, NOW)
    assert severity(said, required=True) >= SEVERITY.index(signal_colour(facts, NOW)) or exempt(facts)
    if signal_colour(facts, NOW) != "unknown":
        silent = severity(replace(facts, declared=None), required=False)
        assert severity(said, required=False) >= silent


@every
@given(persons.facts, persons.phones | persons.kept, st.booleans())
def test_another_phone_never_makes_a_red_or_yellow_person_milder(
    facts: Facts,
    more: Signal | Kept,
    required: bool,  # noqa: FBT001 - hypothesis gives positions
) -> None:
    added = (
        replace(facts, kept=(*facts.kept, more))
        if isinstance(more, Kept)
        else replace(facts, phones=(*facts.phones, more))
    )
    before, after = severity(facts, required=required), severity(added, required=required)
    unknown = SEVERITY.index("unknown")
    assert after >= before or (before == unknown and after == SEVERITY.index("green"))


@every
@given(persons.facts, persons.policies, st.lists(persons.orders, max_size=4), persons.orders)
def test_an_order_never_makes_a_decision_milder(
    facts: Facts, policy: GatePolicy, orders: list[Order], more: Order
) -> None:
    standing = [order for order in orders if order.id != more.id]
    before = check("code", facts, policy, standing, NOW)
    after = check("code", facts, policy, [*standing, more], NOW)
    assert STRICTNESS.index(after.decision) >= STRICTNESS.index(before.decision)
    if after.decision != before.decision:
        assert after.ordered_by


@every
@given(persons.facts, persons.policies, st.lists(persons.orders, max_size=4))
def test_nobody_of_whom_nothing_red_or_yellow_is_confirmed_is_held(
    facts: Facts, policy: GatePolicy, orders: list[Order]
) -> None:
    accepted = [order for order in orders if refusal(order, policy) is None]
    colour: Colour = combined(firm(facts), NOW, signal_required=policy.signal_required).colour
    assume(colour in {"green", "unknown"})
    assert check("code", facts, policy, accepted, NOW).decision != "hold"


@every
@given(persons.facts, persons.policies, st.lists(persons.orders, max_size=4), st.sampled_from(KINDS))
def test_who_is_asked_is_told_everything_else_that_is_accepted(
    facts: Facts, policy: GatePolicy, orders: list[Order], shown: str
) -> None:
    kind = next(one for one in KINDS if one == shown)
    answer = check(kind, facts, policy, orders, NOW)
    assert set(answer.accepted) == (set(WAYS) - {kind} if answer.decision == "ask" else set())
    assert all(way.zh and way.en for way in answer.ways())


@every
@given(st.none() | persons.facts, persons.policies, st.lists(persons.orders, max_size=4))
def test_an_answer_holds_no_place_no_area_no_pseudonym_and_no_number(
    facts: Facts | None, policy: GatePolicy, orders: list[Order]
) -> None:
    answer = check("code", facts, policy, [o for o in orders if refusal(o, policy) is None], NOW)
    told = json.dumps([asdict(answer), [asdict(way) for way in answer.ways()]], ensure_ascii=False)
    assert AREA not in told
    assert re.search(r"\d", told) is None
    assert re.search(r"[0-9a-f]{8}", told) is None


@every
@given(persons.facts, st.booleans())
def test_nothing_changes_before_it_is_due(facts: Facts, required: bool) -> None:  # noqa: FBT001 - as above
    def said(now: int) -> list[tuple[str, object]]:
        whole = combined(facts, now, signal_required=required)
        return [(whole.colour, "")] + [(one.origin, one.reasons) for one in whole.sources]

    first = due(facts, NOW)
    ahead = first if first is not None else NOW + 30 * persons.DAY
    assert said(ahead - 1) == said(NOW)
    if first is not None:
        assert first > NOW
