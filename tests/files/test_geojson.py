"""Areas and jurisdictions as GeoJSON, where nothing is broken (rules 2.2, 5.4)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from streams.domain.policy import Policy
from streams.domain.records import AreaVersion
from streams.files.geojson import areas_of, jurisdiction_of
from streams.files.unusable import UnusableError

if TYPE_CHECKING:
    from pathlib import Path

RING = [[121.1, 28.4], [121.3, 28.4], [121.3, 28.6], [121.1, 28.6], [121.1, 28.4]]
HOLE = [[121.19, 28.49], [121.21, 28.49], [121.21, 28.51], [121.19, 28.49]]
SPECK = [[121.2, 28.5], [121.20001, 28.5], [121.20001, 28.50001], [121.2, 28.5]]
NEW_YEAR = 1577836800


def feature(*rings: list[list[float]], **properties: Any) -> dict[str, Any]:
    named = {"id": "market", "version": 1, "from": "2020-01-01T00:00:00Z", **properties}
    shape = {"type": "Polygon", "coordinates": list(rings)} if rings else None
    return {"type": "Feature", "properties": named, "geometry": shape}


def written(folder: Path, *features: dict[str, Any], mark: str = "") -> str:
    path = folder / "areas.geojson"
    collection = {"type": "FeatureCollection", "features": features, "crs": "ignored"}
    path.write_text(mark + json.dumps(collection), encoding="utf-8")
    return str(path)


def closed(ring: list[list[float]]) -> tuple[tuple[float, float], ...]:
    return tuple((position[0], position[1]) for position in ring)


def test_a_feature_is_an_area_version_and_the_last_four_properties_are_optional(tmp_path: Path) -> None:
    path = written(tmp_path, feature(RING, HOLE), mark="\ufeff")
    shape = ((closed(RING), closed(HOLE)),)
    assert areas_of(path, Policy()) == [AreaVersion("market", 1, shape, NEW_YEAR)]


def test_every_property_is_read_and_null_is_as_absent(tmp_path: Path) -> None:
    given = feature(
        RING, until="2020-01-01T08:00:01+08:00", fringe_rings=0, withdrawn=False, name="海鲜市场", more=[1]
    )
    nulls = feature(RING, version=2, until=None, fringe_rings=None, withdrawn=None, name=None)
    shape = ((closed(RING),),)
    assert areas_of(written(tmp_path, given, nulls), Policy()) == [
        AreaVersion("market", 1, shape, NEW_YEAR, NEW_YEAR + 1, 0, withdrawn=False, name="海鲜市场"),
        AreaVersion("market", 2, shape, NEW_YEAR),
    ]


def test_heights_are_left_out_and_the_edges_of_the_world_are_in_it(tmp_path: Path) -> None:
    ring = [[-180.0, -90.0, 5.0], [180.0, -90.0, 5.0], [180.0, 90.0, 5.0], [-180.0, -90.0, 7.0]]
    ring_read = ((-180.0, -90.0), (180.0, -90.0), (180.0, 90.0), (-180.0, -90.0))
    path = written(tmp_path, feature(ring, withdrawn=True))
    assert areas_of(path, Policy())[0].geometry == ((ring_read,),)


def test_a_withdrawn_version_needs_no_geometry_and_no_interval(tmp_path: Path) -> None:
    bare = {"type": "Feature", "properties": {"id": "market", "version": 2, "withdrawn": True}}
    found = areas_of(written(tmp_path, feature(RING), bare, feature(version=3, withdrawn=True)), Policy())
    assert [(a.version, a.withdrawn, bool(a.geometry)) for a in found] == [
        (1, False, True),
        (2, True, False),
        (3, True, False),
    ]


def test_what_would_be_ignored_may_lack_cells(tmp_path: Path) -> None:
    again, older = feature(SPECK, version=2), feature(SPECK)
    assert len(areas_of(written(tmp_path, feature(RING, version=2), again, older), Policy())) == 3
    with pytest.raises(UnusableError, match="feature 1: area 'market'"):
        areas_of(written(tmp_path, older, feature(RING, version=2)), Policy())


def test_whether_an_area_has_cells_depends_on_the_resolution(tmp_path: Path) -> None:
    path = written(tmp_path, feature(SPECK))
    with pytest.raises(UnusableError, match="resolution 8"):
        areas_of(path, Policy())
    assert len(areas_of(path, Policy(resolution=15))) == 1


def test_no_feature_is_no_area(tmp_path: Path) -> None:
    assert areas_of(written(tmp_path), Policy()) == []


def test_a_jurisdiction_is_the_union_of_its_polygons(tmp_path: Path) -> None:
    two = {
        "type": "Feature",
        "properties": None,
        "geometry": {"type": "MultiPolygon", "coordinates": [[RING], [RING, HOLE]]},
    }
    found = jurisdiction_of(written(tmp_path, two, feature(HOLE)))
    assert found == ((closed(RING),), (closed(RING), closed(HOLE)), (closed(HOLE),))
