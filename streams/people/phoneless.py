"""`NO_PHONE`: two who work for a community record that somebody has none (rules 12.2, 16.3).

The aggregate is the person, by their pseudonym in 32 hex digits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from streams.people.actors import Role
from streams.people.aggregates import Rules
from streams.people.commands import Denied, Refused, unless

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.people.commands import Command, Recorded


@dataclass(frozen=True, slots=True)
class RecordNoPhone:
    """Asks that `NO_PHONE` be recorded; the first who asks proposes, another who asks records it."""


@dataclass(frozen=True, slots=True)
class RemoveNoPhone:
    """Asks that it be recorded no longer."""


@dataclass(frozen=True, slots=True)
class NoPhoneProposed:
    """One has said that the person has no phone."""


@dataclass(frozen=True, slots=True)
class NoPhoneRecorded:
    """Another has said so too: it counts."""


@dataclass(frozen=True, slots=True)
class NoPhoneRemoved:
    """It counts no longer."""


Asked: TypeAlias = RecordNoPhone | RemoveNoPhone
Fact: TypeAlias = NoPhoneProposed | NoPhoneRecorded | NoPhoneRemoved


@dataclass(frozen=True, slots=True)
class Phoneless:
    """Whether somebody is recorded to have no phone."""

    recorded: bool = False
    proposed_by: str | None = None


def rules(observed: Callable[[str, int], bool]) -> Rules[Phoneless, Asked, Fact]:
    """Return the aggregate's rules.

    `observed` says of a person and a time (unix seconds) whether the window holds a phone of theirs.
    """

    def decide(state: Phoneless, command: Command[Asked]) -> Sequence[Fact] | Refused:
        refused = unless(command.actor, Role.COMMUNITY, Role.OFFICER)
        if refused is not None:
            return refused
        if isinstance(command.body, RemoveNoPhone):
            standing = state.recorded or state.proposed_by is not None
            return [NoPhoneRemoved()] if standing else Refused("not_recorded", "no such record stands")
        if observed(command.aggregate, command.at // 1000):
            return Refused("phone_observed", "a phone bound to this person was observed in the window")
        return _recorded(state, command.actor.id)

    return Rules(Phoneless(), decide, evolve)


def _recorded(state: Phoneless, by: str) -> Sequence[Fact] | Refused:
    if state.recorded:
        return Refused("recorded", "it is recorded already")
    if state.proposed_by is None:
        return [NoPhoneProposed()]
    if state.proposed_by == by:
        return Denied("two_people_needed", "whoever proposed it does not record it: ask another")
    return [NoPhoneRecorded()]


def evolve(state: Phoneless, fact: Recorded[Fact]) -> Phoneless:
    """Return what is recorded after a fact."""
    match fact.body:
        case NoPhoneProposed():
            return replace(state, proposed_by=fact.actor.id)
        case NoPhoneRecorded():
            return Phoneless(recorded=True)
        case NoPhoneRemoved():
            return Phoneless()
