"""Appeals: who may contest what, and how one is decided by two officers (rules 16.1, 16.2).

The aggregate is the person, by their pseudonym in 32 hex digits. No colour is set by hand: what an upheld
appeal leads to is said in `streams.people.remedies`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias, get_args

from streams.people.actors import Role
from streams.people.aggregates import Rules
from streams.people.appealed import (
    Against,
    Appeal,
    AppealOpened,
    AppealRejected,
    Appeals,
    AppealUpheld,
    Fact,
    Ground,
    Matter,
    Opener,
    Remedy,
    UpholdProposed,
    evolve,
    matter_of,
)
from streams.people.commands import Denied, Refused, unless
from streams.people.declarations import LONGEST_TEXT, LONGEST_WORD, speaker
from streams.people.matters import for_no_proxy, meant
from streams.people.remedies import unfit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.people.actors import Actor
    from streams.people.commands import Command
    from streams.people.said import Declarations

NAME: Final = 12
"""Random bytes of an appeal's name: it is shown where the person must not be, and outlives them there."""


@dataclass(frozen=True, slots=True)
class OpenAppeal:
    """Contests a reason or a contradiction (`code` and `area`), or a binding by hand (`phone`, in hex).

    Without either it is every one of its kind. With a reason the phone that says it may be named. What there
    is not is empty, as the ticket where nobody gave one.
    """

    against: Against
    code: str = ""
    area: str = ""
    phone: str = ""
    ticket: str = ""


@dataclass(frozen=True, slots=True)
class ProposeUphold:
    """An officer's proposal: the ground, and what is to be done about it (`Remedy` says what each needs)."""

    appeal: str
    ground: Ground
    ticket: str
    phone: str = ""
    hex: int | None = None
    from_: int | None = None
    until: int | None = None
    declared: int | None = None


@dataclass(frozen=True, slots=True)
class ConfirmUphold:
    """Another officer's word that the proposal of this version is right: it is done."""

    appeal: str
    proposal: int


@dataclass(frozen=True, slots=True)
class RejectAppeal:
    """An officer's word that there is no ground; `text` is told to whoever appealed."""

    appeal: str
    text: str
    ticket: str


Asked: TypeAlias = OpenAppeal | ProposeUphold | ConfirmUphold | RejectAppeal


@dataclass(frozen=True, slots=True)
class Around:
    """What lies outside the aggregate, as it is when a command about a person is decided."""

    declared: Declarations
    """What the person has declared, and who may speak for them."""
    matters: frozenset[Matter]
    """What stands of them that can be contested."""
    phones: frozenset[str]
    """Those that say anything of them, in hex."""
    resolution: int
    appeal_hours: int = 48
    referred: bool = False
    """Whether a referral of theirs is known here: it is not once they are erased (rule 19.2)."""


def rules(around: Callable[[str, int], Around], draw: Callable[[], bytes]) -> Rules[Appeals, Asked, Fact]:
    """Return the aggregate's rules; what lies around a person at a time (seconds) is asked each time.

    `draw` gives NAME random bytes a call: from an appeal's name nobody learns whose it is.
    """

    def decide(state: Appeals, command: Command[Asked]) -> Sequence[Fact] | Refused:
        found = around(command.aggregate, command.at // 1000)
        match command.body:
            case OpenAppeal() as body:
                return _opened(state, command, body, found, draw)
            case ProposeUphold() as body:
                return _proposed(state, command, body, found)
            case ConfirmUphold() as body:
                return _confirmed(state, command, body, found)
            case RejectAppeal() as body:
                return _rejected(state, command.actor, body)

    return Rules(Appeals(), decide, evolve)


def _opened(
    state: Appeals, command: Command[Asked], body: OpenAppeal, around: Around, draw: Callable[[], bytes]
) -> Sequence[Fact] | Refused:
    by = _opener(command, around)
    if isinstance(by, Refused):
        return by
    refused = _unusable(body) or for_no_proxy(by, body)
    if refused is not None:
        return refused
    own = matter_of(body)
    found = [own] if by == "referral" else meant(own, around.matters)
    if not found or (by != "referral" and body.phone not in {"", *around.phones}):
        return Refused("nothing_to_appeal", "no such reason, question or binding by hand stands: read again")
    waiting = {one.matter for one in state.pending()}
    left = [one for one in found if one not in waiting]
    if not left:
        return Refused("appeal_open", "an appeal against this waits to be decided: its deadline runs")
    due = command.at // 1000 + around.appeal_hours * 3600
    return [
        AppealOpened(name, one.against, one.code, one.area, one.phone or body.phone, body.ticket, by, due)
        for one, name in ((one, f"appeal-{draw().hex()}") for one in left)
    ]


def _opener(command: Command[Asked], around: Around) -> Opener | Refused:
    """Return who appeals; a referral that refuted a red appeals by this side itself (rule 15.2).

    Its command may come after the person was erased: nothing is told of them any more.
    """
    if command.actor.role is not Role.OPERATOR:
        return speaker(around.declared, command)
    if not around.referred:
        return Refused("nothing_to_appeal", "no referral of this person is known: they may be erased")
    return "referral"


def _unusable(body: OpenAppeal) -> Refused | None:
    if body.against not in get_args(Against):
        return Refused("unknown_word", f"expected one of {', '.join(get_args(Against))}")
    if max(map(len, (body.code, body.area, body.phone, body.ticket))) > LONGEST_WORD:
        return Refused("too_long", f"expected at most {LONGEST_WORD} characters in each field")
    return None


def _proposed(
    state: Appeals, command: Command[Asked], body: ProposeUphold, around: Around
) -> Sequence[Fact] | Refused:
    appeal = _pending(state, command.actor, body.appeal)
    if isinstance(appeal, Refused):
        return appeal
    at = command.at // 1000
    remedy = Remedy(body.ground, body.phone, body.hex, body.from_, body.until, body.declared)
    refused = (
        _without_ticket(body.ticket)
        or unfit(remedy, around.phones, around.declared, around.resolution, at)
        or _own_correction(command.actor, remedy, around.declared)
    )
    return refused or [UpholdProposed(appeal.name, *_parts(remedy), body.ticket)]


def _confirmed(
    state: Appeals, command: Command[Asked], body: ConfirmUphold, around: Around
) -> Sequence[Fact] | Refused:
    appeal = _pending(state, command.actor, body.appeal)
    if isinstance(appeal, Refused):
        return appeal
    proposal = appeal.proposal
    if proposal is None or proposal.version != body.proposal:
        return Refused("no_proposal", "nothing of this version is proposed: read again")
    if proposal.actor.id == command.actor.id:
        return Denied("same_officer", "somebody else than the proposer confirms")
    remedy, at = proposal.remedy, command.at // 1000
    refused = unfit(remedy, around.phones, around.declared, around.resolution, at) or _own_correction(
        command.actor, remedy, around.declared
    )
    office = proposal.actor.office
    return refused or [AppealUpheld(appeal.name, *_parts(remedy), proposal.ticket, office)]


def _rejected(state: Appeals, actor: Actor, body: RejectAppeal) -> Sequence[Fact] | Refused:
    appeal = _pending(state, actor, body.appeal)
    if isinstance(appeal, Refused):
        return appeal
    if not 0 < len(body.text.strip()) <= LONGEST_TEXT:
        return Refused("no_text", f"say why, in at most {LONGEST_TEXT} characters: whoever appealed reads it")
    return _without_ticket(body.ticket) or [AppealRejected(appeal.name, body.text.strip(), body.ticket)]


def _pending(state: Appeals, actor: Actor, name: str) -> Appeal | Refused:
    """Return an appeal that waits, for an officer who has no part in it."""
    refused = unless(actor, Role.OFFICER)
    if refused is not None:
        return refused
    appeal = state.named(name)
    if appeal is None or appeal.decided_at is not None:
        return Refused("nothing_to_decide", "no appeal of this name waits: read again")
    if appeal.actor.id == actor.id:
        return Denied("own_appeal", "whoever made an appeal does not decide it: ask another officer")
    return appeal


def _own_correction(actor: Actor, remedy: Remedy, declared: Declarations) -> Denied | None:
    if any(one.version == remedy.declared and one.actor.id == actor.id for one in declared.said):
        return Denied("own_correction", "whoever wrote a correction down does not confirm it: ask another")
    return None


def _without_ticket(ticket: str) -> Refused | None:
    if 0 < len(ticket.strip()) <= LONGEST_WORD:
        return None
    return Refused("no_ticket", "expected a ticket: what was looked at")


def _parts(one: Remedy) -> tuple[Ground, str, int | None, int | None, int | None, int | None]:
    return one.ground, one.phone, one.hex, one.from_, one.until, one.declared
