"""Towers whose phones jump impossibly often: probably not where the list of towers has them (rule 3.2)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Final

from streams.domain.hexes import distance_m
from streams.domain.plausibility import conflict

if TYPE_CHECKING:
    from streams.domain.rules import Rules

PHONES: Final = 100_000
"""Phones whose last sighting is remembered; beyond it the one not seen for longest is forgotten."""
PAIRS: Final = 100_000
"""Pairs of towers between which jumps are counted."""
TOWERS: Final = 200_000
"""Towers whose moves are counted."""
DISTANCES: Final = 101
"""Distances kept of a tower's jumps."""
SHARE: Final = 0.5
"""A tower is suspect if more than this share of the moves to and from it are jumps …"""
LEAST: Final = 10
"""… at least so many of them …"""
WITNESSES: Final = 3
"""… of at least so many phones: a cloned number jumps too, but alone."""
NAMED: Final = 20
"""Towers named at most."""


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A tower that probably stands elsewhere: about `km` from where its phones were just before or after."""

    cell: str
    jumps: int
    moves: int
    km: float


@dataclass(slots=True)
class _Tower:
    moves: int = 0
    phones: set[bytes] = field(default_factory=set)
    metres: list[float] = field(default_factory=list)


class Jumps:
    """Watches each phone go from tower to tower within `jump_minutes`; staying in one hex is no move."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._last: dict[bytes, tuple[int, str, int]] = {}
        self._towers: dict[str, _Tower] = {}
        self._pairs: dict[tuple[str, str], int] = {}
        self.jumps = 0

    def add(self, phone: bytes, slot: int, cell: str, hex_: int) -> None:
        """Take a sighting; conflicts are those of rule 3.2 between it and the phone's last one."""
        before = self._last.pop(phone, None)
        self._last[phone] = (slot, cell, hex_)
        if before is None:
            if len(self._last) > PHONES:
                del self._last[next(iter(self._last))]
            return
        apart = abs(slot - before[0])
        if before[2] == hex_ or apart > self._rules.spans.jump:
            return
        jumped = conflict(self._rules, apart, before[2], hex_)
        self.jumps += jumped
        for one in (cell, before[1]):
            self._move(one, phone, distance_m(before[2], hex_) if jumped else None)
        pair = (min(cell, before[1]), max(cell, before[1]))
        if jumped and (pair in self._pairs or len(self._pairs) < PAIRS):
            self._pairs[pair] = self._pairs.get(pair, 0) + 1

    def _move(self, cell: str, phone: bytes, metres: float | None) -> None:
        tower = self._towers.get(cell)
        if tower is None:
            if len(self._towers) >= TOWERS:
                return
            tower = self._towers[cell] = _Tower()
        tower.moves += 1
        if metres is not None:
            if len(tower.phones) < WITNESSES:
                tower.phones.add(phone)
            if len(tower.metres) < DISTANCES:
                tower.metres.append(metres)

    def misplaced(self) -> list[Misplaced]:
        """Return the suspects, the one with most jumps first.

        A jump has two ends and one culprit: once a tower is named, the jumps to and from it no longer
        speak against the towers at their other ends.
        """
        moves = {cell: tower.moves for cell, tower in self._towers.items()}
        others: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for (one, other), count in self._pairs.items():
            others[one][other] = others[other][one] = count
        jumps = {cell: sum(counts.values()) for cell, counts in others.items() if cell in moves}
        found: list[Misplaced] = []
        while jumps and len(found) < NAMED:
            cell = max(jumps, key=lambda c: (self._is_suspect(c, jumps[c], moves[c]), jumps[c] / moves[c], c))
            if not self._is_suspect(cell, jumps[cell], moves[cell]):
                break
            km = median(self._towers[cell].metres) / 1000
            found.append(Misplaced(cell, jumps.pop(cell), moves[cell], km))
            for other, count in others[cell].items():
                if other in jumps:
                    jumps[other] -= count
                    moves[other] -= count
                    if jumps[other] <= 0:
                        del jumps[other]
        return sorted(found, key=lambda one: (-one.jumps, one.cell))

    def _is_suspect(self, cell: str, jumps: int, moves: int) -> bool:
        enough = jumps >= LEAST and len(self._towers[cell].phones) >= WITNESSES
        return enough and jumps > SHARE * moves
