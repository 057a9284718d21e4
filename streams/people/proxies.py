"""Proxies: who may act for whom, with whose consent, and what they see (rule 11.4).

The aggregate is the proxy, by their person's pseudonym in 32 hex digits: how many they act for is its rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from streams.domain.records import Reason
from streams.people.actors import Role
from streams.people.aggregates import Rules
from streams.people.commands import Refused, unless

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streams.people.combined import Combined
    from streams.people.commands import Command, Recorded

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
    """Whom somebody acts for, and since when (unix seconds)."""

    since: Mapping[str, int] = field(default_factory=dict)

    def acts_for(self, person: str, at: int) -> bool:
        """Say whether a consent holds at a time, nothing later being known."""
        return person in self.since and self.since[person] <= at


def rules(max_dependants: int = 5) -> Rules[Proxy, Asked, Fact]:
    """Return the aggregate's rules where a proxy acts for so many at most."""

    def decide(state: Proxy, command: Command[Asked]) -> Sequence[Fact] | Refused:
        refused = unless(command.actor, Role.RESIDENT, Role.COMMUNITY, Role.OFFICER)
        if refused is not None:
            return refused
        match command.body:
            case GiveConsent() as consent:
                return _consented(state, command, consent, max_dependants)
            case WithdrawConsent(person):
                return _withdrawn(state, command, person)

    return Rules(Proxy(), decide, evolve)


def _consented(
    state: Proxy, command: Command[Asked], consent: GiveConsent, max_dependants: int
) -> Sequence[Fact] | Refused:
    if consent.person == command.aggregate:
        return Refused("own_proxy", "nobody needs a consent to act for themselves")
    if command.actor.role is Role.RESIDENT:
        if command.actor.id != consent.person or consent.basis == "guardian":
            return Refused("not_theirs_to_give", "expected the person's own consent, or a paper at an office")
    elif not consent.ticket.strip():
        return Refused("no_ticket", "expected a ticket: which paper was signed")
    if consent.person in state.since:
        return Refused("consent_stands", "the consent is recorded already")
    if len(state.since) >= max_dependants:
        return Refused("too_many_dependants", f"a proxy acts for at most {max_dependants}: find another")
    return [ConsentGiven(consent.person, consent.basis, consent.ticket)]


def _withdrawn(state: Proxy, command: Command[Asked], person: str) -> Sequence[Fact] | Refused:
    """Withdraw for the person, for the proxy who gives it up, or at an office; nobody else may."""
    if command.actor.role is Role.RESIDENT and command.actor.id not in {person, command.aggregate}:
        return Refused("not_theirs_to_withdraw", "expected the person or their proxy")
    return (
        [ConsentWithdrawn(person)]
        if person in state.since
        else Refused("no_consent", "no consent is recorded")
    )


def evolve(state: Proxy, fact: Recorded[Fact]) -> Proxy:
    """Return whom a proxy acts for after a fact."""
    match fact.body:
        case ConsentGiven(person):
            return Proxy({**state.since, person: fact.at // 1000})
        case ConsentWithdrawn(person):
            return Proxy({name: since for name, since in state.since.items() if name != person})


def as_a_proxy_sees(whole: Combined) -> Combined:
    """Return a person's colour as their proxy may see it: codes and ages, never a visit."""
    return replace(
        whole,
        sources=tuple(
            replace(source, reasons=tuple(dict.fromkeys(Reason(one.code) for one in source.reasons)))
            for source in whole.sources
        ),
    )
