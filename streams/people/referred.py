"""What is recorded of a person's referrals, and what one is about (rule 15). Times are unix seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from streams.people.addresses import Address

RED: Final = "red"
CONTRADICTED: Final = "contradicted"


@dataclass(frozen=True, slots=True, order=True)
class Cause:
    """What a referral is about: a `red` reason, or a reason that is `contradicted` (rules 5.1, 11.2)."""

    why: str
    code: str
    area: str


@dataclass(frozen=True, slots=True)
class ReferralOpened:
    """A person was referred to a community, or where none is known to the county; `due`: acknowledged by."""

    number: int
    causes: tuple[Cause, ...]
    colour: str
    address: Address
    due: int


@dataclass(frozen=True, slots=True)
class CausesAdded:
    """More causes came while it was open. `due` is set where it had been acknowledged: it waits again."""

    causes: tuple[Cause, ...]
    colour: str
    due: int | None = None


@dataclass(frozen=True, slots=True)
class CausesGone:
    """The note of rule 15.3: these causes are gone, or the person has turned green; and what is suggested.

    `suggestion` is `close` where nothing stands any more of what they were referred for, else `go_on`.
    """

    causes: tuple[Cause, ...]
    colour: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class ReferralAddressed:
    """It is another community's. `due` is set where the one before had acknowledged it."""

    address: Address
    due: int | None = None


@dataclass(frozen=True, slots=True)
class ReferralEscalated:
    """Nobody has acknowledged it in time: the first time, or the day after; `next` is when again."""

    times: int
    next: int


@dataclass(frozen=True, slots=True)
class ReferralAcknowledged:
    """Somebody has taken it on."""


@dataclass(frozen=True, slots=True)
class PersonContacted:
    """The person was reached; `how` in words."""

    how: str


@dataclass(frozen=True, slots=True)
class PersonPlaced:
    """It is settled where the person stays; `where` in words."""

    where: str


@dataclass(frozen=True, slots=True)
class FindingRecorded:
    """A human has found a red reason confirmed, or refuted; `ticket` is what was looked at (rule 15.2)."""

    code: str
    area: str
    confirmed: bool
    ticket: str


@dataclass(frozen=True, slots=True)
class ReferralClosed:
    """It is over: by hand, or because of the appeal of this id (rule 15.3)."""

    appeal: str


Fact: TypeAlias = (
    ReferralOpened
    | CausesAdded
    | CausesGone
    | ReferralAddressed
    | ReferralEscalated
    | ReferralAcknowledged
    | PersonContacted
    | PersonPlaced
    | FindingRecorded
    | ReferralClosed
)
