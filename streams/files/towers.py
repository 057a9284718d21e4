"""towers.csv: OpenCelliD's columns under both spellings, to each tower's hex (rule 2.1)."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Final

from streams.domain.towers import Tower, tower_id
from streams.files.doors import opened
from streams.files.rows import rows_of
from streams.files.unusable import UnusableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.domain.policy import Policy
    from streams.domain.towers import Placed
    from streams.files.deadletters import Bury
    from streams.files.rows import Row

SPELLINGS: Final = {
    "mcc": ("mcc",),
    "net": ("net", "mnc"),
    "area": ("area", "lac", "tac"),
    "cell": ("cell", "cid"),
    "lon": ("lon",),
    "lat": ("lat",),
    "range": ("range",),
}
"""Columns by OpenCelliD's name, with the names its exports give them; of two non-blank the first counts."""
OPTIONAL: Final = ("range",)
"""A range nobody knows is not coarse (rule 2.1)."""

_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def towers_of(rows: Iterable[Tower], policy: Policy) -> dict[str, Placed]:
    """Return where each tower stands, by its id; of two rows with one id the later one."""
    return {tower.id: tower.placed(policy.resolution, policy.coarse_range_m) for tower in rows}


def tower_rows(path: str, bury: Bury) -> Iterator[Tower]:
    """Yield the towers of a file in its order; a bad row goes to `bury`.

    UnusableError for a file without the columns.
    """
    with opened(path) as stream:
        rows = rows_of(stream, path)
        columns = _columns(rows, path)
        for line, row in rows:
            found = None if row is None else _tower(row, columns)
            if found is None:
                bury("bad_tower", line)
            else:
                yield found


def _columns(rows: Iterator[tuple[int, Row]], path: str) -> list[list[int]]:
    """Return the positions of each column of SPELLINGS, the preferred first."""
    header = [name.strip().lower() for name in next(rows, (1, None))[1] or []]
    found = [
        list(chain.from_iterable(_all_of(header, spelling) for spelling in names))
        for names in SPELLINGS.values()
    ]
    for name, places in zip(SPELLINGS, found, strict=True):
        if not places and name not in OPTIONAL:
            spelt = " or ".join((name, *(s.upper() for s in SPELLINGS[name][1:])))
            raise UnusableError(path, "line 1", f"expected a header with the column {spelt}")
    return found


def _all_of(header: list[str], name: str) -> list[int]:
    return [position for position, found in enumerate(header) if found == name]


def _tower(row: list[str], columns: list[list[int]]) -> Tower | None:
    mcc, net, area, cell, lon, lat, reach = (_first(row, places) for places in columns)
    name = tower_id(mcc, net, area, cell)
    longitude, latitude = number_of(lon), number_of(lat)
    range_m = number_of(reach) if reach else 0.0
    if name is None or longitude is None or latitude is None or range_m is None:
        return None
    if abs(longitude) > 180 or abs(latitude) > 90:  # noqa: PLR2004 - the sphere's own numbers
        return None
    return Tower(name, longitude, latitude, range_m)


def _first(row: list[str], places: list[int]) -> str:
    """Return the first non-blank field of a column, however its header spells it."""
    for place in places:
        if place < len(row) and (field := row[place].strip()):
            return field
    return ""


def number_of(text: str) -> float | None:
    """Return a decimal number, None for what is none."""
    return float(text) if _NUMBER.fullmatch(text) else None
