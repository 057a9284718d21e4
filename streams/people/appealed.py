"""What a person has appealed against, what was decided of it, and what that struck out (rule 16)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from streams.domain.records import Exclusion

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.people.actors import Actor
    from streams.people.appeals import OpenAppeal
    from streams.people.commands import Recorded
    from streams.people.sources import Speaker

Against: TypeAlias = Literal["reason", "contradiction", "binding"]
Ground: TypeAlias = Literal[
    "not_my_phone", "tower_misplaced", "boundary", "cloned", "area_mistaken", "declaration_mistaken"
]
"""The closed list of why an appeal is upheld (rule 16.2)."""
Opener: TypeAlias = "Speaker | Literal['referral']"
"""Who appealed: the person, a proxy, the person at an office, or for them a referral that refuted a red."""

FIRST: Final = 1
"""The version of a case's exclusion: a decided appeal is decided once."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What an appeal is against: a reason or a contradiction by code and area's id, a binding by its phone.

    What does not belong to it is empty; `phone` is 32 hex digits.
    """

    against: Against
    code: str = ""
    area: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Remedy:
    """What is done about it: a span struck out of a phone or a hex, or a correction by its version.

    Times are unix seconds; None: from the beginning, until the decision.
    """

    ground: Ground
    phone: str = ""
    hex: int | None = None
    from_: int | None = None
    until: int | None = None
    declared: int | None = None


@dataclass(frozen=True, slots=True)
class AppealOpened:
    """Somebody appealed; `appeal` is its public name, `due` (unix seconds) when it is to be decided by.

    `phone` is the one bound by hand, or, it may be, the one that says the reason.
    """

    appeal: str
    against: Against
    code: str
    area: str
    phone: str
    ticket: str
    by: Opener
    due: int


@dataclass(frozen=True, slots=True)
class UpholdProposed:
    """An officer proposed to uphold an appeal, on a ground and with what is to be done."""

    appeal: str
    ground: Ground
    phone: str
    hex: int | None
    from_: int | None
    until: int | None
    declared: int | None
    ticket: str


@dataclass(frozen=True, slots=True)
class AppealUpheld:
    """Another officer confirmed it: it is done. `proposed_by` is the first one's office, if any."""

    appeal: str
    ground: Ground
    phone: str
    hex: int | None
    from_: int | None
    until: int | None
    declared: int | None
    ticket: str
    proposed_by: str | None


@dataclass(frozen=True, slots=True)
class AppealRejected:
    """An officer found no ground, and says why to whoever appealed."""

    appeal: str
    text: str
    ticket: str


Fact: TypeAlias = AppealOpened | UpholdProposed | AppealUpheld | AppealRejected


@dataclass(frozen=True, slots=True)
class Proposal:
    """What waits for a second officer; `version` is of the fact that proposed it."""

    version: int
    actor: Actor
    remedy: Remedy
    ticket: str


@dataclass(frozen=True, slots=True)
class Appeal:
    """One appeal as it stands; times in unix seconds."""

    name: str
    matter: Matter
    by: Opener
    actor: Actor
    at: int
    due: int
    proposal: Proposal | None = None
    upheld: Remedy | None = None
    decided_at: int | None = None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What an upheld appeal has struck out, as far as a person's kept reasons go by it (rule 10.2).

    Of a phone it is whatever the span covers. Nobody knows any more which hexes a kept reason came from, so
    a misplaced tower takes away the reasons of the area that was appealed against.
    """

    exclusion: Exclusion
    area: str | None = None
    """The only area whose reasons it takes away, None where it takes away any."""


@dataclass(frozen=True, slots=True)
class Appeals:
    """Every appeal of a person, in order."""

    every: tuple[Appeal, ...] = ()

    def named(self, name: str) -> Appeal | None:
        """Return an appeal by its name."""
        return next((one for one in self.every if one.name == name), None)

    def pending(self) -> tuple[Appeal, ...]:
        """Return the appeals that nobody has decided."""
        return tuple(one for one in self.every if one.decided_at is None)

    def overdue(self, now: int) -> int:
        """Return how many of them should have been decided by a time of the data's (rule 16.1)."""
        return sum(one.due < now for one in self.pending())

    def forgotten(self) -> tuple[Forgotten, ...]:
        """Return what upheld appeals have struck out."""
        return tuple(
            Forgotten(struck, None if struck.hex is None else one.matter.area)
            for one in self.every
            if one.upheld is not None
            and one.decided_at is not None
            and (struck := exclusion(one.name, one.upheld, one.decided_at)) is not None
        )


def evolve(state: Appeals, fact: Recorded[Fact]) -> Appeals:
    """Return a person's appeals after a fact."""
    at = fact.at // 1000
    match fact.body:
        case AppealOpened() as body:
            new = Appeal(body.appeal, matter_of(body), body.by, fact.actor, at, body.due)
            return Appeals((*state.every, new))
        case UpholdProposed() as body:
            proposal = Proposal(fact.version, fact.actor, remedy_of(body), body.ticket)
            return _changed(state, body.appeal, lambda one: replace(one, proposal=proposal))
        case AppealUpheld() as body:
            remedy = remedy_of(body)
            return _changed(state, body.appeal, lambda one: replace(one, upheld=remedy, decided_at=at))
        case AppealRejected() as body:
            return _changed(state, body.appeal, lambda one: replace(one, decided_at=at))


def matter_of(body: AppealOpened | OpenAppeal) -> Matter:
    """Return what an appeal is against; against a reason, the phone is only where it was seen."""
    phone = body.phone if body.against == "binding" else ""
    return Matter(body.against, body.code, body.area, phone)


def remedy_of(body: UpholdProposed | AppealUpheld) -> Remedy:
    """Return what was proposed or done."""
    return Remedy(body.ground, body.phone, body.hex, body.from_, body.until, body.declared)


def _changed(state: Appeals, name: str, change: Callable[[Appeal], Appeal]) -> Appeals:
    return Appeals(tuple(change(one) if one.name == name else one for one in state.every))


def exclusion(case: str, remedy: Remedy, at: int) -> Exclusion | None:
    """Return what a remedy decided at a time strikes out under its case, None where that is nothing."""
    match remedy.ground:
        case "tower_misplaced":
            return Exclusion(case, FIRST, None, remedy.hex, at, remedy.from_, remedy.until)
        case "boundary" | "cloned" | "area_mistaken":
            phone = bytes.fromhex(remedy.phone)
            return Exclusion(case, FIRST, phone, None, at, remedy.from_, remedy.until)
        case _:
            return None
