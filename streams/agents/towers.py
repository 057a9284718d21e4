"""Where each cell tower stands: all of `cell-towers`, kept up to date in every worker (rule 2.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams import codecs
from streams.domain.towers import canonical

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.domain.towers import Placed


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
    ) -> None:
        self._resolution, self._coarse_range_m = resolution, coarse_range_m
        self._on_found, self._read = on_found, read
        self._towers: dict[str, Placed] = {}

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
        if new:
            self._on_found(name, place)

    def named(self, cell: str) -> str | None:
        """Return a tower's id in its one spelling, None for a text that can name none."""
        return cell if cell in self._towers else canonical(cell)

    def at(self, name: str) -> Placed | None:
        """Return where a tower stands, None while it is unknown."""
        return self._towers.get(name)
