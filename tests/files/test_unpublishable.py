"""Every mistake of a drawing is one line that names feature, ring and position (rule 2.2)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from streams.domain.extent import Extent
from streams.domain.hexes import about, cells_of
from streams.domain.policy import Policy
from streams.domain.records import AreaVersion
from streams.files.geojson import areas_of
from streams.files.members import Members
from streams.files.proposed import Proposed, check_axes, proposed_areas
from streams.files.unusable import UnusableError
from streams.files.versions import newer

DATA = Path(__file__).parent.parent / "data"
GOLDEN = DATA.parent / "golden" / "publish" / "refusals.txt"
BAD = sorted(path.relative_to(DATA).as_posix() for path in (DATA / "unpublishable" / "areas").glob("*"))
GENEROUS = 500_000


def lines() -> dict[str, str]:
    """Return what is said of each bad file, by the file."""
    return dict(line.split(": ", 1) for line in GOLDEN.read_text(encoding="utf-8").splitlines())


def collection(folder: Path, *features: dict[str, object]) -> str:
    path = folder / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return str(path)


def box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(*rings: list[list[float]], name: str = "market", version: int = 1) -> dict[str, object]:
    properties = {"id": name, "version": version, "from": "2020-01-01T00:00:00Z"}
    shape = {"type": "Polygon", "coordinates": rings}
    return {"type": "Feature", "properties": properties, "geometry": shape}


@pytest.mark.parametrize("bad", BAD)
def test_a_mistake_is_one_line(bad: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DATA)
    with pytest.raises(UnusableError) as error:
        proposed_areas(bad, 8, GENEROUS)
    assert str(error.value) == lines()[bad]


def test_replay_reads_what_only_publishing_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DATA)
    read = ["self-crossing", "self-touching", "hole-outside", "hole-in-a-hole", "two-of-one-id", "nothing"]
    for name in read:
        areas_of(f"unpublishable/areas/{name}.geojson", Policy())


def test_a_drawing_without_mistakes_is_read_holes_and_several_polygons_and_all(tmp_path: Path) -> None:
    ring, hole = box(121.1, 28.4, 121.3, 28.6), box(121.15, 28.45, 121.2, 28.5)
    touching = [[121.1, 28.45], [121.14, 28.45], [121.14, 28.5], [121.1, 28.45]]
    over = box(179.9, 0.0, -179.9, 0.2)
    path = collection(
        tmp_path, feature(ring, hole, touching), feature(over, name="dateline"), feature(hole, name="in it")
    )
    found = proposed_areas(path, 8, GENEROUS)
    assert [one.version for one in found] == areas_of(path, Policy())


def test_a_withdrawn_area_needs_no_shape(tmp_path: Path) -> None:
    bare: dict[str, object] = {
        "type": "Feature",
        "properties": {"id": "market", "version": 2, "withdrawn": True},
    }
    assert proposed_areas(collection(tmp_path, bare), 8, GENEROUS)[0].version.withdrawn


def test_the_most_cells_an_area_may_have_are_counted_in_cells(tmp_path: Path) -> None:
    path = collection(tmp_path, feature(box(121.1, 28.4, 121.3, 28.6), box(121.15, 28.45, 121.2, 28.5)))
    geometry = proposed_areas(path, 8, GENEROUS)[0].version.geometry
    count = len(cells_of(geometry, 8))
    assert len(proposed_areas(path, 8, count)) == 1
    with pytest.raises(UnusableError, match=f"about {count} cells, at most {count - 1}"):
        proposed_areas(path, 8, count - 1)


@pytest.mark.parametrize(("west", "south"), [(121.0, 28.0), (-70.0, -33.0), (20.0, 65.0), (179.5, -17.0)])
def test_the_cells_of_a_shape_are_about_its_area_by_a_cells(west: float, south: float) -> None:
    east = west + 1 if west < 179 else west + 1 - 360
    shape = ((tuple((x, y) for x, y in box(west, south, east, south + 1)),),)
    assert about(shape, 7) == pytest.approx(len(cells_of(shape, 7)), rel=0.35)


def test_a_version_must_be_higher_unless_it_is_the_same(tmp_path: Path) -> None:
    [one] = proposed_areas(
        collection(tmp_path, feature(box(121.1, 28.4, 121.3, 28.6), version=3)), 8, GENEROUS
    )
    other = AreaVersion("market", 3, (), 0, withdrawn=True)
    assert newer([one], {}) == newer([one], {"else": other}) == [one]
    assert newer([one], {"market": AreaVersion("market", 2, (), 0)}) == [one]
    assert newer([one], {"market": one.version}) == []
    with pytest.raises(
        UnusableError, match=r"feature 1: area 'market': version 3 would be ignored, .* make it 4"
    ):
        newer([one], {"market": other})


def test_axes_look_swapped_where_towers_are_only_on_the_other_side() -> None:
    lesotho = Extent.of([(27.0, -30.6), (29.4, -28.6), (28.0, -29.0)])
    assert lesotho == Extent(27.0, -30.6, 29.4, -28.6)
    assert Extent.of([]) is None

    def at(west: float, south: float) -> list[Proposed]:
        ring = tuple((x, y) for x, y in box(west, south, west + 0.1, south + 0.1))
        return [Proposed(AreaVersion("maseru", 1, ((ring,),), 0), Members({}, "maseru.geojson", "feature 1"))]

    check_axes(at(27.4, -29.4), lesotho)
    check_axes(at(120.0, 30.0), lesotho)
    check_axes(at(-29.4, 27.4), None)
    with pytest.raises(UnusableError, match=r"no tower is near \[-29.4, 27.4\], but near \[27.4, -29.4\]"):
        check_axes(at(-29.4, 27.4), lesotho)
