"""The world as it was known: which area versions and which jurisdiction stood when."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from streams.accuracy.shapes import Shape
from streams.domain.records import AreaPublished, PolicyPublished

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.domain.policy import Policy
    from streams.domain.records import AreaVersion, Geometry, Record

ALWAYS: Final = -(1 << 62)
NEVER: Final = 1 << 62


@dataclass(slots=True)
class Standing:
    """What stood from `since` to `until` (unix seconds): an area, or (no version) a jurisdiction."""

    version: AreaVersion | None
    shape: Shape
    since: int
    until: int = NEVER


@dataclass(slots=True)
class World:
    """All that ever stood; a withdrawn version stands as nothing."""

    areas: list[Standing] = field(default_factory=list)
    jurisdictions: list[Standing] = field(default_factory=list)

    def area(self, name: str | None, version: int | None) -> Standing | None:
        """Return where a version of an area stood."""
        for standing in self.areas:
            if standing.version and (standing.version.id, standing.version.version) == (name, version):
                return standing
        return None


def world_of(policy: Policy, areas: Iterable[AreaVersion], course: Iterable[tuple[int, Record]]) -> World:
    """Work out what stood when: `areas` and `policy` from ever, each record of `course` from its time.

    A version is taken iff it is higher than what stands (rule 2.2); a time does not go back (rule 1.2).
    """
    world, standing, latest = World(), dict[str, tuple[int, Standing | None]](), ALWAYS
    for version in areas:
        _area(world, standing, version, ALWAYS)
    _jurisdiction(world, policy.jurisdiction, ALWAYS)
    number = policy.version
    for at, record in course:
        latest = max(latest, at)
        if isinstance(record, AreaPublished):
            _area(world, standing, record.area, latest)
        elif isinstance(record, PolicyPublished) and record.version > number:
            number = record.version
            if "jurisdiction" in record.thresholds:
                _jurisdiction(world, record.thresholds["jurisdiction"], latest)
    world.areas = [one for one in world.areas if one.since < one.until]
    return world


def _area(
    world: World, standing: dict[str, tuple[int, Standing | None]], version: AreaVersion, at: int
) -> None:
    number, before = standing.get(version.id, (0, None))
    if version.version <= number:
        return
    if before is not None:
        before.until = at
    entered = None if version.withdrawn else Standing(version, Shape(version.geometry), at)
    standing[version.id] = (version.version, entered)
    if entered is not None:
        world.areas.append(entered)


def _jurisdiction(world: World, geometry: Geometry | None, at: int) -> None:
    if world.jurisdictions:
        world.jurisdictions[-1].until = min(world.jurisdictions[-1].until, at)
    if geometry is not None:
        world.jurisdictions.append(Standing(None, Shape(geometry), at))
