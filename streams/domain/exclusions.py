"""What decided cases strike out of the diaries (rule 3.1)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from streams.domain.slots import first_slot_from

if TYPE_CHECKING:
    from streams.domain.records import Exclusion

_Subject = TypeVar("_Subject", bytes, int)

Strike = tuple[float, int]
"""First slot struck and the first no longer struck."""


def refusal(known: Exclusion | None, new: Exclusion) -> str | None:
    """Say why a version may not enter beside the case's version known before, None if it may."""
    if (new.phone is None) == (new.hex is None):
        return f"case {new.case!r}: expected either a phone or a hex"
    if known is not None and (known.phone, known.hex) != (new.phone, new.hex):
        return f"case {new.case!r}: expected the phone or hex that its earlier versions name"
    return None


def strike(exclusion: Exclusion, slot_minutes: int) -> Strike:
    """Return the slots whose start lies in the exclusion's interval, its end capped at the decision."""
    until = exclusion.at if exclusion.until is None else min(exclusion.until, exclusion.at)
    first = -math.inf if exclusion.from_ is None else first_slot_from(exclusion.from_, slot_minutes)
    return first, first_slot_from(until, slot_minutes)


def struck(strikes: list[Strike], slot: int) -> bool:
    """Say whether one of the strikes covers a slot."""
    return any(first <= slot < end for first, end in strikes)


@dataclass(slots=True)
class Cases:
    """The cases decided so far, the highest version of each, and what they strike."""

    slot_minutes: int
    versions: dict[str, Exclusion] = field(default_factory=dict)
    of_phone: dict[bytes, list[Strike]] = field(default_factory=dict)
    of_hex: dict[int, list[Strike]] = field(default_factory=dict)

    def enter(self, new: Exclusion) -> bool:
        """Take a version if it is higher than the case's last; say whether it was."""
        known = self.versions.get(new.case)
        if known is not None and new.version <= known.version:
            return False
        self.versions[new.case] = new
        self._strike_again(new)
        return True

    def _strike_again(self, new: Exclusion) -> None:
        standing = [
            strike(e, self.slot_minutes)
            for e in self.versions.values()
            if not e.withdrawn and (e.phone, e.hex) == (new.phone, new.hex)
        ]
        if new.phone is not None:
            _put(self.of_phone, new.phone, standing)
        if new.hex is not None:
            _put(self.of_hex, new.hex, standing)


def _put(table: dict[_Subject, list[Strike]], key: _Subject, strikes: list[Strike]) -> None:
    if strikes:
        table[key] = strikes
    else:
        table.pop(key, None)
