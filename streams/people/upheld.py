"""What upheld appeals ask of a phone: sightings struck out, a binding corrected (rule 16.2).

Nobody asks for either: they follow from what two officers decided (`streams.people.remedies`).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, TypeAlias

from streams.domain.records import Exclusion
from streams.people.actors import Role
from streams.people.appealed import FIRST
from streams.people.commands import Refused, unless
from streams.people.phone_facts import BindingCorrected, CaseStruck

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.people.actors import Actor
    from streams.people.phones import Phone

APART: Final = 4
"""Bytes that tell the case of another pseudonym of the phone apart: a case names one (rule 3.1)."""


@dataclass(frozen=True, slots=True)
class StrikeSightings:
    """Asks that a span of the phone's sightings be struck out under a case that was decided at `at`.

    Times are unix seconds; None: from the beginning, until the decision.
    """

    case: str
    at: int
    from_: int | None
    until: int | None


@dataclass(frozen=True, slots=True)
class CorrectBinding:
    """Asks that the phone be taken for one that this person never held."""

    person: bytes
    case: str


Upheld: TypeAlias = StrikeSightings | CorrectBinding


def decide(
    state: Phone, actor: Actor, phone: bytes, body: Upheld
) -> Sequence[CaseStruck | BindingCorrected] | Refused:
    """Return what a decided appeal leads to at the phone that it names."""
    refused = unless(actor, Role.OPERATOR)
    if refused is not None:
        return refused
    match body:
        case StrikeSightings(case, at, from_, until):
            if any(one.case == case for one in state.cases):
                return []
            return [CaseStruck(case, phone, at, from_, until)]
        case CorrectBinding(person, case):
            return _corrected(state, person, case)


def _corrected(state: Phone, person: bytes, case: str) -> Sequence[BindingCorrected] | Refused:
    """Correct what was told so far, under every pseudonym of the person (rule 10.1)."""
    names = [one.holder.names for one in state.held() if person in one.holder.names]
    if not names:
        return Refused("not_bound", "this person is not known to have held the phone: read again")
    latest = state.latest()
    return [BindingCorrected(name, latest, case) for name in sorted(frozenset[bytes]().union(*names))]


def excluded(aggregate: str, body: CaseStruck) -> Exclusion:
    """Return the exclusion that a case leads to, of the phone's own pseudonym under the case's own name."""
    other = body.phone.hex() != aggregate
    more = f"-{blake2b(body.phone, digest_size=APART).hexdigest()}" if other else ""
    return Exclusion(body.case + more, FIRST, body.phone, None, body.at, body.from_, body.until)
