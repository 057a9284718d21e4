"""What a subject reads of who looked at them: roles and times, names after 30 days (rule 17.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.people.actors import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.people.audit.lookups import LookUp, Subject

DAY_MS: Final = 86_400_000
NAMED_AFTER_MS: Final = 30 * DAY_MS
"""For so long an official's name is kept back: whoever looked can still be asked about an open matter."""
SHORTENED: Final = 8
"""Digits of a pseudonym that are shown."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at a subject: the role and the time (ms); `name` and `office` once 30 days are over."""

    role: Role
    at: int
    allowed: bool
    name: str | None = None
    office: str | None = None


def seen_by(subject: Subject, lookups: Iterable[LookUp], now: int) -> tuple[Seen, ...]:
    """Return who looked at a subject, denied tries too, the latest first; `now` in unix milliseconds.

    Look-ups of others are left out, whoever hands them in. A resident has no name but a pseudonym: shortened.
    """
    own = (one for one in lookups if one.subject == subject)
    return tuple(sorted((_seen(one, now) for one in own), key=lambda seen: seen.at, reverse=True))


def _seen(lookup: LookUp, now: int) -> Seen:
    actor, allowed = lookup.actor, lookup.denied is None
    if now - lookup.at < NAMED_AFTER_MS:
        return Seen(actor.role, lookup.at, allowed)
    name = actor.id[:SHORTENED] if actor.role is Role.RESIDENT else actor.id
    return Seen(actor.role, lookup.at, allowed, name, actor.office)
