"""A person's colour: the worst of the sources that exist, each with its reasons and its age (rule 12.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.people.sources import NO_SIGNAL, accuses, colour_of, worst
from streams.people.statements import SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.domain.records import Colour, Reason
    from streams.people.sources import Claim, Facts, Kept, Origin, Signal, Speaker


@dataclass(frozen=True, slots=True)
class Source:
    """One source that exists, what it says and how old that is."""

    origin: Origin
    colour: Colour
    reasons: tuple[Reason, ...]
    age_minutes: int | None
    """Since the last change event, or since the declaration; None for a phone that was never seen."""
    manual: bool = False
    by: Speaker | None = None
    """Of a declaration: who made it, so that what a proxy did says so (rule 11.4)."""


@dataclass(frozen=True, slots=True)
class Combined:
    """A person's colour and all that stands behind it; without sources it is unknown."""

    colour: Colour
    sources: tuple[Source, ...]

    def reasons(self) -> list[Reason]:
        """Return the reasons of every source."""
        return [reason for source in self.sources for reason in source.reasons]


def signal_colour(facts: Facts, now: int) -> Colour:
    """Return the worst of a person's phones, kept reasons counting (rule 12.1)."""
    return worst(source.colour for source in _signals(facts, now))


def combined(facts: Facts, now: int, *, signal_required: bool) -> Combined:
    """Combine what is known of a person (rule 12.2).

    An unknown signal is a source, and hides a green declaration, unless no signal is required of this person.
    """
    signals = _signals(facts, now)
    unknown = worst(source.colour for source in signals) == "unknown"
    if unknown and (not signal_required or exempt(facts)):
        signals = []
    sources = signals + _declarations(facts.declared, now)
    return Combined(worst(source.colour for source in sources), tuple(sources))


def exempt(facts: Facts) -> bool:
    """Say whether `NO_PHONE` is recorded and still true: no phone of theirs was observed in the window."""
    return facts.no_phone and not any(phone.observed for phone in facts.phones)


def due(facts: Facts, now: int) -> int | None:
    """Return the next second at which the combined colour may differ with nothing new; None if there is none.

    Phones are left out: each change of theirs is an event of its own.
    """
    ends = [kept.until for kept in facts.kept if kept.until is not None]
    if facts.declared is not None:
        ends.append(facts.declared.at + SECONDS + 1)
    return min((end for end in ends if end > now), default=None)


def _signals(facts: Facts, now: int) -> list[Source]:
    """Return phones and kept reasons; unknown ones only where there are no others (rule 12.1)."""
    left = [
        _source(one, "kept", standing, now)
        for one in facts.kept
        if (one.until is None or now < one.until) and (standing := _standing(one.reasons))
    ]
    found = [_source(one, "signal", one.reasons, now) for one in facts.phones] + left
    known = [source for source in found if source.colour != "unknown"]
    return known or found or [Source("signal", "unknown", NO_SIGNAL, None)]


def _source(one: Signal | Kept, origin: Origin, reasons: tuple[Reason, ...], now: int) -> Source:
    age = None if one.since is None else (now - one.since) // 60
    return Source(origin, colour_of(reasons), reasons, age, one.manual)


def _standing(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Return what is kept of reasons: a phone given up leaves no green and no unknown behind."""
    return tuple(reason for reason in reasons if accuses(reason))


def _declarations(declared: Claim | None, now: int) -> list[Source]:
    if declared is None or now - declared.at > SECONDS:
        return []
    age = (now - declared.at) // 60
    return [Source("declaration", colour_of(declared.reasons), declared.reasons, age, by=declared.by)]
