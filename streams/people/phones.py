"""A phone as an aggregate: what was told of its holders, what officers decided, what followed (rule 10).

Carriers' bindings are facts from outside: `entered` takes them, in any order and as often as they come.
Whatever this side decides of them is a recorded fact of the phone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from streams.people.bindings import Corrected, Holder, Tenure, Told, holder_at, tenures, told, uncorrected
from streams.people.forgetting import BindingRestated, HolderForgotten, nameless, without_guardian
from streams.people.inheritance import ColourWitnessed, Span, struck
from streams.people.phone_facts import (
    BindingConfirmed,
    BindingCorrected,
    BindingProposed,
    CaseStruck,
    HolderAgreed,
    ProposalRejected,
    SightingsStruck,
)

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from streams.people.bindings import Binding
    from streams.people.commands import Recorded
    from streams.people.phone_facts import Fact


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal that waits for a second officer."""

    proposer: str
    """The identity of the officer who proposed."""
    body: BindingProposed
    version: int = 0
    """Of the fact."""


Struck: TypeAlias = "tuple[bytes, Span]"
"""A pseudonym of the phone, and what is struck out of its diary."""


@dataclass(frozen=True, slots=True)
class Phone:
    """What is known of one phone; nothing of it was ever held before the first thing told."""

    bindings: Mapping[int, Binding] = field(default_factory=dict)
    """By version."""
    by_hand: tuple[Told, ...] = ()
    proposal: Proposal | None = None
    strikes: frozenset[Struck] = frozenset()
    """Entered, and not withdrawn."""
    witnessed: tuple[ColourWitnessed, ...] = ()
    cases: frozenset[CaseStruck] = frozenset()
    corrected: tuple[Corrected, ...] = ()
    forgotten: tuple[Told, ...] = ()
    """What was told of holders who were erased since: each of somebody without a name (rule 19.2)."""
    named: tuple[tuple[int, bytes], ...] = ()
    """The facts decided here that name somebody, by version, and whom."""
    also: frozenset[bytes] = frozenset()
    """Other pseudonyms of the phone that only bindings of erased holders named."""

    def told(self) -> tuple[Told, ...]:
        """Return everything told of the phone's holders, in no order."""
        return (*map(told, self.bindings.values()), *self.by_hand, *self.forgotten)

    def held(self) -> tuple[Tenure, ...]:
        """Return who held the phone when; whose tenure was corrected is nobody known."""
        return tenures(uncorrected(self.told(), self.corrected))

    def holder(self, time: int) -> Holder | None:
        """Return who holds the phone at a time; None: it is unbound and vouches for nobody (rule 10.3)."""
        found = holder_at(self.held(), time)
        return None if found is None or found.erased else found

    def latest(self) -> int:
        """Return the highest version of a carrier, 0 before the first."""
        return max((version for version, number in map(_order, self.told()) if not number), default=0)

    def names(self) -> frozenset[bytes]:
        """Return the other pseudonyms that bindings name for this phone (rule 6.7)."""
        named = (one.other_phone for one in self.bindings.values())
        return self.also.union(name for name in named if name is not None)

    def erased(self, version: int) -> bool:
        """Say whether a carrier's version told of a holder who was erased since (rule 19.2)."""
        return (version, 0) in map(_order, self.forgotten)

    def due(self, phone: bytes) -> frozenset[Struck]:
        """Return what has to be struck out, of every pseudonym of the phone (rules 10.1, 10.2)."""
        return frozenset((name, span) for name in {phone, *self.names()} for span in struck(self.held()))

    def cases_due(self, phone: bytes) -> list[CaseStruck]:
        """Return what cases have still to strike out of other pseudonyms of the phone (rule 10.1)."""
        wanted = {replace(one, phone=name) for one in self.cases for name in {phone, *self.names()}}
        return sorted(wanted - self.cases, key=lambda one: (one.case, one.phone))


def entered(state: Phone, binding: Binding) -> Phone:
    """Return the phone after a carrier's binding; one that is known already changes nothing.

    Of two that say different things under one version the later one stands: so it does in a compacted topic,
    and the phone is what the topic holds.
    """
    if state.bindings.get(binding.version) == binding:
        return state
    return replace(state, bindings={**state.bindings, binding.version: binding})


def withdrawn(state: Phone, version: int) -> Phone:
    """Return the phone without a carrier's binding: it was erased (rule 19.2)."""
    return replace(state, bindings={v: one for v, one in state.bindings.items() if v != version})


def evolve(state: Phone, fact: Recorded[Fact]) -> Phone:
    """Return the phone after a fact."""
    named = tuple((fact.version, person) for person in _named(fact.body))
    state = replace(state, named=state.named + named) if named else state
    match fact.body:
        case HolderForgotten() as body:
            return nameless(state, body, fact.version)
        case BindingRestated() as body:
            return without_guardian(state, body)
        case SightingsStruck() | ColourWitnessed() | CaseStruck() as body:
            return _of_sightings(state, body)
        case _:
            return _decided(state, fact)


def _decided(state: Phone, fact: Recorded[Fact]) -> Phone:
    match fact.body:
        case BindingProposed() as body:
            return replace(state, proposal=Proposal(fact.actor.id, body, fact.version))
        case BindingConfirmed() as body:
            holder = Holder(frozenset({body.person}), manual=True, lead=True, guardian=body.guardian)
            by_hand = Told((body.after, fact.version), holder, body.from_)
            return replace(state, proposal=None, by_hand=(*state.by_hand, by_hand))
        case ProposalRejected():
            return replace(state, proposal=None)
        case HolderAgreed(person=person):
            return replace(state, by_hand=tuple(_agreed(one, person) for one in state.by_hand))
        case BindingCorrected(person=person, after=after):
            one = Corrected(person, (after, fact.version))
            return replace(state, corrected=(*state.corrected, one))
    return state


def _of_sightings(state: Phone, body: SightingsStruck | ColourWitnessed | CaseStruck) -> Phone:
    match body:
        case SightingsStruck():
            strike = (body.phone, Span(body.from_, body.until))
            found = state.strikes - {strike} if body.withdrawn else state.strikes | {strike}
            return replace(state, strikes=found)
        case ColourWitnessed():
            return replace(state, witnessed=(*state.witnessed, body))
        case CaseStruck():
            return replace(state, cases=state.cases | {body})


def _named(body: Fact) -> tuple[bytes, ...]:
    """Return whom a fact names."""
    match body:
        case (
            BindingProposed(person=person, guardian=guardian)
            | BindingConfirmed(person=person, guardian=guardian)
        ):
            return (person,) if guardian is None else (person, guardian)
        case HolderAgreed(person=person) | BindingRestated(person=person) | BindingCorrected(person=person):
            return (person,)
        case _:
            return ()


def _order(one: Told) -> tuple[int, int]:
    return one.order


def _agreed(one: Told, person: bytes) -> Told:
    if one.holder is None or person not in one.holder.names:
        return one
    return replace(one, holder=replace(one.holder, lead=False))


def follows(phone: bytes, state: Phone, colour: ColourWitnessed | None) -> tuple[Fact, ...]:
    """Return what has to be recorded of a phone whose holders may have changed (rule 10.2).

    `colour` is the phone's last change as known now, None before the first. It is witnessed before anything
    is struck out, for what is struck out changes it.
    """
    facts: list[Fact] = []
    ended = any(one.until is not None for one in state.held())
    known = {one.sequence for one in state.witnessed}
    if ended and colour is not None and colour.valid_until is not None and colour.sequence not in known:
        facts.append(colour)
    due = state.due(phone)
    facts += [_strike(one, withdrawn=False) for one in sorted(due - state.strikes)]
    facts += [_strike(one, withdrawn=True) for one in sorted(state.strikes - due)]
    return (*facts, *state.cases_due(phone))


def strikes_of(body: object, retired: Container[int]) -> bool:
    """Say whether a fact is of a strike under a pseudonym of a retired epoch: it goes with it (rule 6.7)."""
    return isinstance(body, SightingsStruck | CaseStruck) and body.phone[0] in retired


def _strike(strike: Struck, *, withdrawn: bool) -> SightingsStruck:
    phone, span = strike
    return SightingsStruck(span.from_, span.until, phone, withdrawn)
