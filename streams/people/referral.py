"""A person's referrals as their facts have made them (rule 15).

The aggregate is the person, by their pseudonym in 32 hex digits; one referral is open at a time. It is about
causes, and further ones are added while it is open. Times are unix seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from streams.people.referred import (
    RED,
    CausesAdded,
    CausesGone,
    FindingRecorded,
    PersonContacted,
    PersonPlaced,
    ReferralAcknowledged,
    ReferralAddressed,
    ReferralClosed,
    ReferralEscalated,
    ReferralOpened,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streams.people.actors import Actor
    from streams.people.addresses import Address
    from streams.people.commands import Recorded
    from streams.people.referred import Cause, Fact
    from streams.people.sources import Ground

State: TypeAlias = Literal["open", "acknowledged", "contacted", "placed", "closed"]
STATES: Final[tuple[State, ...]] = ("open", "acknowledged", "contacted", "placed", "closed")
"""In the order in which a referral goes through them; it never goes back."""

HEARD_BY: Final = 3600
"""Seconds by which the change of colour that an upheld appeal leads to should be heard."""


@dataclass(frozen=True, slots=True)
class Step:
    """A state that a referral came to, by whom and when."""

    state: State
    by: Actor
    at: int


@dataclass(frozen=True, slots=True)
class Referral:
    """One referral; `steps` has each state that it came to."""

    number: int
    causes: tuple[Cause, ...]
    address: Address
    steps: tuple[Step, ...]
    due: int | None
    """When it should be acknowledged by; None once it is."""
    escalated: int = 0
    """How often, since it began to wait."""
    next: int | None = None
    """When it is escalated, or again; None once it is acknowledged."""
    suggestion: str | None = None

    @property
    def state(self) -> State:
        """Return the state it is in."""
        return self.steps[-1].state

    def overdue(self, now: int) -> bool:
        """Say whether it should have been acknowledged by then (rule 15.1)."""
        return self.due is not None and self.due <= now


@dataclass(frozen=True, slots=True)
class Finding:
    """What a human has found of a red reason, and who."""

    confirmed: bool
    by: Actor
    at: int


@dataclass(frozen=True, slots=True)
class Referrals:
    """A person's last referral, what stands of what they may be referred for, and what was found of it."""

    last: Referral | None = None
    standing: frozenset[Cause] = frozenset()
    findings: Mapping[Ground, Finding] = field(default_factory=dict)
    colour: str = "unknown"
    """The one that was noted last."""

    @property
    def open(self) -> Referral | None:
        """Return the referral that is not closed, None where there is none."""
        return None if self.last is None or self.last.state == "closed" else self.last

    @property
    def due(self) -> int | None:
        """Return when to look again though nothing is told (seconds), None if nothing is due.

        That is the next escalation; or an hour after an upheld appeal has closed a referral and left reds
        that nobody has found. Nobody closes one by hand that has any.
        """
        if self.open is not None:
            return self.open.next
        return self.last.steps[-1].at + HEARD_BY if self.last is not None and self.unfound() else None

    def confirmed(self) -> frozenset[Ground]:
        """Return the red reasons that a human has found confirmed: no leads any more (rule 15.2)."""
        return frozenset(ground for ground, one in self.findings.items() if one.confirmed)

    def unfound(self, causes: Iterable[Cause] | None = None) -> tuple[Cause, ...]:
        """Return what is red, of all that stands or of some causes, and found neither way: the leads."""
        some = self.standing if causes is None else causes
        leads = (one for one in some if one.why == RED and (one.code, one.area) not in self.findings)
        return tuple(sorted(leads))


def evolve(state: Referrals, fact: Recorded[Fact]) -> Referrals:
    """Return a person's referrals after a fact."""
    body, at = fact.body, fact.at // 1000
    match body:
        case ReferralOpened():
            opened = Step("open", fact.actor, at)
            new = Referral(body.number, body.causes, body.address, (opened,), body.due, next=body.due)
            return _added(replace(state, last=new), body.causes, body.colour)
        case CausesGone():
            return _gone(state, body)
        case CausesAdded() if state.last is not None:
            causes = tuple(dict.fromkeys((*state.last.causes, *body.causes)))
            last = replace(_waiting(state.last, body.due), causes=causes, suggestion=None)
            return _added(replace(state, last=last), body.causes, body.colour)
        case FindingRecorded():
            found = Finding(body.confirmed, fact.actor, at)
            return replace(state, findings={**state.findings, (body.code, body.area): found})
        case _:
            return state if state.last is None else replace(state, last=_moved(state.last, fact, at))


def _moved(last: Referral, fact: Recorded[Fact], at: int) -> Referral:
    after = last
    match fact.body:
        case ReferralAddressed(address, due):
            after = replace(_waiting(last, due), address=address)
        case ReferralEscalated(times, again):
            after = replace(last, escalated=times, next=again)
        case ReferralAcknowledged():
            after = replace(last, due=None, next=None, escalated=0)
            # One that waited again may have been further already: a state never goes back.
            if last.state == "open":
                after = _stepped(after, "acknowledged", fact.actor, at)
        case PersonContacted():
            after = _stepped(last, "contacted", fact.actor, at)
        case PersonPlaced():
            after = _stepped(last, "placed", fact.actor, at)
        case ReferralClosed():
            after = _stepped(replace(last, due=None, next=None), "closed", fact.actor, at)
    return after


def _stepped(last: Referral, state: State, by: Actor, at: int) -> Referral:
    return replace(last, steps=(*last.steps, Step(state, by, at)))


def _waiting(last: Referral, due: int | None) -> Referral:
    """Return a referral that waits to be acknowledged again, if `due` says so."""
    return last if due is None else replace(last, due=due, next=due, escalated=0)


def _added(state: Referrals, causes: tuple[Cause, ...], colour: str) -> Referrals:
    return replace(state, standing=state.standing.union(causes), colour=colour)


def _gone(state: Referrals, body: CausesGone) -> Referrals:
    """Return what stands without some causes; what was found of them is gone too: one that is back is new."""
    gone = {(one.code, one.area) for one in body.causes if one.why == RED}
    findings = {ground: one for ground, one in state.findings.items() if ground not in gone}
    last = state.last if state.open is None else replace(state.open, suggestion=body.suggestion)
    return replace(
        state,
        last=last,
        standing=state.standing.difference(body.causes),
        findings=findings,
        colour=body.colour,
    )
