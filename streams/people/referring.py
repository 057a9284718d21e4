"""What has to be recorded of a person's referrals, given what is known of them and the time (rule 15).

Nobody asks for it, and told again it is nothing. Times are unix seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.domain.colours import COLOURS
from streams.people.actors import Actor, Role
from streams.people.appeals import OpenAppeal
from streams.people.commands import Command
from streams.people.referred import (
    CONTRADICTED,
    RED,
    Cause,
    CausesAdded,
    CausesGone,
    FindingRecorded,
    ReferralAddressed,
    ReferralEscalated,
    ReferralOpened,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.people.addresses import Address
    from streams.people.combined import Combined
    from streams.people.commands import Recorded
    from streams.people.referral import Referral, Referrals
    from streams.people.referred import Fact
    from streams.people.vouched import PersonPhone

HOUR: Final = 3600
DAY: Final = 24 * HOUR
REFERRING: Final = Actor("referrals", Role.OPERATOR)
"""Who opens a referral, and an appeal against what was refuted: this side itself."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A person as they are now: their colour, and what they may be referred for."""

    colour: str
    causes: frozenset[Cause]


def seen(whole: Combined, questions: Iterable[tuple[str, str]]) -> Seen:
    """Return what a person's combined colour and the questions that stand give cause for."""
    red = {Cause(RED, one.code, one.area or "") for one in whole.reasons() if COLOURS[one.code] == "red"}
    asked = {Cause(CONTRADICTED, *one) for one in questions}
    return Seen(whole.colour, frozenset(red | asked))


def follows(state: Referrals, now: Seen, home: Address, at: int, ack_hours: int) -> Iterator[Fact]:
    """Yield what a person's colour, questions and register entry lead to at a time.

    `home` is where a referral goes by the register, or the county.
    """
    new, gone = now.causes - state.standing, state.standing - now.causes
    referral, due = state.open, at + ack_hours * HOUR
    greened = referral is not None and now.colour == "green" != state.colour
    if gone or greened:
        stands = any(one in now.causes for one in ([] if referral is None else referral.causes))
        yield CausesGone(tuple(sorted(gone)), now.colour, "go_on" if stands else "close")
    if referral is None:
        # An upheld appeal closed the referral: once its effect has been heard, or has had its time, what is
        # left that nobody has found is another.
        over = state.due is not None and state.due <= at
        left = state.unfound(state.standing - gone) if gone or over else ()
        if new or left:
            number = 1 if state.last is None else state.last.number + 1
            yield ReferralOpened(number, tuple(sorted({*new, *left})), now.colour, home, due)
        return
    if new:
        again = due if referral.due is None else None
        yield CausesAdded(tuple(sorted(new)), now.colour, again)
    if moved(referral, home):
        yield ReferralAddressed(home, due if referral.due is None and not new else None)


def moved(referral: Referral, home: Address) -> bool:
    """Say whether the register names another community than a referral is with."""
    return home.by == "address" and home != referral.address


def nights(state: Referrals, found: Address | None) -> tuple[Fact, ...]:
    """Return what an answer about somebody's nights leads to, while nobody has taken the referral on.

    Of several phones that counts which was observed in most slots; the same answer again changes nothing.
    """
    referral = state.open
    if found is None or referral is None or referral.state != "open" or referral.address.by == "address":
        return ()
    return (ReferralAddressed(found),) if found.slots > referral.address.slots else ()


def escalations(referral: Referral | None, clock: int) -> Iterator[tuple[int, ReferralEscalated]]:
    """Yield the escalations due by the clock, each with its own second: once, then daily (rule 15.1)."""
    if referral is None or referral.next is None:
        return
    times, at = referral.escalated, referral.next
    while at <= clock:
        times += 1
        yield at, ReferralEscalated(times, at + DAY)
        at += DAY


def appeal(fact: Recorded[Fact], phones: Iterable[PersonPhone]) -> Command[OpenAppeal] | None:
    """Return the command that opens an appeal against what was refuted, once, by the fact's name (15.2).

    Its time is part of it: versions begin anew where a person is erased and comes back (rule 19.2).
    """
    body = fact.body
    if not isinstance(body, FindingRecorded) or body.confirmed:
        return None
    phone = _saying(phones, body.code, body.area)
    asked = OpenAppeal("reason", body.code, body.area, phone, body.ticket)
    name = f"referrals/{fact.aggregate}/{fact.version}/{fact.at}"
    return Command(name, fact.aggregate, REFERRING, fact.at, asked)


def _saying(phones: Iterable[PersonPhone], code: str, area: str) -> str:
    """Return the first phone that says it, held or given up; nothing for what was declared."""
    for one in phones:
        held = () if one.held is None else one.held.reasons
        reasons = (*held, *(kept.reason for kept in one.kept))
        if any((reason.code, reason.area) == (code, area) for reason in reasons):
            return one.phone.hex()
    return ""
