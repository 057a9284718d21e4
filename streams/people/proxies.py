"""Proxies: who may act for whom, with whose consent, and what they see (rule 11.4).

The aggregate is the proxy, `proxy-` and their person's pseudonym in 32 hex digits: how many they act for is
its rule. That they do is noted with the person, who speaks through them (`streams.people.declarations`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from streams.domain.records import Reason
from streams.people.actors import Actor, Role
from streams.people.aggregates import Rules
from streams.people.commands import Command, Denied, Refused, unless
from streams.people.declarations import LONGEST_WORD, NoteProxy

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

    from streams.people.combined import Combined
    from streams.people.commands import Recorded

PREFIX: Final = "proxy-"
"""Of the aggregate's id, before the person's."""
SYSTEM: Final = Actor("people", Role.OPERATOR)
"""Who notes with a person what was consented to: this side itself."""

Basis: TypeAlias = Literal["consent", "guardian"]
"""A person's own consent, or a child's guardian acts for it."""


@dataclass(frozen=True, slots=True)
class GiveConsent:
    """Asks that the proxy may act for a person. At an office, `ticket` says which paper was signed."""

    person: str
    basis: Basis = "consent"
    ticket: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    """Asks that the proxy may act for a person no longer."""

    person: str


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """The proxy acts for a person from now on."""

    person: str
    basis: Basis
    ticket: str


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """The proxy acts for a person no longer."""

    person: str


Asked: TypeAlias = GiveConsent | WithdrawConsent
Fact: TypeAlias = ConsentGiven | ConsentWithdrawn


@dataclass(frozen=True, slots=True)
class Proxy:
    """Whom somebody acts for."""

    people: frozenset[str] = frozenset()
    named: tuple[tuple[int, str], ...] = ()
    """The facts, by version, and whom each names."""


def rules(max_dependants: Callable[[], int]) -> Rules[Proxy, Asked, Fact]:
    """Return the aggregate's rules; for how many a proxy acts at most is asked with each command."""

    def decide(state: Proxy, command: Command[Asked]) -> Sequence[Fact] | Refused:
        refused = unless(command.actor, Role.RESIDENT, Role.COMMUNITY, Role.OFFICER)
        if refused is not None:
            return refused
        match command.body:
            case GiveConsent() as consent:
                return _consented(state, command, consent, max_dependants())
            case WithdrawConsent(person):
                return _withdrawn(state, command, person)

    return Rules(Proxy(), decide, evolve)


def _consented(
    state: Proxy, command: Command[Asked], consent: GiveConsent, max_dependants: int
) -> Sequence[Fact] | Refused:
    refused = _not_given(command, consent)
    if refused is not None:
        return refused
    if consent.person in state.people:
        return Refused("consent_stands", "the consent is recorded already")
    if len(state.people) >= max_dependants:
        return Refused("too_many_dependants", f"a proxy acts for at most {max_dependants}: find another")
    return [ConsentGiven(consent.person, consent.basis, consent.ticket)]


def _not_given(command: Command[Asked], consent: GiveConsent) -> Refused | None:
    """Return why this is no consent, None if it is: the person's own word, or a paper at an office."""
    if consent.person == command.aggregate.removeprefix(PREFIX):
        return Refused("own_proxy", "nobody needs a consent to act for themselves")
    if consent.basis not in get_args(Basis):
        return Refused("unknown_word", f"expected one of {', '.join(get_args(Basis))}")
    if command.actor.role is Role.RESIDENT:
        if command.actor.id == consent.person and consent.basis == "consent":
            return None
        return Denied("not_theirs_to_give", "expected the person's own consent, or a paper at an office")
    if not 0 < len(consent.ticket.strip()) <= LONGEST_WORD:
        return Refused("no_ticket", "expected a ticket: which paper was signed")
    return None


def _withdrawn(state: Proxy, command: Command[Asked], person: str) -> Sequence[Fact] | Refused:
    """Withdraw for the person, for the proxy who gives it up, or at an office; nobody else may."""
    if command.actor.role is Role.RESIDENT and command.actor.id not in {
        person,
        command.aggregate.removeprefix(PREFIX),
    }:
        return Denied("not_theirs_to_withdraw", "expected the person or their proxy")
    return (
        [ConsentWithdrawn(person)]
        if person in state.people
        else Refused("no_consent", "no consent is recorded")
    )


def evolve(state: Proxy, fact: Recorded[Fact]) -> Proxy:
    """Return whom a proxy acts for after a fact."""
    person = fact.body.person
    acts = isinstance(fact.body, ConsentGiven)
    people = state.people | {person} if acts else state.people - {person}
    return Proxy(people, (*state.named, (fact.version, person)))


def forgotten(state: Proxy, versions: Container[int]) -> Proxy:
    """Return the proxy without some facts: whom they named was erased (rule 19.2)."""
    gone = {person for version, person in state.named if version in versions}
    left = tuple(one for one in state.named if one[0] not in versions)
    return Proxy(state.people - gone, left)


def follows(fact: Recorded[Fact]) -> Command[NoteProxy]:
    """Return the command that notes with the person what came of a consent; once, by the fact's own name."""
    acts = isinstance(fact.body, ConsentGiven)
    noted = NoteProxy(fact.aggregate.removeprefix(PREFIX), acts)
    # Versions begin anew once a proxy was erased: with its time a fact's name is its own.
    name = f"{fact.aggregate}/{fact.version}/{fact.at}"
    return Command(name, fact.body.person, SYSTEM, fact.at, noted)


def as_a_proxy_sees(whole: Combined) -> Combined:
    """Return a person's colour as their proxy may see it: codes and ages, never a visit."""
    return replace(
        whole,
        sources=tuple(
            replace(source, reasons=tuple(dict.fromkeys(Reason(one.code) for one in source.reasons)))
            for source in whole.sources
        ),
    )
