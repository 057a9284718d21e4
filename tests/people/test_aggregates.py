"""The pattern of every aggregate: versions, commands that come twice, rebuilding from facts alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from streams.people.actors import Actor, Role
from streams.people.aggregates import Known, Rules, decided, nothing_known, recorded, replayed
from streams.people.commands import Command, Denied, Recorded, Refused, unless

if TYPE_CHECKING:
    from collections.abc import Sequence

OFFICER = Actor("officer-1", Role.OFFICER, "office-1")


@dataclass(frozen=True, slots=True)
class Add:
    """Asks a counter for more."""

    number: int


@dataclass(frozen=True, slots=True)
class Added:
    """A counter grew."""

    number: int


def decide(state: int, command: Command[Add]) -> Sequence[Added] | Refused:
    refused = unless(command.actor, Role.OFFICER)
    if refused is not None:
        return refused
    if state + command.body.number > 10:
        return Refused("too_many", "ask for fewer")
    return [Added(1)] * command.body.number


def evolve(state: int, fact: Recorded[Added]) -> int:
    return state + fact.body.number


COUNTER = Rules(0, decide, evolve)


def asks(number: int, name: str = "c-1", *, expected: int | None = None) -> Command[Add]:
    return Command(name, "counter-1", OFFICER, 1_000, Add(number), expected)


def after(known: Known[int], command: Command[Add]) -> Known[int]:
    outcome = decided(COUNTER, known, command)
    if isinstance(outcome, Refused):
        return known
    for fact in outcome:
        known = recorded(COUNTER, known, fact)
    return known


def refusal(known: Known[int], command: Command[Add]) -> str | None:
    outcome = decided(COUNTER, known, command)
    return outcome.code if isinstance(outcome, Refused) else None


def test_facts_count_from_one_and_name_who_asked_when_and_by_which_command() -> None:
    outcome = decided(COUNTER, nothing_known(COUNTER), asks(2))
    assert outcome == tuple(
        Recorded("counter-1", version, "c-1", OFFICER, 1_000, Added(1)) for version in (1, 2)
    )


def test_a_command_made_on_another_version_is_refused() -> None:
    known = after(nothing_known(COUNTER), asks(2))
    assert refusal(known, asks(1, "c-2", expected=1)) == "version_conflict"
    assert refusal(known, asks(1, "c-2", expected=2)) is None


def test_a_command_that_comes_twice_leads_to_facts_once_whatever_it_says_then() -> None:
    known = after(nothing_known(COUNTER), asks(2))
    assert decided(COUNTER, known, asks(2)) == ()
    assert decided(COUNTER, known, asks(9, expected=7)) == ()


def test_a_refused_command_leaves_nothing_behind_and_is_judged_again() -> None:
    full = after(nothing_known(COUNTER), asks(10))
    assert refusal(full, asks(1, "c-2")) == "too_many"
    assert after(full, asks(1, "c-2")) == full
    assert refusal(nothing_known(COUNTER), asks(1, "c-2")) is None


def test_who_has_another_role_is_refused() -> None:
    gate = replace(asks(1), actor=Actor("gate-1", Role.GATE))
    outcome = decided(COUNTER, nothing_known(COUNTER), gate)
    assert outcome == Denied("wrong_role", "expected one of officer, not gate")


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from("abcdef")), max_size=20))
def test_facts_alone_doubled_or_not_make_the_aggregate_again(wishes: list[tuple[int, str]]) -> None:
    known, facts = nothing_known(COUNTER), list[Recorded[Added]]()
    for number, name in wishes:
        outcome = decided(COUNTER, known, asks(number, name))
        facts += () if isinstance(outcome, Refused) else outcome
        known = after(known, asks(number, name))
    assert replayed(COUNTER, facts) == known
    assert replayed(COUNTER, [fact for fact in facts for _ in range(2)]) == known
    assert known.version == known.state
