"""Risk areas made ready for look-ups: in, core, outside (rules 2.2, 2.3)."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.domain import hexes
from streams.domain.policy import MOST_RINGS, MOST_VERSION
from streams.domain.slots import first_slot_from

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from streams.domain.policy import Policy
    from streams.domain.records import AreaVersion


@dataclass(frozen=True, slots=True)
class Area:
    """One area in force: its cells, and its interval in slots (`end` excluded)."""

    id: str
    version: int
    cells: frozenset[int]
    core: frozenset[int]
    near: frozenset[int]
    """The cells within pingpong_rings of S (rule 2.3)."""
    deep: frozenset[int]
    """The cells with no cell outside S within pingpong_rings: nothing there is contested (rule 3.3)."""
    first: int
    end: float

    def has(self, cell: int, slot: int) -> bool:
        """Say whether a sighting is in this area (rule 2.3)."""
        return cell in self.cells and self.first <= slot < self.end


def prepared(version: AreaVersion, policy: Policy) -> Area:
    """Work out the cells of an area version that is not withdrawn (rule 2.2)."""
    cells = hexes.cells_of(version.geometry, policy.resolution)
    return Area(
        id=version.id,
        version=version.version,
        cells=cells,
        core=hexes.core_of(cells, version.fringe_rings),
        near=hexes.surrounded(cells, policy.pingpong_rings),
        deep=hexes.core_of(cells, policy.pingpong_rings),
        first=first_slot_from(version.from_, policy.slot_minutes),
        end=math.inf if version.until is None else first_slot_from(version.until, policy.slot_minutes),
    )


def refusal(version: AreaVersion, resolution: int) -> str | None:
    """Say why an area version may not enter, None if it may (rule 2.2)."""
    if not 1 <= version.version <= MOST_VERSION:
        return f"area {version.id!r}: version: expected 1 to {MOST_VERSION}, found {version.version}"
    if not 0 <= version.fringe_rings <= MOST_RINGS:
        return f"area {version.id!r}: fringe_rings: expected 0 to {MOST_RINGS}, found {version.fringe_rings}"
    if version.withdrawn:
        return None
    if version.until is not None and version.until <= version.from_:
        return f"area {version.id!r}: until: expected later than from"
    return _refusal_of_cells(version, resolution)


def _refusal_of_cells(version: AreaVersion, resolution: int) -> str | None:
    try:
        cells = hexes.cells_of(version.geometry, resolution)
    except hexes.GeometryError as error:
        return f"area {version.id!r}: its polygon is {error}"
    if not cells:
        return f"area {version.id!r}: its polygon holds no centre of a cell of resolution {resolution}"
    return None


def highest(versions: Iterable[AreaVersion]) -> dict[str, AreaVersion]:
    """Return the version in force of each id: the highest, of equal ones the first (rule 2.2)."""
    found: dict[str, AreaVersion] = {}
    for version in versions:
        known = found.get(version.id)
        if known is None or version.version > known.version:
            found[version.id] = version
    return found


def warnings(
    versions: Iterable[AreaVersion], policy: Policy, about: Container[str] | None = None
) -> list[str]:
    """Say what is legal but probably not meant: no core, or areas that touch (rule 2.2).

    With `about` only what concerns an area of one of these ids is said.
    """
    areas = [v for v in highest(versions).values() if not v.withdrawn]
    cells = {v.id: hexes.cells_of(v.geometry, policy.resolution) for v in areas}
    meant = {v.id for v in areas if about is None or v.id in about}
    without = [
        f"area {v.id!r} has no core: it can make nobody red"
        for v in areas
        if v.id in meant and not hexes.has_core(cells[v.id], v.fringe_rings)
    ]
    touching = [
        f"areas {one!r} and {other!r} meet or are neighbours: publish both as one"
        for one, other in _meeting(cells)
        if not meant.isdisjoint((one, other))
    ]
    return without + touching


def _meeting(cells: Mapping[str, frozenset[int]]) -> list[tuple[str, str]]:
    """Return the pairs of areas of which a cell of one is a cell of the other or its neighbour, in order."""
    order = {name: number for number, name in enumerate(cells)}
    of: defaultdict[int, list[str]] = defaultdict(list)
    for name, several in cells.items():
        for cell in several:
            of[cell].append(name)
    found = {
        (name, other)
        for name, several in cells.items()
        for cell in hexes.surrounded(several, 1)
        for other in of.get(cell, ())
        if order[name] < order[other]
    }
    return sorted(found, key=lambda pair: (order[pair[0]], order[pair[1]]))


def by_hex(areas: Mapping[str, Area]) -> dict[int, tuple[Area, ...]]:
    """Return the areas each cell belongs to."""
    found: dict[int, tuple[Area, ...]] = {}
    for area in areas.values():
        put(found, area)
    return found


def put(found: dict[int, tuple[Area, ...]], area: Area) -> None:
    """Add an area to those each of its cells belongs to, after those there are."""
    shared = {cell: (*found[cell], area) for cell in area.cells & found.keys()}
    found.update(dict.fromkeys(area.cells, (area,)))
    found.update(shared)


def take_out(found: dict[int, tuple[Area, ...]], area: Area) -> None:
    """Take an area away from those each of its cells belongs to."""
    for cell in area.cells:
        left = tuple(other for other in found.pop(cell) if other is not area)
        if left:
            found[cell] = left
