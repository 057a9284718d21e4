"""What one phone says of each person who holds or has held it, told to the person's partition (12.1).

Times are unix seconds. It is all that crosses from a phone's partition to a person's; it follows from the
phone's holders and its last change alone, so written again it is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.people.inheritance import kept, struck
from streams.people.sources import NO_SIGNAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.domain.records import Reason
    from streams.people.bindings import Tenure
    from streams.people.inheritance import ColourWitnessed
    from streams.people.phones import Phone


@dataclass(frozen=True, slots=True)
class HeldPhone:
    """A phone that a person holds from `from_` to before `until`, by its last change event."""

    from_: int
    until: int | None
    reasons: tuple[Reason, ...]
    since: int | None
    """The event's `effective_at`; None for a phone without one."""
    lead: bool
    """Bound by hand, and neither the person nor the carrier has confirmed it (rule 10.3)."""

    def held_at(self, time: int) -> bool:
        """Say whether the person holds it at a time; one they will have got is theirs when it is told."""
        return self.until is None or time < self.until


@dataclass(frozen=True, slots=True)
class KeptReason:
    """A reason that stayed with a person who ceased to hold the phone (rule 10.2)."""

    reason: Reason
    valid_until: int
    lead: bool


@dataclass(frozen=True, slots=True)
class PersonPhone:
    """A person and one phone: what it says of them, and the check value of their document (rule 10.4)."""

    person: bytes
    phone: bytes
    held: HeldPhone | None
    kept: tuple[KeptReason, ...] = ()
    check: int | None = None


def vouched(phone: bytes, state: Phone, colour: ColourWitnessed | None) -> dict[bytes, PersonPhone]:
    """Return what a phone says, by person; nothing of one it has left who keeps nothing of it."""
    tenures = state.held()
    left = kept(tenures, state.witnessed)
    found = {}
    for person in {name for one in tenures if not one.holder.erased for name in one.holder.names}:
        held = _held(person, tenures, state, colour)
        reasons = tuple(
            KeptReason(one.reason, one.valid_until, one.holder.lead)
            for one in left
            if person in one.holder.names
        )
        if held is not None or reasons:
            found[person] = PersonPhone(person, phone, held, reasons, _check(person, state))
    return found


def _held(
    person: bytes, tenures: Sequence[Tenure], state: Phone, colour: ColourWitnessed | None
) -> HeldPhone | None:
    """Return the phone as its last holder has it; an end that is told ahead leaves it theirs until then."""
    last = tenures[-1]
    told = [one.from_ for one in state.told()]
    if person not in last.holder.names or (last.until is not None and last.until <= max(told)):
        return None
    reasons = () if colour is None else _own(tenures, colour)
    since = colour.effective_at if colour is not None and reasons else None
    return HeldPhone(last.from_, last.until, reasons or NO_SIGNAL, since, last.holder.lead)


def _own(tenures: Sequence[Tenure], colour: ColourWitnessed) -> tuple[Reason, ...]:
    """Return the reasons that do not rest on what is struck out for the last holder (rule 10.2).

    The colours' workers strike it out a moment after the binding is heard. Until then its reasons would be
    somebody else's, and a pass revoked for them stays revoked.
    """
    spans = struck(tenures)

    def inherited(reason: Reason) -> bool:
        time = colour.effective_at if reason.from_ is None else reason.from_
        return any(span.from_ <= time < span.until for span in spans)

    return tuple(reason for reason in colour.reasons if not inherited(reason))


def _check(person: bytes, state: Phone) -> int | None:
    """Return the check value in the highest version that names the person and has one."""
    return next(
        (
            one.check
            for _, one in sorted(state.bindings.items(), reverse=True)
            if one.check is not None and person in (one.person, one.other_person)
        ),
        None,
    )
