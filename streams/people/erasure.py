"""A person's erasure: asked for, carried out once nothing red or yellow holds, then itself forgotten (19.2).

The aggregate is the person, by their pseudonym in 32 hex digits. Its facts last as long as anything is left
to be erased elsewhere: with the last of it they go too, and nothing of the person is left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from streams.people.actors import Actor, Role
from streams.people.aggregates import Rules
from streams.people.commands import Command, Denied, Refused, unless
from streams.people.declarations import LONGEST_WORD
from streams.people.keeping import DAY
from streams.people.sources import accuses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from streams.domain.records import Reason
    from streams.people.commands import Recorded

SYSTEM: Final = Actor("erasure", Role.OPERATOR)
"""Who carries out what was asked for: this side itself."""


@dataclass(frozen=True, slots=True)
class ErasePerson:
    """Asks that a person be erased: by themselves, or at an office by two, under the ticket of their wish."""

    ticket: str = ""


@dataclass(frozen=True, slots=True)
class EraseAlso:
    """What follows for another pseudonym of an erased person (10.1); `due` in seconds; nobody asks for it."""

    due: int


@dataclass(frozen=True, slots=True)
class ForgetPerson:
    """Tells a partition to forget what stands there of an erased person; nobody asks for it.

    By `due` (seconds) they were to be erased in any case.
    """

    due: int


@dataclass(frozen=True, slots=True)
class NoteForgotten:
    """Tells the person's partition that another one has forgotten them."""

    part: int


@dataclass(frozen=True, slots=True)
class EraseTexts:
    """Names texts of look-ups of an erased person by their keys; `last`: there are no others."""

    texts: tuple[str, ...]
    last: bool


@dataclass(frozen=True, slots=True)
class ErasureProposed:
    """Somebody at an office has written down that the person wishes it."""

    ticket: str


@dataclass(frozen=True, slots=True)
class ErasureRequested:
    """It is to be carried out once nothing red or yellow holds, and by `due` (seconds) in any case."""

    due: int


@dataclass(frozen=True, slots=True)
class PersonErased:
    """It was carried out in the person's partition; `parts` partitions were told to do what is theirs."""

    parts: int


@dataclass(frozen=True, slots=True)
class PartForgotten:
    """A partition has forgotten the person."""

    part: int


@dataclass(frozen=True, slots=True)
class TextsErased:
    """The texts of look-ups of the person are marked for removal."""


Asked: TypeAlias = "ErasePerson | EraseAlso | NoteForgotten | EraseTexts"
Fact: TypeAlias = "ErasureProposed | ErasureRequested | PersonErased | PartForgotten | TextsErased"


@dataclass(frozen=True, slots=True)
class Erasure:
    """How far a person's erasure is."""

    proposed_by: str | None = None
    due: int | None = None
    """Unix seconds; None while nobody has asked for it, or only one at an office."""
    at: int = 0
    """When it was asked for, unix milliseconds: whatever follows of it is dated so."""
    carried_out: bool = False
    waiting: frozenset[int] = frozenset()
    """The partitions that have not forgotten the person yet."""
    texts: bool = False

    def finished(self) -> bool:
        """Say whether nothing is left to be done."""
        return self.carried_out and self.texts and not self.waiting

    def ready(self, reasons: Iterable[Reason], now: int) -> bool:
        """Say whether it is to be carried out, given the reasons that hold at `now` (unix seconds)."""
        if self.due is None or self.carried_out:
            return False
        return now >= self.due or not any(map(accuses, reasons))


def rules(window_days: Callable[[], int]) -> Rules[Erasure, Asked, Fact]:
    """Return the aggregate's rules; the window's days are asked for with each command."""

    def decide(state: Erasure, command: Command[Asked]) -> Sequence[Fact] | Refused:
        match command.body:
            case ErasePerson(ticket):
                return _asked(state, command, ticket, command.at // 1000 + window_days() * DAY)
            case body:
                return unless(command.actor, Role.OPERATOR) or _followed(state, body)

    return Rules(Erasure(), decide, evolve)


def _asked(state: Erasure, command: Command[Asked], ticket: str, due: int) -> Sequence[Fact] | Refused:
    actor = command.actor
    refused = unless(actor, Role.RESIDENT, Role.COMMUNITY, Role.OFFICER)
    if refused is None and actor.role is Role.RESIDENT and actor.id != command.aggregate:
        refused = Denied("not_the_person", "nobody but the person has themselves erased: an office can help")
    if refused is not None:
        return refused
    if state.due is not None:
        return Refused("erasure_stands", "it was asked for already, and is carried out when it is due")
    return (
        [ErasureRequested(due)] if actor.role is Role.RESIDENT else _at_an_office(state, actor, ticket, due)
    )


def _at_an_office(state: Erasure, actor: Actor, ticket: str, due: int) -> Sequence[Fact] | Refused:
    """Two write down what the person wishes: what is erased cannot be brought back."""
    if not 0 < len(ticket.strip()) <= LONGEST_WORD:
        return Refused("no_ticket", "name the ticket under which the person's wish is recorded")
    if state.proposed_by is None:
        return [ErasureProposed(ticket.strip())]
    if state.proposed_by == actor.id:
        return Denied("two_people_needed", "whoever wrote the wish down does not confirm it: ask another")
    return [ErasureRequested(due)]


def _followed(state: Erasure, body: Asked) -> Sequence[Fact]:
    match body:
        case EraseAlso(due):
            return [] if state.due is not None else [ErasureRequested(due)]
        case NoteForgotten(part):
            return [PartForgotten(part)] if part in state.waiting else []
        case EraseTexts(last=last):
            return [TextsErased()] if last and state.carried_out and not state.texts else []
        case _:
            return []


def evolve(state: Erasure, fact: Recorded[Fact]) -> Erasure:
    """Return how far the erasure is after a fact."""
    match fact.body:
        case ErasureProposed():
            return replace(state, proposed_by=fact.actor.id)
        case ErasureRequested(due):
            return Erasure(due=due, at=fact.at)
        case PersonErased(parts):
            return replace(state, carried_out=True, waiting=frozenset(range(parts)))
        case PartForgotten(part):
            return replace(state, waiting=state.waiting - {part})
        case TextsErased():
            return replace(state, texts=True)


def telling(person: str, state: Erasure, part: int) -> Command[ForgetPerson]:
    """Return the command that tells a partition to forget a person."""
    body = ForgetPerson(state.due or 0)
    return Command(f"{person}/forget-{part}", person, SYSTEM, state.at, body)


def answer(command: Command[ForgetPerson], part: int) -> Command[NoteForgotten]:
    """Return what a partition answers once it has forgotten a person."""
    return Command(
        f"{command.aggregate}/forgotten-{part}", command.aggregate, SYSTEM, command.at, NoteForgotten(part)
    )


def also(command: Command[ForgetPerson], other: bytes) -> Command[EraseAlso]:
    """Return the command that erases another pseudonym of the same person: no later than the first."""
    body = EraseAlso(command.body.due)
    return Command(f"{command.aggregate}/also-{other.hex()}", other.hex(), SYSTEM, command.at, body)


def texts_found(person: str, at: int, texts: Sequence[str], *, last: bool) -> Command[EraseTexts]:
    """Return the command that has texts of look-ups erased, by their keys."""
    name = f"{person}/texts-{'last' if last else texts[0].rpartition(person)[2]}"
    return Command(name, person, SYSTEM, at, EraseTexts(tuple(texts), last))
