"""Phones by colour and hex: the exact counts, which nobody publishes (rule 17.3).

A phone is counted in one hex, where its latest observed slot has it (3.3: what 3.1 and 3.2 leave); the lowest
of several. One without a signal in the window is nowhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from streams.domain import hexes
from streams.domain.colours import NO_SIGNAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.domain.fold import Fold, Phone
    from streams.domain.records import Colour

RESOLUTION: Final = 7
"""Of the hexes that are counted; those of a coarser deployment stay as they are."""
MINUTES: Final = 60
"""Phones are counted as each hour begins (UTC): at fixed times, and at most once a slot."""


def every(slot_minutes: int) -> int:
    """Return how many slots there are between two counts; one is as a slot begins that this divides."""
    return max(1, MINUTES // slot_minutes)


def by_hex(fold: Fold) -> Mapping[int, Counter[Colour]]:
    """Count the phones of a fold as they stand, by hex and colour."""
    found: defaultdict[int, Counter[Colour]] = defaultdict(Counter)
    for phone in fold.phones.values():
        cell = _cell(phone)
        if cell is not None and phone.colour is not None:
            found[hexes.parent(cell, RESOLUTION)][phone.colour] += 1
    return found


def _cell(phone: Phone) -> int | None:
    """Return where a phone was last observed, None for one without a signal."""
    observed = phone.standing.observed
    if phone.keys == NO_SIGNAL.keys or not observed:
        return None
    return min(mark >> 1 for mark in observed[max(observed)])
