"""A change of a person's combined colour, and when there is one (rules 12.2, 6.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streams.domain.records import Colour
    from streams.people.combined import Combined, Source


@dataclass(frozen=True, slots=True)
class PersonColour:
    """A person's colour, or what stands behind it, changed; each source's age is as of `effective_at`."""

    person: bytes
    sequence: int
    """1, 2, 3 … per person."""
    previous: Colour | None
    colour: Colour
    sources: tuple[Source, ...]
    effective_at: int
    """Unix seconds."""


def changed(person: bytes, last: PersonColour | None, now: Combined, at: int) -> PersonColour | None:
    """Return the change that a colour is after the last one told, None where it is none.

    Told are the colour, and each reason with where it comes from and whether it is a lead. Nobody told of is
    unknown, as a phone without an event is (6.1).
    """
    before = ("unknown", frozenset()) if last is None else (last.colour, _behind(last.sources))
    if before == (now.colour, _behind(now.sources)):
        return None
    number, previous = (0, None) if last is None else (last.sequence, last.colour)
    return PersonColour(person, number + 1, previous, now.colour, now.sources, at)


def _behind(sources: tuple[Source, ...]) -> frozenset[tuple[object, ...]]:
    return frozenset(
        (source.origin, source.manual, source.by, reason.code, reason.area, reason.area_version)
        for source in sources
        for reason in source.reasons
        if reason.code != "NO_SIGNAL"
    )
