"""Where a trace's towers stand: read from its own list, or gathered from its rows; written as towers.csv."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final

from streams.files.unusable import UnusableError
from streams.traces.columns import table_of
from streams.traces.where import Ids, Spots

if TYPE_CHECKING:
    from streams.files.deadletters import Bury
    from streams.traces.mapping import Mapping
    from streams.traces.where import Position

COLUMNS: Final = "radio,mcc,net,area,cell,unit,lon,lat,range"
"""Of OpenCelliD's columns those that say something."""
MOST: Final = 4_000_000
"""Towers at most; a trace with more holds positions of phones."""


class Found:
    """Towers by id, each with its position and range in metres; of two of one id the later stands."""

    def __init__(self) -> None:
        self._towers: dict[str, tuple[Position, float]] = {}
        self._moved: set[str] = set()

    def __len__(self) -> int:
        return len(self._towers)

    def __contains__(self, tower: object) -> bool:
        return tower in self._towers

    @property
    def moved(self) -> int:
        """Return how many towers are said to stand in several places."""
        return len(self._moved)

    def put(self, tower: str, position: Position, reach: float) -> None:
        """Note where a tower stands."""
        known = self._towers.get(tower)
        if known == (position, reach):
            return
        if known is None and len(self._towers) >= MOST:
            raise UnusableError(
                "the record", "", f"expected {MOST} towers at most; are its positions those of phones?"
            )
        if known is not None and known[0] != position:
            self._moved.add(tower)
        self._towers[tower] = position, reach

    def write(self, out: BinaryIO) -> None:
        """Write towers.csv, in the order of the ids' parts."""
        out.write(f"{COLUMNS}\n".encode())
        for tower in sorted(self._towers, key=lambda name: [int(part) for part in name.split("-")]):
            (lon, lat), reach = self._towers[tower]
            out.write(f",{tower.replace('-', ',')},0,{lon!r},{lat!r},{reach:.0f}\n".encode())


def sites_of(path: str, mapping: Mapping, bury: Bury) -> Found:
    """Read the list of sites; UnusableError if it cannot be read, a bad row goes to `bury`."""
    sites = mapping.sites
    assert sites is not None  # noqa: S101 - asked for where there is a list
    found = Found()
    with table_of(path, sites.form, mapping.file) as (header, rows, _):
        ids = Ids(mapping.towers, [header(column, "sites: tower") for column in sites.tower])
        spots = Spots(sites.place, mapping.positions, header, "sites")
        for line, row in rows:
            tower = None if row is None else ids(ids.text(row))
            position = None if row is None else spots(spots.texts(row))
            reach = None if row is None else spots.range(row)
            if tower is None or position is None or reach is None:
                bury("bad_tower", line)
            else:
                found.put(tower, position, reach)
    return found
