"""Binding an unbound phone by hand: one officer proposes, another confirms, the person agrees (rule 10.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from streams.people import upheld
from streams.people.actors import Role
from streams.people.aggregates import Rules
from streams.people.commands import Denied, Refused, unless
from streams.people.phone_facts import BindingConfirmed, BindingProposed, HolderAgreed, ProposalRejected
from streams.people.phones import Phone, evolve
from streams.people.upheld import CorrectBinding, StrikeSightings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.people.commands import Command
    from streams.people.phone_facts import Fact
    from streams.people.upheld import Upheld

REASONS: Final = ("document_seen", "carrier_paper", "police_request", "guardian")
"""The closed list of why a phone is bound by hand."""


@dataclass(frozen=True, slots=True)
class ProposeBinding:
    """Asks that a phone nobody holds be bound to a person, from `from_` (seconds) on.

    `guardian` is who is bound to a child's phone for it, named just where the reason is `guardian` (11.4).
    """

    person: bytes
    from_: int
    reason: str
    ticket: str
    guardian: bytes | None = None


@dataclass(frozen=True, slots=True)
class ConfirmBinding:
    """Asks that the proposal for this person be carried out; another officer than the proposer may."""

    person: bytes


@dataclass(frozen=True, slots=True)
class RejectBinding:
    """Asks that the proposal be dropped."""


@dataclass(frozen=True, slots=True)
class AgreeToBinding:
    """Says that the phone bound to one by hand is one's own; the person alone may, their id being theirs."""


Wish: TypeAlias = "ProposeBinding | ConfirmBinding | RejectBinding | AgreeToBinding | Upheld"


def decide(state: Phone, command: Command[Wish]) -> Sequence[Fact] | Refused:
    """Return what a command about a phone's holder leads to, or why it leads to nothing."""
    match command.body:
        case ProposeBinding() as body:
            return _proposed(state, command, body)
        case ConfirmBinding() as body:
            return _confirmed(state, command, body)
        case RejectBinding():
            return _rejected(state, command)
        case AgreeToBinding():
            return _agreed(state, command)
        case StrikeSightings() | CorrectBinding() as body:
            return upheld.decide(state, command.actor, bytes.fromhex(command.aggregate), body)


def _proposed(state: Phone, command: Command[Wish], body: ProposeBinding) -> Sequence[Fact] | Refused:
    refused = (
        unless(command.actor, Role.OFFICER) or _unfit(body, command.at // 1000) or _held(state, body.from_)
    )
    if refused is not None:
        return refused
    if state.proposal is not None:
        return Refused("proposal_open", "another proposal waits: confirm or reject it first")
    return [BindingProposed(body.person, body.from_, body.reason, body.ticket, body.guardian)]


def _unfit(body: ProposeBinding, now: int) -> Refused | None:
    if body.reason not in REASONS:
        return Refused("unknown_reason", f"expected one of {', '.join(REASONS)}")
    if not body.ticket.strip():
        return Refused("no_ticket", "name the ticket of the case")
    if body.from_ > now:
        return Refused("in_the_future", "a binding begins now or in the past")
    if (body.guardian is not None) != (body.reason == "guardian") or body.guardian == body.person:
        return Refused("no_guardian", "name a guardian just where the reason is guardian, and not the child")
    return None


def _held(state: Phone, since: int) -> Refused | None:
    """Refuse to bind by hand a phone that somebody held after `since`: the carrier corrects its own word."""
    held = [one for one in state.held() if one.holder.names and not one.holder.erased]
    if all(one.until is not None and one.until <= since for one in held):
        return None
    return Refused("already_bound", "somebody held this phone then; the carrier corrects its own bindings")


def _confirmed(state: Phone, command: Command[Wish], body: ConfirmBinding) -> Sequence[Fact] | Refused:
    if (denied := unless(command.actor, Role.OFFICER)) is not None:
        return denied
    if state.proposal is None or state.proposal.body.person != body.person:
        return Refused("no_proposal", "nothing of this kind is proposed: read again")
    if state.proposal.proposer == command.actor.id:
        return Denied("same_officer", "somebody else than the proposer confirms")
    found = state.proposal.body
    refused = _held(state, found.from_)
    if refused is not None:
        return refused
    latest = state.latest()
    return [BindingConfirmed(found.person, found.from_, latest, found.reason, found.ticket, found.guardian)]


def _rejected(state: Phone, command: Command[Wish]) -> Sequence[Fact] | Refused:
    refused = unless(command.actor, Role.OFFICER)
    if refused is not None:
        return refused
    if state.proposal is None:
        return Refused("no_proposal", "nothing is proposed: read again")
    return [ProposalRejected()]


def _agreed(state: Phone, command: Command[Wish]) -> Sequence[Fact] | Refused:
    refused = unless(command.actor, Role.RESIDENT)
    if refused is not None:
        return refused
    holder = state.holder(command.at // 1000)
    person = next((name for name in holder.names if name.hex() == command.actor.id), None) if holder else None
    if person is None:
        return Denied("not_the_holder", "only who is bound to the phone may agree to it")
    return [HolderAgreed(person)]


PHONES: Final = Rules(Phone(), decide, evolve)
"""A phone's rules: `aggregate` is its pseudonym in 32 hex digits."""
