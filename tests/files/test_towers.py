"""towers.csv under both spellings (interfaces, Files; rule 2.1)."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest

from streams.domain.hexes import cell_of
from streams.domain.policy import Policy
from streams.domain.towers import Placed, canonical
from streams.files.deadletters import DeadLetters
from streams.files.towers import tower_rows, towers_of

DATA = Path(__file__).parent.parent / "data"
HERE = (121.2, 28.5)
THERE = (121.6, 28.9)


def read(folder: Path, text: str) -> tuple[dict[str, Placed], list[int]]:
    """Return the towers, and the lines that became dead letters."""
    path = folder / "towers.csv"
    path.write_text(text, encoding="utf-8", newline="")
    written = BytesIO()
    towers = towers_of(tower_rows(str(path), DeadLetters(written).of("as given")), Policy())
    letters = [json.loads(line) for line in written.getvalue().splitlines()]
    assert all((a["reason"], a["file"]) == ("bad_tower", "as given") for a in letters)
    return towers, [letter["line"] for letter in letters]


def at(place: tuple[float, float], *, coarse: bool = False) -> Placed:
    return cell_of(*place, 8), coarse


@pytest.mark.parametrize(
    "text",
    [
        "radio,mcc,net,area,cell,unit,lon,lat,range,samples\nLTE,460,0,1,2,0,121.2,28.5,1000,9\n",
        "Unnamed: 0,radio,MCC,MNC,TAC,CID,unit,LON,LAT,RANGE,SAM\n7,LTE,460,0,1,2,0,121.2,28.5,1000,9\n",
        "MCC,MNC,LAC,CID,LON,LAT,RANGE\n460,0,1,2,121.2,28.5,1000\n",
        "lat,LON,Cell,aREA,net,mcc,range\n28.5,121.2,2,1,0,460,1000\n",
        "mcc,net,area,cell,lon,lat\n460,0,1,2,121.2,28.5\n",
        '\ufeff"mcc","net","area","cell","lon","lat","range"\r\n"460","00","01","2","121.2","28.5",""\r\n',
        "mcc,net,area,cell,lon,lat,range\n460,000,1,0002,1.212e2,+28.5,0\n",
    ],
)
def test_a_tower_is_read_under_every_spelling(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == ({"460-0-1-2": at(HERE)}, [])


def test_where_both_spellings_stand_the_first_non_blank_counts(tmp_path: Path) -> None:
    header = "mcc,MNC,net,TAC,LAC,area,CID,cell,lon,lat,range\n"
    rows = "460,1,0,31,21,11,5,4,121.2,28.5,\n460,1,,31,21,,5, ,121.2,28.5,\n460,1,,31,,,5,,121.2,28.5,\n"
    towers, _ = read(tmp_path, header + rows)
    assert list(towers) == ["460-0-11-4", "460-1-21-5", "460-1-31-5"]


def test_of_two_towers_with_one_id_the_later_good_row_stands(tmp_path: Path) -> None:
    header = "mcc,net,area,cell,lon,lat,range\n"
    rows = "460,0,1,2,121.2,28.5,1\n460,00,1,2,121.6,28.9,5001\n460,0,1,2,121.2,28.5,wide\n"
    assert read(tmp_path, header + rows) == ({"460-0-1-2": at(THERE, coarse=True)}, [4])


@pytest.mark.parametrize(
    ("reach", "coarse"),
    [("", False), ("0", False), ("5000", False), ("5000.5", True), ("5001", True), ("-1", False)],
)
def test_a_tower_is_coarse_over_coarse_range_m_alone(tmp_path: Path, reach: str, *, coarse: bool) -> None:
    text = f"mcc,net,area,cell,lon,lat,range\n460,0,1,2,121.2,28.5,{reach}\n"
    assert read(tmp_path, text)[0] == {"460-0-1-2": at(HERE, coarse=coarse)}


@pytest.mark.parametrize(
    "row",
    [
        "460,0,1",
        ",0,1,2,121.2,28.5,1",
        "460,0,1,2,,28.5,1",
        "460,0,1,2,121.2,,1",
        "460,0,1,2,181,28.5,1",
        "460,0,1,2,121.2,90.1,1",
        "460,0,1,2,nan,28.5,1",
        "460,0,1,2,121.2,28.5,nan",
        "460,0,1,2,121.2,28.5,wide",
        "460,0,1,2,121.2,28.5,5_000",
        "460,0,1,2,1e999,28.5,1",
        "460,-0,1,2,121.2,28.5,1",
        "460,0x1,1,2,121.2,28.5,1",
        "460,0,1.0,2,121.2,28.5,1",
        "٤٦٠,0,1,2,121.2,28.5,1",
        '"460"x,0,1,2,121.2,28.5,1',
    ],
)
def test_a_bad_row_is_a_dead_letter_and_the_others_stand(tmp_path: Path, row: str) -> None:
    text = f"mcc,net,area,cell,lon,lat,range\n{row}\n460,0,9,9,121.6,28.9,1\n"
    assert read(tmp_path, text) == ({"460-0-9-9": at(THERE)}, [2])


def test_an_export_of_real_towers_is_read_whole() -> None:
    letters = DeadLetters()
    towers = towers_of(tower_rows(str(DATA / "towers" / "lesotho-excerpt.csv"), letters.of("x")), Policy())
    assert (len(towers), letters.by_reason.total()) == (200, 0)
    assert towers["651-1-117-11201"] == (cell_of(26.953123, -29.841163, 8), True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("460-0-1-2", "460-0-1-2"),
        ("460-00-1-2", "460-0-1-2"),
        ("0460-000-01-0002", "460-0-1-2"),
        ("460-0-1", None),
        ("460-0-1-2-3", None),
        ("460-0-1-", None),
        ("460-0-1--2", None),
        ("460-0-1-2 ", None),
        ("460-0-1-\uff12", None),
        ("460-0-1-a", None),
        ("1" * 5000 + "-0-1-2", "1" * 5000 + "-0-1-2"),
    ],
)
def test_the_four_parts_of_an_id_are_decimal_numbers(text: str, expected: str | None) -> None:
    assert canonical(text) == expected
