"""Areas proposed for publishing, checked harder than `replay` checks them: a person drew them (rule 2.2)."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from streams.domain.areas import refusal
from streams.domain.extent import Extent
from streams.domain.hexes import about, cells_of
from streams.domain.records import AreaVersion
from streams.files.drawn import check_drawn
from streams.files.geojson import area_of, features_of
from streams.files.unusable import UnusableError
from streams.files.versions import Stated, check_alone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.domain.records import Geometry

ROUGHLY: Final = 2
"""A shape this many times too large by its area is not laid out in cells to be sure."""


class Proposed(Stated[AreaVersion]):
    """An area version and the feature that says so."""

    __slots__ = ()
    what = "area"


def proposed_areas(path: str, resolution: int, most_hexes: int) -> list[Proposed]:
    """Return a file's areas, one of each id; UnusableError names feature, ring and position of a mistake."""
    found: dict[str, Proposed] = {}
    for feature in features_of(path):
        version = area_of(feature)
        proposed = Proposed(version, feature)
        check_drawn(version.geometry, feature)
        check_alone(proposed, found)
        if not version.withdrawn:
            _check_size(proposed, resolution, most_hexes)
        if (refused := refusal(version, resolution)) is not None:
            raise UnusableError(path, feature.place, refused)
        found[version.id] = proposed
    if not found:
        raise UnusableError(path, "features", "expected one area or more")
    return list(found.values())


def check_axes(proposed: Iterable[Proposed], towers: Extent | None) -> None:
    """Raise UnusableError for an area that no tower is near, but would be with its axes swapped."""
    for one in proposed:
        area = Extent.of(positions(one.version.geometry)) if one.version.geometry else None
        if towers is None or area is None or area.meets(towers):
            continue
        if area.swapped().meets(towers):
            raise one.wrong(
                f"no tower is near [{area.west:g}, {area.south:g}], but near [{area.south:g}, {area.west:g}] "
                "there are: its axes look swapped, longitude comes first"
            )


def positions(geometry: Geometry) -> Iterable[tuple[float, float]]:
    """Yield every position of a geometry."""
    return chain.from_iterable(chain.from_iterable(geometry))


def _check_size(proposed: Proposed, resolution: int, most_hexes: int) -> None:
    geometry = proposed.version.geometry
    count = about(geometry, resolution)
    if count <= ROUGHLY * most_hexes:
        count = len(cells_of(geometry, resolution))
    if count > most_hexes:
        raise proposed.wrong(
            f"it has about {count} cells, at most {most_hexes} are allowed: draw it smaller, "
            "or raise SHENDENG_MAX_AREA_HEXES"
        )
