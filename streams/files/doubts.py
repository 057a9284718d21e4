"""What is legal in areas and policies but probably not meant: said before a run, which goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.domain.areas import warnings
from streams.domain.hexes import cells_of
from streams.domain.records import AreaPublished, PolicyPublished

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streams.domain.policy import Policy
    from streams.domain.records import AreaVersion, Geometry
    from streams.files.controls import Control


def doubts(policy: Policy, areas: Sequence[AreaVersion], controls: Sequence[Control]) -> list[str]:
    """Warn of each area without core or touching another, and of each jurisdiction without cells."""
    records = [control.record for control in controls]
    later = [record.area for record in records if isinstance(record, AreaPublished)]
    found = warnings(areas, policy)
    if later:
        found += warnings([*areas, *later], policy)
    shapes = [policy.jurisdiction]
    shapes += [r.thresholds.get("jurisdiction") for r in records if isinstance(r, PolicyPublished)]
    return list(dict.fromkeys([*found, *_empty(shapes, policy.resolution)]))


def _empty(shapes: list[Geometry | None], resolution: int) -> Iterator[str]:
    for shape in shapes:
        if shape is not None and not cells_of(shape, resolution):
            yield f"a jurisdiction holds no centre of a cell of resolution {resolution}: nobody arrives in it"
