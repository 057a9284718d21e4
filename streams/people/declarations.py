"""Declarations and their corrections: who may make them, and what comes of each (rules 11.1, 11.3).

The aggregate is the person, by their pseudonym in 32 hex digits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from streams.people.actors import Role
from streams.people.aggregates import Rules
from streams.people.commands import Denied, Refused, unless
from streams.people.contradictions import ASKED_ABOUT
from streams.people.said import CorrectionReviewed, Declarations, Declared, ProxyNoted, QuestionAnswered, Said
from streams.people.sources import colour_of, severity
from streams.people.statements import SECONDS, Statement
from streams.people.statements import refusal as unusable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.domain.records import Reason
    from streams.people.actors import Actor
    from streams.people.commands import Command, Recorded
    from streams.people.said import Effect, Fact
    from streams.people.sources import Speaker


LONGEST_WORD: Final = 200
"""Characters of a ticket or an area's id."""
LONGEST_TEXT: Final = 1000


@dataclass(frozen=True, slots=True)
class Declare:
    """Asks to be believed: a declaration, or within 14 days of one its correction."""

    statement: Statement


@dataclass(frozen=True, slots=True)
class ReviewCorrection:
    """An officer's decision on the milder correction of a version; `ticket` is what was looked at."""

    declared: int
    ticket: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """Answers the question that `CONTRADICTED` is (rule 11.2)."""

    code: str
    area: str
    text: str


@dataclass(frozen=True, slots=True)
class NoteProxy:
    """What follows a consent given to a proxy or withdrawn; nobody asks for it (`streams.people.proxies`)."""

    proxy: str
    acts: bool


@dataclass(frozen=True, slots=True)
class ConfirmCorrection:
    """What follows an appeal upheld for a mistaken declaration; nobody asks for it (rule 16.2).

    It may be one that an officer did not confirm. `case` is the appeal's name.
    """

    declared: int
    case: str


Asked: TypeAlias = Declare | ReviewCorrection | AnswerQuestion | NoteProxy | ConfirmCorrection


@dataclass(frozen=True, slots=True)
class Around:
    """What lies outside the aggregate, as it is when a command is decided; facts keep what came of it."""

    reasons: Callable[[Statement, int], tuple[Reason, ...]]
    """A statement's reasons at a time by the areas in force."""
    resolution: int
    max_corrections: int = 1
    appeal_hours: int = 48


def rules(around: Callable[[], Around]) -> Rules[Declarations, Asked, Fact]:
    """Return the aggregate's rules in the circumstances that are asked for with each command."""

    def decide(state: Declarations, command: Command[Asked]) -> Sequence[Fact] | Refused:
        match command.body:
            case Declare(statement):
                return _declared(state, command, statement, around())
            case ReviewCorrection() as review:
                return _reviewed(state, command.actor, review)
            case AnswerQuestion() as answer:
                return _answered(state, command, answer)
            case NoteProxy(proxy, acts):
                return _noted(state, command.actor, proxy, acts=acts)
            case ConfirmCorrection(declared, case):
                return _upheld(state, command.actor, declared, case)

    return Rules(Declarations(), decide, evolve)


def speaker(state: Declarations, command: Command[Any]) -> Speaker | Refused:
    """Return who speaks: the person, a proxy with their consent, or the person at an office (rule 11.4).

    A community worker in office is no proxy: what they write down is the person's own word, and says where.
    """
    refused = unless(command.actor, Role.RESIDENT, Role.COMMUNITY)
    if refused is not None:
        return refused
    if command.actor.role is Role.COMMUNITY:
        return "office"
    if command.actor.id == command.aggregate:
        return "self"
    if command.actor.id in state.proxies:
        return "proxy"
    return Denied("no_consent", "expected the person's consent, recorded and not withdrawn")


def _declared(
    state: Declarations, command: Command[Asked], statement: Statement, around: Around
) -> Sequence[Fact] | Refused:
    at = command.at // 1000
    by = speaker(state, command)
    if isinstance(by, Refused):
        return by
    refused = unusable(statement, at, around.resolution)
    if refused is not None:
        return refused
    effect = _effect(state.standing(at), statement, at, around)
    if effect != "milder":
        return [Declared(statement, by, effect)]
    made = sum(one.effect == "milder" and at - one.at <= SECONDS for one in state.said)
    if made >= around.max_corrections:
        return Refused(
            "no_more_corrections",
            f"{around.max_corrections} milder in 14 days: an office can help, and so can an appeal",
        )
    return [Declared(statement, by, "milder", at + around.appeal_hours * 3600)]


def _effect(standing: Said | None, statement: Statement, at: int, around: Around) -> Effect:
    """Say what a statement is beside the standing one.

    Milder is a milder colour, or the same with a reason less.
    """
    if standing is None:
        return "first"
    before, after = around.reasons(standing.statement, at), around.reasons(statement, at)
    harsher = severity(colour_of(after)) - severity(colour_of(before))
    if harsher:
        return "harsher" if harsher > 0 else "milder"
    dropped = {(one.code, one.area) for one in before} - {(one.code, one.area) for one in after}
    return "milder" if dropped else "same"


def _reviewed(state: Declarations, actor: Actor, review: ReviewCorrection) -> Sequence[Fact] | Refused:
    refused = unless(actor, Role.OFFICER)
    if refused is not None:
        return refused
    waiting = next((one for one in state.pending() if one.version == review.declared), None)
    if waiting is None:
        return Refused(
            "nothing_to_review", "expected the version of a milder correction that waits: read again"
        )
    if waiting.actor.id == actor.id:
        return Denied(
            "two_people_needed", "whoever made a correction does not confirm it: ask another officer"
        )
    if not 0 < len(review.ticket.strip()) <= LONGEST_WORD:
        return Refused("no_ticket", "expected a ticket: what was looked at")
    return [CorrectionReviewed(review.declared, review.ticket, review.confirmed)]


def _answered(
    state: Declarations, command: Command[Asked], answer: AnswerQuestion
) -> Sequence[Fact] | Refused:
    by = speaker(state, command)
    if isinstance(by, Refused):
        return by
    if answer.code not in ASKED_ABOUT or not 0 < len(answer.area) <= LONGEST_WORD:
        return Refused("no_question", f"expected one of {', '.join(ASKED_ABOUT)} and an area's id")
    if not 0 < len(answer.text.strip()) <= LONGEST_TEXT:
        return Refused("no_text", f"expected an answer of at most {LONGEST_TEXT} characters")
    return [QuestionAnswered(answer.code, answer.area, answer.text.strip(), by)]


def _noted(state: Declarations, actor: Actor, proxy: str, *, acts: bool) -> Sequence[Fact] | Refused:
    refused = unless(actor, Role.OPERATOR)
    if refused is not None:
        return refused
    return [] if (proxy in state.proxies) == acts else [ProxyNoted(proxy, acts)]


def _upheld(state: Declarations, actor: Actor, declared: int, case: str) -> Sequence[Fact] | Refused:
    refused = unless(actor, Role.OPERATOR)
    if refused is not None:
        return refused
    if any(one.version == declared for one in state.unconfirmed()):
        return [CorrectionReviewed(declared, case, confirmed=True)]
    return Refused("nothing_to_review", "the correction counts already, or a later one has replaced it")


def evolve(state: Declarations, fact: Recorded[Fact]) -> Declarations:
    """Return the declarations after a fact."""
    match fact.body:
        case Declared(statement, by, effect, due):
            new = Said(fact.version, fact.at // 1000, statement, by, fact.actor, effect, due)
            return replace(state, said=(*state.said, new))
        case CorrectionReviewed(declared, _, confirmed):
            said = (
                replace(one, confirmed=confirmed) if one.version == declared else one for one in state.said
            )
            return replace(state, said=tuple(said))
        case QuestionAnswered(code, area):
            return replace(state, explained=state.explained | {(code, area)})
        case ProxyNoted(proxy, acts):
            return replace(state, proxies=state.proxies | {proxy} if acts else state.proxies - {proxy})
