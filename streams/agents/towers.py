"""Where each cell tower stands: all of `cell-towers`, kept up to date in every worker (rule 2.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from streams import codecs
from streams.codecs.spellings import Spellings
from streams.domain.towers import canonical

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.codecs import Values
    from streams.domain.towers import Placed

NO_TOWER: Final = 0
"""The row of a spelling that can name no tower."""
MOST_SPELLINGS: Final = 1 << 20
"""Beyond so many all are forgotten, and learnt again as they come: a carrier may send any."""
ABSENT: Final = -1
"""In place of `coarse`: the tower is unknown."""


class Stands(NamedTuple):
    """By spelling: the tower's row, its hex, and 1 if it is coarse, 0 if not, ABSENT while it is unknown."""

    row: Any
    hexes: Any
    coarse: Any


def key_of(key: bytes | None) -> str | None:
    """Return the tower's id that a record's key is, None if it is none."""
    return None if key is None else canonical(key.decode("utf-8", "replace"))


class TowerTable:
    """Tower id to (hex, coarse); `take` is given the topic's records, `on_found` each tower that is new.

    `read` makes of a value what the codecs read. A value nobody can read, or under another tower's key,
    leaves the tower as it was: the agent `reference` writes its dead letter.
    """

    def __init__(
        self,
        resolution: int,
        coarse_range_m: int,
        on_found: Callable[[str, Placed], None],
        read: Callable[[bytes], bytes | None],
        most_spellings: int = MOST_SPELLINGS,
    ) -> None:
        self._resolution, self._coarse_range_m = resolution, coarse_range_m
        self._on_found, self._read = on_found, read
        self._towers: dict[str, Placed] = {}
        self._most_spellings = most_spellings
        self._forget()

    def __len__(self) -> int:
        """Return how many towers are known."""
        return len(self._towers)

    def take(self, record: Any) -> None:
        """Enter a record of the compacted topic; one without a value withdraws its tower."""
        name = key_of(record.key)
        if name is None:
            return
        if record.value is None:
            self._towers.pop(name, None)
            self._place(name)
            return
        try:
            tower = codecs.decode_tower(self._read(record.value))
        except codecs.CodecError:
            return
        if tower.id != name:
            return
        new = name not in self._towers
        place = tower.placed(self._resolution, self._coarse_range_m)
        self._towers[name] = place
        self._place(name)
        if new:
            self._on_found(name, place)

    def at(self, name: str) -> Placed | None:
        """Return where a tower stands, None while it is unknown."""
        return self._towers.get(name)

    def tidy(self) -> None:
        """Keep the memory of spellings within its bound; rows given out before stand no longer."""
        if len(self._spellings) > self._most_spellings:
            self._forget()

    def stand(self, spelt: Values) -> Stands:
        """Return where the towers of these spellings stand."""
        rows = self._spellings.of(spelt)
        return Stands(rows, self._hexes[rows], self._coarse[rows])

    def name(self, row: int) -> str:
        """Return the id, in its one spelling, of the tower of a row."""
        return self._names[row]

    def _forget(self) -> None:
        self._spellings = Spellings(self._learn)
        self._rows: dict[str, int] = {}
        self._names = [""]
        self._hexes = np.zeros(1 << 10, np.int64)
        self._coarse = np.full(1 << 10, ABSENT, np.int64)

    def _learn(self, spelling: bytes) -> int:
        """Return the row of a spelling's tower, which it has whether the tower is known or not."""
        name = canonical(spelling.decode())
        if name is None:
            return NO_TOWER
        if name not in self._rows:
            row = self._rows[name] = len(self._names)
            self._names.append(name)
            if row == len(self._hexes):
                self._hexes = np.concatenate((self._hexes, np.zeros_like(self._hexes)))
                self._coarse = np.concatenate((self._coarse, np.full_like(self._coarse, ABSENT)))
            self._place(name)
        return self._rows[name]

    def _place(self, name: str) -> None:
        """Say in a tower's row, if it has one, where it stands now."""
        row = self._rows.get(name)
        if row is not None:
            self._hexes[row], self._coarse[row] = self._towers.get(name, (0, ABSENT))
