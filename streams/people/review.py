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
    """When it first had a colour, or ceased to be held, whichever was later (seconds)."""
    proposal: Proposal | None
    """What waits for a second officer, if anything does."""


def queue(seen: Mapping[bytes, int], phones: Mapping[bytes, Phone], time: int) -> tuple[Unbound, ...]:
    """Return the phones nobody holds at a time, the longest unbound first.

    `seen` has every phone with a colour and when it first had one; `phones` those of which anything was told.
    """
    found = []
    for phone, first in seen.items():
        state = phones.get(phone, NOTHING_TOLD)
        if state.holder(time) is None:
            ended = max((one.until or 0 for one in state.held() if one.from_ <= time), default=0)
            found.append(Unbound(phone, max(first, ended), state.proposal))
    return tuple(sorted(found, key=lambda one: (one.since, one.phone)))
