"""Spells: maximal times of being in a place (or out of it), short absences forgiven."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from streams.accuracy.definition import FORGIVEN

if TYPE_CHECKING:
    from streams.accuracy.tracks import Bools, Ints


@dataclass(frozen=True, slots=True)
class Spells:
    """Phone's number, start and end (unix seconds, excluded) of each, in the order of phone and time."""

    phone: Ints
    start: Ints
    end: Ints

    @property
    def length(self) -> Ints:
        """Return the seconds from start to end, forgiven absences included."""
        return self.end - self.start


def spells(phone: Ints, start: Ints, end: Ints, here: Bools, begin: int, until: int) -> Spells:
    """Join the rows that are `here`, cut to [begin, until); rows stand in the order of phone and time.

    Rows less than FORGIVEN apart are of one spell, whatever lies between (another place, or nothing told).
    """
    rows = np.flatnonzero(here & (start < until) & (end > begin))
    phone, start, end = phone[rows], np.maximum(start[rows], begin), np.minimum(end[rows], until)
    if not len(rows):
        return Spells(phone, start, end)
    new = np.concatenate(([True], (phone[1:] != phone[:-1]) | (start[1:] - end[:-1] >= FORGIVEN)))
    first = np.flatnonzero(new)
    last = np.concatenate((first[1:], [len(rows)])) - 1
    return Spells(phone[first], start[first], end[last])
