"""Boundaries of cities read from a file: which city a cell is in, and what cannot be used (rule 14.1)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from h3.api import basic_int as h3

from streams.domain.hexes import cells_of
from streams.files.cities import Cities, cities_of
from streams.files.unusable import UnusableError
from streams.people.sms.itinerary import City
from tests.properties.world import RESOLUTION, box, cell_at, with_hole

if TYPE_CHECKING:
    from pathlib import Path

A, B = City("甲", "A"), City("乙", "B")
SQUARE = {"type": "Polygon", "coordinates": [[[116, 39], [117, 39], [117, 40], [116, 40], [116, 39]]]}


def written(folder: Path, *features: Any) -> str:
    path = folder / "cities.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return str(path)


def feature(**properties: Any) -> Any:
    return {"type": "Feature", "properties": properties, "geometry": SQUARE}


@pytest.mark.parametrize("shape", [box(-4, 0), with_hole(-4, 4)], ids=["whole", "with a hole"])
def test_a_cell_is_in_a_city_exactly_where_its_centre_is_in_the_polygon(shape: Any) -> None:
    cities = Cities([(A, (shape,))])
    inside = cells_of((shape,), RESOLUTION)
    around = h3.grid_disk(cell_at(0), 9)
    assert inside < set(around)
    assert {cell for cell in around if cities.of(cell) == 0} == inside


def test_of_two_cities_over_each_other_the_first_has_a_cell_and_several_features_are_one_city() -> None:
    cities = Cities([(A, (box(-4, 0),)), (B, (box(-1, 4),)), (A, (box(6, 8),))])
    assert cities.named == (A, B)
    assert [cities.of(cell_at(east)) for east in (-3, -0.5, 2, 7, 5)] == [0, 0, 1, 0, None]


def test_a_city_across_the_antimeridian_holds_both_its_sides() -> None:
    ring = ((179.5, 0.0), (-179.5, 0.0), (-179.5, 1.0), (179.5, 1.0), (179.5, 0.0))
    cities = Cities([(A, ((ring,),))])
    at = [h3.latlng_to_cell(0.5, longitude, RESOLUTION) for longitude in (179.8, -179.8, 178.0, -178.0)]
    assert [cities.of(cell) for cell in at] == [0, 0, None, None]


def test_names_are_read_and_english_is_as_the_name_where_there_is_none(tmp_path: Path) -> None:
    path = written(tmp_path, feature(name="台州", name_en="Taizhou"), feature(name="Oslo", id=3))
    assert cities_of(path).named == (City("台州", "Taizhou"), City("Oslo", "Oslo"))


@pytest.mark.parametrize(
    ("properties", "told"),
    [
        ({}, "feature 2: properties: name: expected text, found nothing"),
        ({"name": "x" * 41}, "feature 2: properties: name: expected a name of at most 40 characters"),
        ({"name": "𠀀" * 21}, "feature 2: properties: name: expected a name of at most 40 characters"),
        ({"name": "a\nb"}, "feature 2: properties: name: expected a name"),
        ({"name": " a"}, "feature 2: properties: name: expected a name"),
        ({"name": "a", "name_en": 7}, "feature 2: properties: name_en: expected text, found 7"),
    ],
)
def test_a_name_that_no_answer_can_hold_is_refused_by_its_place(
    tmp_path: Path, properties: dict[str, Any], told: str
) -> None:
    with pytest.raises(UnusableError) as refused:
        cities_of(written(tmp_path, feature(name="good"), feature(**properties)))
    assert told in str(refused.value)
