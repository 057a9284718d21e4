"""Offices: a community worker acts for their own community's people, and for visitors (rule 10.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from streams.people.actors import Role
from streams.people.commands import Denied

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.people.aggregates import Rules
    from streams.people.commands import Command, Refused
    from streams.people.register import Register

S = TypeVar("S")
B = TypeVar("B")
F = TypeVar("F")


def by_own_office(rules: Rules[S, B, F], register: Register) -> Rules[S, B, F]:
    """Return the rules of an aggregate that is a person, where no worker of another community may act.

    `register` is as it stands when a command is decided.
    """

    def decide(state: S, command: Command[B]) -> Sequence[F] | Refused:
        return elsewhere(command, register) or rules.decide(state, command)

    return replace(rules, decide=decide)


def elsewhere(command: Command[Any], register: Register) -> Denied | None:
    """Return the refusal of a community worker of another community, None for anybody else."""
    actor = command.actor
    if actor.role is not Role.COMMUNITY:
        return None
    if actor.office is None:
        return Denied("no_office", "expected an office: sign in for the one you work in")
    offices = register.offices_of(bytes.fromhex(command.aggregate))
    if offices is None or actor.office in offices:
        return None
    return Denied("other_community", "this person is another community's: send them, or the matter, there")
