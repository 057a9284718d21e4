"""Referrals: who may do what with one, and what comes of it (rule 15).

The aggregate is the person, by their pseudonym in 32 hex digits. That one is opened, added to, noted on,
escalated and addressed nobody asks for: it follows from what is known (`streams.people.referring`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from streams.people.actors import Role
from streams.people.aggregates import Rules
from streams.people.commands import Denied, Refused, unless
from streams.people.declarations import LONGEST_TEXT, LONGEST_WORD
from streams.people.referral import STATES, Referrals, evolve
from streams.people.referred import (
    RED,
    Cause,
    Fact,
    FindingRecorded,
    PersonContacted,
    PersonPlaced,
    ReferralAcknowledged,
    ReferralClosed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.people.actors import Actor
    from streams.people.commands import Command
    from streams.people.referral import Referral, State


@dataclass(frozen=True, slots=True)
class AcknowledgeReferral:
    """Takes it on: whoever sends this answers for it from now on."""


@dataclass(frozen=True, slots=True)
class RecordContact:
    """Says that the person was reached, and how."""

    how: str


@dataclass(frozen=True, slots=True)
class RecordPlacement:
    """Says that it is settled where the person stays."""

    where: str


@dataclass(frozen=True, slots=True)
class RecordFinding:
    """Says what a human has found of a red reason; `ticket` is what was looked at (rule 15.2)."""

    code: str
    area: str
    confirmed: bool
    ticket: str


@dataclass(frozen=True, slots=True)
class CloseReferral:
    """Asks that it be closed: `appeal` is the id of the one that was upheld (rule 15.3), empty by hand."""

    appeal: str = ""


Asked: TypeAlias = AcknowledgeReferral | RecordContact | RecordPlacement | RecordFinding | CloseReferral


def rules(offices: Callable[[str], Sequence[str]]) -> Rules[Referrals, Asked, Fact]:
    """Return the aggregate's rules; `offices` are a community's, as the register has them by then."""

    def decide(state: Referrals, command: Command[Asked]) -> Sequence[Fact] | Refused:
        body, referral = command.body, state.open
        if isinstance(body, CloseReferral) and body.appeal:
            return _upheld(referral, command.actor, body)
        refused = unless(command.actor, Role.COMMUNITY, Role.OFFICER)
        if refused is not None:
            return refused
        if referral is None:
            return Refused("no_referral", "no referral of this person is open: read again")
        return _elsewhere(referral, command.actor, offices) or _done(state, referral, body)

    return Rules(Referrals(), decide, evolve)


def _upheld(referral: Referral | None, actor: Actor, body: CloseReferral) -> Sequence[Fact] | Refused:
    """Close it for an appeal that was upheld; nobody asks for that but this side itself."""
    refused = unless(actor, Role.OPERATOR)
    if refused is not None:
        return refused
    return [] if referral is None else [ReferralClosed(body.appeal)]


def _elsewhere(referral: Referral, actor: Actor, offices: Callable[[str], Sequence[str]]) -> Denied | None:
    """Refuse a worker of a community to which it is not addressed; an officer is bound to none."""
    if actor.role is Role.OFFICER:
        return None
    community = referral.address.community
    if community is not None and actor.office in offices(community):
        return None
    return Denied(
        "other_community", "this referral is not with your community: tell an officer of the county"
    )


def _done(state: Referrals, referral: Referral, body: Asked) -> Sequence[Fact] | Refused:
    match body:
        case AcknowledgeReferral():
            if referral.due is None:
                return Refused("acknowledged", "it is acknowledged already: read again")
            return [ReferralAcknowledged()]
        case RecordContact(how):
            return _next(referral, "contacted") or _worded(how) or [PersonContacted(how.strip())]
        case RecordPlacement(where):
            return _next(referral, "placed") or _worded(where) or [PersonPlaced(where.strip())]
        case RecordFinding():
            return _found(state, body)
        case CloseReferral():
            return _closed(state, referral)


def _next(referral: Referral, to: State) -> Refused | None:
    """Refuse to leave a state out, or to go back."""
    before = STATES[STATES.index(to) - 1]
    if referral.state == before:
        return None
    return Refused("not_next", f"expected one that is {before}, it is {referral.state}: read again")


def _worded(text: str) -> Refused | None:
    if 0 < len(text.strip()) <= LONGEST_TEXT:
        return None
    return Refused("no_text", f"expected a note of at most {LONGEST_TEXT} characters")


def _found(state: Referrals, body: RecordFinding) -> Sequence[Fact] | Refused:
    if Cause(RED, body.code, body.area) not in state.standing:
        return Refused("no_such_reason", "expected a red reason that the person has now: read again")
    if not 0 < len(body.ticket.strip()) <= LONGEST_WORD:
        return Refused("no_ticket", "expected a ticket: what was looked at")
    known = state.findings.get((body.code, body.area))
    # What was found confirmed may turn out to be wrong; what was refuted is the appeal's to decide.
    if known is not None and (body.confirmed or not known.confirmed):
        return Refused("found_already", "somebody has found this already: read again")
    return [FindingRecorded(body.code, body.area, body.confirmed, body.ticket.strip())]


def _closed(state: Referrals, referral: Referral) -> Sequence[Fact] | Refused:
    if referral.due is not None:
        return Refused("not_acknowledged", "acknowledge it first: whoever closes it answers for it")
    if state.unfound():
        return Refused(
            "not_found", "find each red reason confirmed or refuted first: until then it is a lead"
        )
    return [ReferralClosed("")]
