"""What a person has declared, what came of it, and which of it counts (rules 11.1, 11.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from streams.people.statements import SECONDS

if TYPE_CHECKING:
    from streams.people.actors import Actor
    from streams.people.sources import Speaker
    from streams.people.statements import Statement

Effect: TypeAlias = Literal["first", "harsher", "same", "milder"]
"""What a statement is beside the one that counted when it was made; the first of 14 days corrects none."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A statement was made; a milder one waits for an officer until `due`, in unix seconds."""

    statement: Statement
    by: Speaker
    effect: Effect
    due: int | None = None


@dataclass(frozen=True, slots=True)
class CorrectionReviewed:
    """An officer has confirmed a milder correction, or has not."""

    declared: int
    ticket: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class QuestionAnswered:
    """A question was answered, by the person or for them."""

    code: str
    area: str
    text: str
    by: Speaker


@dataclass(frozen=True, slots=True)
class ProxyNoted:
    """A proxy acts for the person from now on, or no longer (rule 11.4)."""

    proxy: str
    acts: bool


Fact: TypeAlias = Declared | CorrectionReviewed | QuestionAnswered | ProxyNoted


@dataclass(frozen=True, slots=True)
class Said:
    """One version of what somebody declared; every one is kept."""

    version: int
    at: int
    """Unix seconds."""
    statement: Statement
    by: Speaker
    actor: Actor
    effect: Effect
    due: int | None
    confirmed: bool | None = None
    """Of a milder one: whether an officer confirmed it, None until one has looked."""

    @property
    def counts(self) -> bool:
        """Say whether it ever took effect: a milder one only once confirmed (rule 11.3)."""
        return self.effect != "milder" or self.confirmed is True


@dataclass(frozen=True, slots=True)
class Declarations:
    """Everything a person has declared, in order, the questions answered, and who may speak for them."""

    said: tuple[Said, ...] = ()
    explained: frozenset[tuple[str, str]] = frozenset()
    proxies: frozenset[str] = frozenset()

    def standing(self, now: int) -> Said | None:
        """Return the declaration that counts: the last in effect, None where it is over 14 days old."""
        last = next((one for one in reversed(self.said) if one.counts), None)
        return None if last is None or now - last.at > SECONDS else last

    def unconfirmed(self) -> tuple[Said, ...]:
        """Return the milder corrections no officer has confirmed and nothing later has replaced."""
        newest = max((one.version for one in self.said if one.counts), default=0)
        return tuple(one for one in self.said if not one.counts and one.version > newest)

    def pending(self) -> tuple[Said, ...]:
        """Return those of them that no officer has decided on."""
        return tuple(one for one in self.unconfirmed() if one.confirmed is None)

    def overdue(self, now: int) -> int:
        """Return how many of them should have been decided (rule 11.3)."""
        return sum(one.due is not None and one.due < now for one in self.pending())
