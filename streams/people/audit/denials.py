"""A command that its actor may not give, as the look-up that is recorded of it (rule 17.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from streams.people.audit.lookups import Kind, LookUp, Subject
from streams.people.manual import AgreeToBinding, ConfirmBinding, ProposeBinding, RejectBinding
from streams.people.proxies import GiveConsent, WithdrawConsent
from streams.people.upheld import CorrectBinding, StrikeSightings

if TYPE_CHECKING:
    from streams.people.commands import Command, Denied

LONGEST: Final = 200
"""Characters of a ticket that are kept: nobody has looked at it yet."""


def denial(command: Command[Any], denied: Denied, at: int) -> LookUp:
    """Return what is recorded of a denied attempt; `at` (ms) is when it came in."""
    ticket = getattr(command.body, "ticket", None) or ""
    return LookUp(
        actor=command.actor,
        subject=_subject(command),
        purpose=f"command {type(command.body).__name__}",
        at=at,
        ticket=ticket.strip()[:LONGEST] or None,
        denied=denied.code,
    )


def _subject(command: Command[Any]) -> Subject:
    """Return whom a command is about: a phone, the person whose consent it is, or the person."""
    match command.body:
        case (
            ProposeBinding()
            | ConfirmBinding()
            | RejectBinding()
            | AgreeToBinding()
            | StrikeSightings()
            | CorrectBinding()
        ):
            return Subject(Kind.PHONE, bytes.fromhex(command.aggregate))
        case GiveConsent(person=person) | WithdrawConsent(person=person):
            return Subject(Kind.PERSON, bytes.fromhex(person))
        case _:
            return Subject(Kind.PERSON, bytes.fromhex(command.aggregate))
