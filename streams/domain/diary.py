"""A phone's diary: the set of its sightings (rule 2.1)."""

from __future__ import annotations

from typing import Final

from streams.domain import hexes

COARSE: Final = 1
"""The lowest bit of a mark: a mark is a hex shifted left by one, with the coarse bit."""

Marks = tuple[int, ...]
"""The marks of one slot: a set, kept as a tuple in order."""

_alone: dict[int, Marks] = {}
"""One tuple for each mark that stands alone in a slot, shared by all diaries."""


def mark_of(cell: int, *, coarse: bool) -> int:
    """Return the mark of a hex and its coarse bit."""
    return cell << 1 | coarse


class Diary:
    """Sightings by slot. Entering one twice, or in another order, changes nothing."""

    __slots__ = ("last_seen", "marks", "wide")

    def __init__(self) -> None:
        self.marks: dict[int, Marks] = {}
        self.last_seen: dict[int, int] = {}
        """The latest slot of each hex in the diary; the first key is the anchor of `wide`."""
        self.wide = False
        """Some hex is so far from the anchor that two hexes may conflict (rule 3.2)."""

    @property
    def latest(self) -> int:
        """Return the latest slot of the diary, 0 if it is empty."""
        return max(self.last_seen.values(), default=0)

    def enter(self, slot: int, cell: int, mark: int, reach_m: float) -> bool:
        """Enter a sighting; say whether it is new."""
        marks = self.marks.get(slot)
        if marks is None:
            alone = _alone.get(mark)
            if alone is None:
                alone = _alone[mark] = (mark,)
            self.marks[slot] = alone
        elif mark in marks:
            return False
        else:
            self.marks[slot] = tuple(sorted((*marks, mark)))
        last = self.last_seen.get(cell)
        if last is None:
            self.last_seen[cell] = slot
            self.wide = self.wide or self._is_far(cell, reach_m)
        elif slot > last:
            self.last_seen[cell] = slot
        return True

    def forget(self, edge: int, reach_m: float) -> bool:
        """Drop the slots up to `edge` (rule 1.5); say whether anything went."""
        old = [slot for slot in self.marks if slot <= edge]
        for slot in old:
            del self.marks[slot]
        for cell in [cell for cell, last in self.last_seen.items() if last <= edge]:
            del self.last_seen[cell]
        if old:
            self.measure(reach_m)
        return bool(old)

    def measure(self, reach_m: float) -> None:
        """Work out `wide` again, after a policy or the hexes changed."""
        self.wide = any(self._is_far(cell, reach_m) for cell in self.last_seen)

    def _is_far(self, cell: int, reach_m: float) -> bool:
        anchor = next(iter(self.last_seen))
        return cell != anchor and hexes.distance_m(anchor, cell) * 2 >= reach_m
