"""Commands decide, recorded facts evolve: what every aggregate shares, and nothing else.

An aggregate is two plain functions, `decide(state, command)` and `evolve(state, fact)`. Versions, commands
that come twice and rebuilding from the facts alone are dealt with here, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from streams.people.commands import Recorded, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from streams.people.actors import Actor
    from streams.people.commands import Command

S = TypeVar("S")
B = TypeVar("B")
F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Rules(Generic[S, B, F]):
    """One kind of aggregate: its state before the first fact, and its two functions.

    `decide` returns the bodies of the facts to record, or why not; it changes nothing. `evolve` returns the
    state after a fact, and refuses none: what is recorded has happened.
    """

    initial: S
    decide: Callable[[S, Command[B]], Sequence[F] | Refused]
    evolve: Callable[[S, Recorded[F]], S]


@dataclass(frozen=True, slots=True)
class Known(Generic[S]):
    """An aggregate as its facts have made it."""

    state: S
    version: int = 0
    """Of the last fact; 0 before the first."""
    commands: frozenset[str] = frozenset()
    """The ids of those that led to facts."""


def nothing_known(rules: Rules[S, B, F]) -> Known[S]:
    """Return an aggregate before its first fact."""
    return Known(rules.initial)


def decided(rules: Rules[S, B, F], known: Known[S], command: Command[B]) -> tuple[Recorded[F], ...] | Refused:
    """Return the facts that a command leads to, or why it leads to none.

    A command that has led to facts leads to no more, whatever it says now. One that was refused is judged
    again: it left nothing behind.
    """
    if command.id in known.commands:
        return ()
    if command.expected is not None and command.expected != known.version:
        return Refused(
            "version_conflict", f"made on version {command.expected}, it is {known.version}: read again"
        )
    found = rules.decide(known.state, command)
    if isinstance(found, Refused):
        return found
    return numbered(known, command.aggregate, command.id, command.actor, command.at, found)


def numbered(
    known: Known[S], aggregate: str, cause: str, actor: Actor, at: int, bodies: Sequence[F]
) -> tuple[Recorded[F], ...]:
    """Return facts with the versions that follow; `cause` is the command's id, or what else led to them."""
    return tuple(
        Recorded(aggregate, known.version + number, cause, actor, at, body)
        for number, body in enumerate(bodies, 1)
    )


def recorded(rules: Rules[S, B, F], known: Known[S], fact: Recorded[F]) -> Known[S]:
    """Return the aggregate after a fact; one that it has already changes nothing."""
    if fact.version <= known.version:
        return known
    return Known(rules.evolve(known.state, fact), fact.version, known.commands | {fact.command})


def replayed(rules: Rules[S, B, F], facts: Iterable[Recorded[F]]) -> Known[S]:
    """Return what the facts of one aggregate, in the order of their versions, make of it."""
    known = nothing_known(rules)
    for fact in facts:
        known = recorded(rules, known, fact)
    return known
