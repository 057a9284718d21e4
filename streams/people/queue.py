"""The queue of referrals that an office works through: whose they are, the longest open first (rule 15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from streams.people.referred import RED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from streams.people.referral import Referral, Referrals
    from streams.people.referred import Cause
    from streams.people.register import Register

Standing: TypeAlias = Literal["lead", "confirmed", "refuted", "question", "gone"]
"""What a cause is by now: a red that nobody has found, that somebody has found, a question, or no more."""

COUNTY: Final = "county"
"""Whose queue has what is with no community, and what a community has not acknowledged in time."""


@dataclass(frozen=True, slots=True)
class Queued:
    """A referral in a queue."""

    person: str
    referral: Referral
    causes: tuple[tuple[Cause, Standing], ...]

    @property
    def since(self) -> int:
        """Return when it was opened (unix seconds)."""
        return self.referral.steps[0].at


def queue(
    everybody: Mapping[str, Referrals],
    register: Register,
    office: str | None = None,
    *,
    overdue: bool = False,
    closed: bool = False,
) -> tuple[Queued, ...]:
    """Return an office's referrals, the county's for COUNTY, of all offices for None.

    `overdue`: only what was not acknowledged in time, by the time of the data; `closed`: those closed too.
    """
    found = [
        Queued(person, state.last, tuple(_causes(state, state.last.causes)))
        for person, state in everybody.items()
        if state.last is not None
        and (closed or state.open is not None)
        and (not overdue or state.last.escalated)
        and (office is None or _with(state.last, office, register))
    ]
    return tuple(sorted(found, key=lambda one: (one.since, one.person)))


def _with(referral: Referral, office: str, register: Register) -> bool:
    community = referral.address.community
    if office == COUNTY:
        return community is None or referral.escalated > 0
    return community is not None and office in register.offices_in(community)


def _causes(state: Referrals, causes: Iterable[Cause]) -> Iterator[tuple[Cause, Standing]]:
    for one in causes:
        found = state.findings.get((one.code, one.area))
        if one not in state.standing:
            yield one, "gone"
        elif one.why != RED:
            yield one, "question"
        elif found is None:
            yield one, "lead"
        else:
            yield one, "confirmed" if found.confirmed else "refuted"
