"""Where somebody's nights are spent, as asked of the worker that has their phone's diary (rule 15.1).

The diary stays where it is: asked is one question a phone, answered is one hex, and the person's partition
keeps of it the community alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.domain.slots import civil_hour

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streams.domain.diary import Marks
    from streams.people.vouched import PersonPhone

EVENING, MORNING = 22, 6
"""The hours, by the deployment's clocks, between which it is night."""


@dataclass(frozen=True, slots=True)
class NightsAsked:
    """Asks where a phone was most observed at night since its person holds it (unix seconds)."""

    person: bytes
    phone: bytes
    since: int


@dataclass(frozen=True, slots=True)
class NightsSpent:
    """The answer: the hex in which it was observed in most slots of the night, None for none; how many."""

    person: bytes
    phone: bytes
    hex: int | None
    slots: int = 0


def asked(person: bytes, phones: Iterable[PersonPhone], now: int) -> tuple[NightsAsked, ...]:
    """Return what is asked of the phones held at a time; one that may not be theirs (10.3) is left out."""
    return tuple(
        NightsAsked(person, one.phone, one.held.from_)
        for one in phones
        if one.held is not None and one.held.held_at(now) and not one.held.lead
    )


def spent(
    question: NightsAsked, observed: Mapping[int, Marks], slot_minutes: int, timezone: str
) -> NightsSpent:
    """Answer from the observed slots of the phone's window.

    Of several hexes alike the one seen last, of these the lowest: the same diary has the same answer.
    """
    first = -(-question.since // (60 * slot_minutes))
    counts: dict[int, tuple[int, int]] = {}
    for slot in sorted(observed):
        if slot >= first and at_night(civil_hour(slot, slot_minutes, timezone)):
            for cell in {mark >> 1 for mark in observed[slot]}:
                counts[cell] = (counts.get(cell, (0, 0))[0] + 1, slot)
    if not counts:
        return NightsSpent(question.person, question.phone, None)
    cell = max(counts, key=lambda one: (*counts[one], -one))
    return NightsSpent(question.person, question.phone, cell, counts[cell][0])


def at_night(hour: int) -> bool:
    """Say whether an hour of the day lies from 22 to 6 o'clock."""
    return hour >= EVENING or hour < MORNING
