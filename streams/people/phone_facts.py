"""What is recorded of a phone: what was decided of its holders, and what followed (rules 10, 16.2, 19.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from streams.people.forgetting import BindingRestated, HolderForgotten
    from streams.people.inheritance import ColourWitnessed


@dataclass(frozen=True, slots=True)
class BindingProposed:
    """An officer proposed whose phone it is (rule 10.3)."""

    person: bytes
    from_: int
    reason: str
    ticket: str
    guardian: bytes | None = None


@dataclass(frozen=True, slots=True)
class BindingConfirmed:
    """A second officer confirmed the proposal: bound by hand, after the carriers' version `after`."""

    person: bytes
    from_: int
    after: int
    reason: str
    ticket: str
    guardian: bytes | None = None


@dataclass(frozen=True, slots=True)
class ProposalRejected:
    """A second officer rejected the proposal, or its proposer took it back."""


@dataclass(frozen=True, slots=True)
class HolderAgreed:
    """The person bound by hand has said that it is their phone: no lead any more (rule 10.3)."""

    person: bytes


@dataclass(frozen=True, slots=True)
class SightingsStruck:
    """What the holder does not inherit was struck out, or (`withdrawn`) no longer is (rule 10.2)."""

    from_: int
    until: int
    phone: bytes
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class CaseStruck:
    """An upheld appeal strikes sightings out, of this pseudonym of the phone (rule 16.2).

    Times are unix seconds: `at` of the decision; None: from the beginning, until the decision.
    """

    case: str
    phone: bytes
    at: int
    from_: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class BindingCorrected:
    """An upheld appeal found that the person never held the phone, whatever was told until now (rule 16.2).

    `after` is the carriers' version by then: a later one is believed again.
    """

    person: bytes
    after: int
    case: str


Fact: TypeAlias = (
    "BindingProposed | BindingConfirmed | ProposalRejected | HolderAgreed | SightingsStruck | ColourWitnessed"
    " | CaseStruck | BindingCorrected | HolderForgotten | BindingRestated"
)
