"""Whatever a phone's history, a holder erased is named nowhere and nothing else changes (rule 19.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from streams import codecs
from streams.people.aggregates import Known, decided, nothing_known, numbered, recorded, replayed
from streams.people.commands import Command, Refused
from streams.people.erasure import (
    SYSTEM,
    ErasureRequested,
    ForgetPerson,
    PersonErased,
    answer,
    rules,
    texts_found,
)
from streams.people.forgetting import forgotten, names_of, people_of, tombstones
from streams.people.manual import PHONES
from streams.people.phones import entered, follows
from streams.people.vouched import vouched
from tests.people.test_phone_properties import PERSONS, PHONE, RED, after, histories
from tests.properties.seeds import HISTORIES

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from streams.people.bindings import Binding, Tenure
    from streams.people.commands import Recorded
    from streams.people.erasure import Erasure, Fact
    from streams.people.phones import Phone

NAME = "0a" * 16
RULES = rules(lambda: 14)
PARTS = 4
NOT_LAST = {texts_found(NAME, 0, [f"{NAME}/web-1/1"], last=False).id}


def forget(known: Known[Phone], person: bytes) -> tuple[Known[Phone], list[Recorded[Any]], list[str]]:
    """Return a phone that has forgotten somebody, the facts of it, and the keys marked for removal."""
    bodies = forgotten(known.state, person)
    facts = list(numbered(known, PHONE.hex(), "erased", SYSTEM, 0, bodies))
    for fact in facts:
        known = recorded(PHONES, known, fact)
    return known, facts, [end for body in bodies for end in tombstones(body)]


def times(held: Sequence[Tenure]) -> list[tuple[int, int | None]]:
    return [(one.from_, one.until) for one in held]


@settings(max_examples=max(HISTORIES // 4, 1), deadline=None)
@given(histories(), st.sampled_from(PERSONS))
def test_a_holder_erased_is_named_nowhere_and_nothing_else_changes(
    bindings: list[Binding], person: bytes
) -> None:
    before = after(bindings)
    known, facts, _ = forget(before, person)
    assert person not in people_of(known.state)
    assert person not in vouched(PHONE, known.state, RED)
    assert not any(person in codecs.encode_recorded(fact) for fact in facts)
    assert times(known.state.held()) == times(before.state.held())
    assert known.state.due(PHONE) == before.state.due(PHONE)
    assert follows(PHONE, known.state, RED) == follows(PHONE, before.state, RED)
    assert known.state.latest() == before.state.latest()
    others = {who: said for who, said in vouched(PHONE, before.state, RED).items() if who != person}
    assert vouched(PHONE, known.state, RED) == others


@settings(max_examples=max(HISTORIES // 4, 1), deadline=None)
@given(histories(), st.lists(st.sampled_from(PERSONS), min_size=1, max_size=3), st.integers(0, 7))
def test_what_compaction_leaves_is_the_phone_that_was_left(
    bindings: list[Binding], people: list[bytes], early: int
) -> None:
    """Some bindings come after the erasures; of those before only what has no tombstone is read again."""
    known, log = nothing_known(PHONES), dict[str, Any]()

    def enter(several: Sequence[Binding]) -> None:
        nonlocal known
        for binding in several:
            if known.state.erased(binding.version):
                continue
            known = Known(entered(known.state, binding), known.version, known.commands)
            log[str(binding.version)] = binding
            bodies = follows(PHONE, known.state, RED)
            for fact in numbered(known, PHONE.hex(), "binding", SYSTEM, 0, bodies):
                known = recorded(PHONES, known, fact)
                log[f"decided-{fact.version}"] = fact

    enter(bindings[:early])
    for person in people:
        known, facts, ends = forget(known, person)
        log |= {f"decided-{fact.version}": fact for fact in facts}
        for end in ends:
            log.pop(end)
    enter(bindings[early:])
    read = replayed(PHONES, [one for end, one in log.items() if end.startswith("decided-")])
    state = read.state
    for end, one in log.items():
        if end.isdecimal():
            state = entered(state, one)
    assert state == known.state
    assert read.version == known.version


@settings(max_examples=200, deadline=None)
@given(histories(), st.sampled_from(PERSONS))
def test_forgetting_twice_is_forgetting_once(bindings: list[Binding], person: bytes) -> None:
    known, _, _ = forget(after(bindings), person)
    assert forgotten(known.state, person) == ()
    assert names_of(known.state, person) == {person}


def erased() -> Known[Erasure]:
    """Return an erasure that was carried out just now."""
    known = nothing_known(RULES)
    bodies: list[Fact] = [ErasureRequested(99), PersonErased(PARTS)]
    for fact in numbered(known, NAME, "c-1", SYSTEM, 5000, bodies):
        known = recorded(RULES, known, fact)
    return known


@settings(max_examples=200, deadline=None)
@given(st.randoms(use_true_random=False))
def test_answers_in_any_order_and_doubled_end_an_erasure_once(order: random.Random) -> None:
    told = Command(f"{NAME}/forget", NAME, SYSTEM, 5000, ForgetPerson(99))
    commands: list[Command[Any]] = [answer(told, part) for part in range(PARTS)]
    commands += [
        texts_found(NAME, 5000, [f"{NAME}/web-1/1"], last=False),
        texts_found(NAME, 5000, (), last=True),
    ]
    several = commands * 2
    order.shuffle(several)
    known, ended = erased(), 0
    for number, command in enumerate(several, 1):
        made = decided(RULES, known, command)
        assert not isinstance(made, Refused)
        for fact in made:
            known = recorded(RULES, known, fact)
            ended += known.state.finished()
        heard = {one.id for one in several[:number]}
        assert known.state.finished() == ({one.id for one in commands if one.id not in NOT_LAST} <= heard)
    assert ended == 1
