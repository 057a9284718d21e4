"""What is asked for, what came of it, and why it was not done: commands, recorded facts, refusals.

Times are unix milliseconds (UTC); `aggregate` is the id of the one thing a command is about, as its key on
`commands` has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from streams.people.actors import Actor, Role

B_co = TypeVar("B_co", covariant=True)
"""A body: what is asked for, or what was recorded; a frozen dataclass of its aggregate."""


@dataclass(frozen=True, slots=True)
class Command(Generic[B_co]):
    """Somebody's wish; `at` and `actor` are stamped by the read side, never by who sends it.

    `id` is the sender's, new for each wish: the same id again is the same wish, done once.
    `expected` is the aggregate's version the wish was made on, None where that does not matter.
    """

    id: str
    aggregate: str
    actor: Actor
    at: int
    body: B_co
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Recorded(Generic[B_co]):
    """A fact about an aggregate: what a command led to. `version` counts 1, 2, 3 … per aggregate."""

    aggregate: str
    version: int
    command: str
    actor: Actor
    at: int
    body: B_co


@dataclass(frozen=True, slots=True)
class Refused:
    """A command that led to nothing, and why.

    `code` is stable, lower case with underscores; `told` says what to do, and names no phone and no person.
    Codes of every aggregate: `wrong_role` (the actor's role may not), `version_conflict` (somebody else was
    faster: read again); the others are its own.
    """

    code: str
    told: str


@dataclass(frozen=True, slots=True)
class Denied(Refused):
    """A refusal because this actor may not: for want of a role, an office, a consent or a second person.

    An attempt at what is somebody else's to do is recorded as look-ups are (rule 17.1).
    """


def unless(actor: Actor, *roles: Role) -> Denied | None:
    """Return the refusal of an actor who has none of these roles, None for one who has."""
    if actor.role in roles:
        return None
    return Denied("wrong_role", f"expected one of {', '.join(roles)}, not {actor.role}")
