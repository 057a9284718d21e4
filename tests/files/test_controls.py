"""Controls and policies, where nothing is refused (interfaces, Files; rules 1.5, 3.1)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from streams.domain.policy import Deployment, Policy
from streams.domain.records import AreaPublished, Excluded, Exclusion, PolicyPublished, TimeAdvanced
from streams.files.controls import Control, controls_of
from streams.files.doubts import doubts
from streams.files.geojson import areas_of
from streams.files.policy import policy_of
from tests.files.test_geojson import NEW_YEAR, RING, SPECK, closed, feature, written

if TYPE_CHECKING:
    from pathlib import Path

AT = "2020-01-01T08:00:00+08:00"
PHONE = "0123456789abcdef" * 2
HEX = "884b3298e9fffff"


def read(folder: Path, *controls: dict[str, Any]) -> list[Control]:
    path = folder / "controls.ndjson"
    path.write_text("\ufeff" + "\r\n\n".join(json.dumps({"at": AT, **c}) for c in controls), encoding="utf-8")
    return controls_of(str(path), Policy(), [], Deployment())


def test_every_kind_of_control_is_read(tmp_path: Path) -> None:
    open_case = {"type": "exclusion", "case": "1", "phone": PHONE, "from": None, "until": None, "note": "x"}
    hex_case = {
        "type": "exclusion",
        "case": "2",
        "version": 3,
        "hex": HEX,
        "phone": None,
        "from": "2019-12-31T00:00:00Z",
        "until": "2020-02-01T00:00:00Z",
        "withdrawn": False,
    }
    found = read(
        tmp_path,
        {"type": "time"},
        open_case,
        hex_case,
        {"type": "exclusion", "case": "2", "version": 4, "hex": HEX, "withdrawn": True},
        {"type": "policy", "policy": {"version": 2, "window_days": 7, "jurisdiction": None}},
        {"type": "area", "feature": feature(RING)},
    )
    area = areas_of(written(tmp_path, feature(RING)), Policy())[0]
    later = NEW_YEAR + 31 * 86400
    assert found == [
        Control(NEW_YEAR, record)
        for record in (
            TimeAdvanced(NEW_YEAR),
            Excluded(NEW_YEAR, Exclusion("1", 1, bytes.fromhex(PHONE), None, NEW_YEAR)),
            Excluded(NEW_YEAR, Exclusion("2", 3, None, int(HEX, 16), NEW_YEAR, NEW_YEAR - 86400, later)),
            Excluded(NEW_YEAR, Exclusion("2", 4, None, int(HEX, 16), NEW_YEAR, withdrawn=True)),
            PolicyPublished(NEW_YEAR, 2, {"window_days": 7, "jurisdiction": None}),
            AreaPublished(NEW_YEAR, area),
        )
    ]


def test_a_policy_that_is_ignored_may_ask_what_could_not_be(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {"type": "policy", "policy": {"version": 2, "stay_minutes": 60}},
        {"type": "policy", "policy": {"version": 2, "slot_minutes": 30}},
        {"type": "policy", "policy": {"version": 1, "window_days": 90}},
        {"type": "policy", "policy": {"version": 3, "slot_minutes": 15}},
    )
    assert len(found) == 4


def test_a_policy_control_names_a_jurisdiction_beside_it(tmp_path: Path) -> None:
    written(tmp_path, feature(RING))
    control = read(tmp_path, {"type": "policy", "policy": {"version": 2, "jurisdiction": "areas.geojson"}})[0]
    assert control.record == PolicyPublished(NEW_YEAR, 2, {"jurisdiction": ((closed(RING),),)})


def test_a_policy_s_file_holds_thresholds_a_version_and_a_jurisdiction(tmp_path: Path) -> None:
    written(tmp_path, feature(RING))
    path = tmp_path / "policy.toml"
    path.write_text(
        '\ufeffversion = 5\njump_speed = 99.5\njurisdiction = "areas.geojson"\n', encoding="utf-8"
    )
    expected = Policy(version=5, jump_speed=99.5, jurisdiction=((closed(RING),),))
    assert policy_of(str(path), Deployment()) == expected
    assert policy_of(None, Deployment()) == Policy()


def test_what_is_legal_but_hardly_meant_is_said_once(tmp_path: Path) -> None:
    small = [[121.2, 28.5], [121.22, 28.5], [121.22, 28.52], [121.2, 28.5]]
    areas = areas_of(written(tmp_path, feature(small), feature(RING, id="harbour")), Policy())
    nowhere = ((closed(SPECK),),)
    controls = [
        Control(0, PolicyPublished(0, 2, {"jurisdiction": nowhere})),
        Control(0, AreaPublished(0, areas[0])),
    ]
    found = doubts(Policy(jurisdiction=nowhere), areas, controls)
    assert [text.split(":")[0] for text in found] == [
        "area 'market' has no core",
        "areas 'market' and 'harbour' meet or are neighbours",
        "a jurisdiction holds no centre of a cell of resolution 8",
    ]
    assert doubts(Policy(), areas[1:], []) == []
