"""Nobody inherits a colour with a number, and nobody sheds one (rule 10.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.domain.records import Colour, ColourChanged, Reason
    from streams.people.bindings import Holder, Tenure


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Sightings that are struck out: from `from_` (-1: from the beginning) to before `until`, in seconds."""

    from_: int
    until: int


BEGINNING = -1
"""`from_` of a span without a lower bound."""


def struck(held: Sequence[Tenure]) -> frozenset[Span]:
    """Return what the present holder does not inherit (rule 10.2).

    The first holder inherits all: a phone never held before strikes nothing. A new one inherits nothing from
    before. One who held it last but one is back with what they had: of that, only the time of whoever held it
    between is not theirs.
    """
    spans: frozenset[Span] = frozenset()
    before: frozenset[Span] = frozenset()
    for number, one in enumerate(held):
        if number == 0:
            continue
        if number > 1 and one.holder.same(held[number - 2].holder):
            now = before | {Span(held[number - 1].from_, one.from_)}
        else:
            now = frozenset({Span(BEGINNING, one.from_)})
        before, spans = spans, now
    return spans


@dataclass(frozen=True, slots=True)
class ColourWitnessed:
    """A phone's colour as it was known when somebody was found to have ceased holding the phone (a fact)."""

    sequence: int
    colour: Colour
    reasons: tuple[Reason, ...]
    effective_at: int
    valid_until: int | None


def witnessed(change: ColourChanged) -> ColourWitnessed:
    """Return what is remembered of a phone's change of colour."""
    return ColourWitnessed(
        change.sequence, change.colour, change.reasons, change.effective_at, change.valid_until
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """A reason that goes with a person, not with the phone they gave away (rule 10.2)."""

    holder: Holder
    reason: Reason
    valid_until: int
    """When it ends at the latest (seconds): an area, a policy or an appeal may end it before."""


def kept(held: Sequence[Tenure], witnessed: Iterable[ColourWitnessed]) -> tuple[Kept, ...]:
    """Return the reasons that those who ceased to hold a phone keep, by holder and reason.

    A visit is whose tenure it began in, and of the first holder also from before; a reason without times is
    whose tenure it was told in. Of a reason witnessed twice the later word stands.
    """
    found: dict[tuple[int, str, str | None, int | None], Kept] = {}
    for one in sorted(witnessed, key=lambda each: each.sequence):
        for reason in one.reasons:
            time = one.effective_at if reason.from_ is None else reason.from_
            number = _whose(held, time)
            if one.valid_until is None or number is None or held[number].until is None:
                continue
            key = (number, reason.code, reason.area, reason.from_)
            found[key] = Kept(held[number].holder, reason, one.valid_until)
    return tuple(found.values())


def _whose(held: Sequence[Tenure], time: int) -> int | None:
    """Return the number of the tenure that a time belongs to: the last that had begun, else the first."""
    if not held:
        return None
    begun = [number for number, one in enumerate(held) if one.from_ <= time]
    number = begun[-1] if begun else 0
    until = held[number].until
    return number if until is None or time < until else None
