"""What upheld appeals do at a phone: whose it never was, and what is struck out of it (rules 16.2, 10.1)."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any

from streams.people.actors import Actor, Role
from streams.people.aggregates import Known, decided, nothing_known, recorded
from streams.people.bindings import Binding
from streams.people.commands import Command, Recorded, Refused
from streams.people.inheritance import Span
from streams.people.manual import PHONES, ConfirmBinding, ProposeBinding
from streams.people.phone_facts import CaseStruck
from streams.people.phones import Phone, entered, follows
from streams.people.proxies import SYSTEM
from streams.people.upheld import CorrectBinding, StrikeSightings, excluded

if TYPE_CHECKING:
    from collections.abc import Iterable

PHONE, OTHER, LI, WANG, ZHAO = (bytes((number, *[0] * 15)) for number in range(1, 6))
NOW, DAY = 1_790_000_000, 86_400
CORRECT, STRIKE = CorrectBinding(LI, "appeal-1"), StrikeSightings("appeal-1", NOW, NOW - DAY, None)


def bound(version: int, person: bytes | None, days: int, other: bytes | None = None) -> Binding:
    return Binding(PHONE, version, person, "mobile", NOW - days * DAY, other_phone=other)


def phone(*bindings: Binding) -> Known[Phone]:
    known = nothing_known(PHONES)
    return Known(told(known.state, bindings), known.version)


def told(state: Phone, bindings: Iterable[Binding]) -> Phone:
    for one in bindings:
        state = entered(state, one)
    return state


def asked(known: Known[Phone], body: Any, name: str = "c-1", actor: Actor = SYSTEM) -> Known[Phone]:
    made = decided(PHONES, known, Command(name, PHONE.hex(), actor, NOW * 1000, body))
    assert not isinstance(made, Refused), made
    for fact in made:
        known = recorded(PHONES, known, fact)
    return known


def holder(state: Phone) -> bytes | None:
    found = state.holder(NOW)
    return None if found is None else min(found.names)


def test_who_never_held_it_holds_it_no_more_and_whoever_came_later_still_inherits_nothing() -> None:
    state = asked(phone(bound(1, LI, 9), bound(2, WANG, 3)), CORRECT).state
    assert holder(state) == WANG
    assert {span for _, span in state.due(PHONE)} == {Span(-1, NOW - 3 * DAY)}
    assert all(LI not in one.holder.names for one in state.held())


def test_whoever_held_it_last_is_nobody_and_who_gets_it_next_inherits_nothing_from_them() -> None:
    known = asked(phone(bound(1, ZHAO, 20), bound(2, LI, 9)), CORRECT)
    assert holder(known.state) is None
    later = told(known.state, [bound(3, WANG, 1)])
    assert holder(later) == WANG
    assert {span for _, span in later.due(PHONE)} == {Span(-1, NOW - DAY)}


def test_a_carriers_later_word_is_believed_again_and_an_earlier_one_that_comes_late_is_not() -> None:
    known = asked(phone(bound(2, LI, 9)), CORRECT)
    assert holder(told(known.state, [bound(1, LI, 12)])) is None
    assert holder(told(known.state, [bound(3, LI, 9)])) == LI


def test_two_officers_may_bind_it_again_from_when_it_was_bound_wrongly() -> None:
    known = asked(phone(bound(1, LI, 9)), CORRECT)
    one, two = Actor("one", Role.OFFICER), Actor("two", Role.OFFICER)
    known = asked(known, ProposeBinding(WANG, NOW - 9 * DAY, "document_seen", "T-1"), "c-2", one)
    assert holder(asked(known, ConfirmBinding(WANG), "c-3", two).state) == WANG


def test_a_case_strikes_every_pseudonym_once_whenever_the_rotation_is_told_of() -> None:
    steps = ("case", "again", "rotation")
    for order in permutations(steps):
        known, facts = phone(bound(1, LI, 9)), list[Any]()
        for step in order:
            if step == "rotation":
                known = Known(told(known.state, [bound(2, LI, 9, OTHER)]), known.version, known.commands)
            else:
                made = decided(PHONES, known, Command(step, PHONE.hex(), SYSTEM, NOW * 1000, STRIKE))
                assert not isinstance(made, Refused)
                facts += [fact.body for fact in made]
                for fact in made:
                    known = recorded(PHONES, known, fact)
            for body in follows(PHONE, known.state, None):
                facts.append(body)
                fact = Recorded(PHONE.hex(), known.version + 1, step, SYSTEM, NOW * 1000, body)
                known = recorded(PHONES, known, fact)
        assert facts == [CaseStruck("appeal-1", name, NOW, NOW - DAY, None) for name in (PHONE, OTHER)], order
    named = [excluded(PHONE.hex(), body) for body in facts]
    assert [(one.phone, one.version, one.at) for one in named] == [(PHONE, 1, NOW), (OTHER, 1, NOW)]
    assert len({one.case for one in named}) == 2
    assert named[0].case == "appeal-1"


def test_only_this_side_asks_for_either_and_of_nobody_who_never_held_it() -> None:
    for role in set(Role) - {Role.OPERATOR}:
        for body in (CORRECT, STRIKE):
            made = decided(PHONES, phone(), Command("c", PHONE.hex(), Actor("x", role), NOW * 1000, body))
            assert isinstance(made, Refused)
            assert made.code == "wrong_role"
    made = decided(PHONES, phone(bound(1, WANG, 3)), Command("c", PHONE.hex(), SYSTEM, NOW * 1000, CORRECT))
    assert isinstance(made, Refused)
    assert made.code == "not_bound"
