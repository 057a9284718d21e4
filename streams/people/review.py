"""The review queue: phones that were seen and that nobody holds (rule 10.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.people.phones import Phone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.people.phones import Proposal

NOTHING_TOLD = Phone()


@dataclass(frozen=True, slots=True)
class Unbound:
    """A phone that has a colour but vouches for nobody."""

    phone: bytes
    since: int
    """When it first had a colour, or ceased to be held, or was said to be nobody's (seconds)."""
    proposal: Proposal | None
    """What waits for a second officer, if anything does."""


def queue(seen: Mapping[bytes, int], phones: Mapping[bytes, Phone], time: int) -> tuple[Unbound, ...]:
    """Return the phones nobody holds at a time, the longest unbound first.

    `seen` has phones with a colour and when they first had one, and need not have those that were ever held;
    `phones` has those of which anything was told.
    """
    found = []
    for phone in {*seen, *phones}:
        state = phones.get(phone, NOTHING_TOLD)
        if state.holder(time) is None:
            ended = max((one.until or 0 for one in state.held() if one.from_ <= time), default=0)
            told = max((one.from_ for one in state.told()), default=0)
            found.append(Unbound(phone, max(seen.get(phone, 0), ended) or told, state.proposal))
    return tuple(sorted(found, key=lambda one: (one.since, one.phone)))
