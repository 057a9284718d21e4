"""A city among the towers of a real export, and what is said of a file that will not do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.city.conftest import replay, simulate
from tests.city.reading import Files, Sight

TESTS = Path(__file__).parent.parent
LESOTHO = TESTS / "data" / "towers" / "lesotho.csv"
EXCERPT = TESTS / "data" / "towers" / "lesotho-excerpt.csv"
SMALL = ("--phones", "150", "--days", "5", "--seed", "1")


@pytest.mark.parametrize("export", [LESOTHO, EXCERPT])
def test_people_live_among_real_towers_and_replay_reads_it(tmp_path: Path, export: Path) -> None:
    simulate(tmp_path, *SMALL, "--towers", str(export))
    found = Files(tmp_path)
    assert {tower.net for tower in found.towers.values()} == {"1", "2"}
    assert any(tower.range_m > 5000 for tower in found.towers.values())
    assert len(found.seen) > 140
    near = [_in_reach(found, phone, sight) for phone, sights in found.seen.items() for sight in sights]
    assert sum(near) > 0.98 * len(near), "all but the second bodies of cloned numbers"
    replay(tmp_path)


def _in_reach(found: Files, phone: str, sight: Sight) -> bool:
    spell = found.was(phone, sight.at)
    reach = 1.5 * (found.towers[sight.cell].range_m or 1000) * 1.02
    moved = 20 * 150 if spell.end - spell.start <= 301 else 0
    return found.metres(spell, sight.cell) <= reach + moved + 5


def test_rows_that_are_no_towers_are_told_and_left_out(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text(EXCERPT.read_text() + "1,GSM,651,1,x,1,0,27.5,-29.3,1000\n")
    said = simulate(tmp_path / "out", *SMALL, "--towers", str(export), status=3)
    assert said.splitlines()[-1] == f"shendeng: {export}: 1 rows are no towers and were left out"
    assert len(Files(tmp_path / "out").towers) == 200


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--towers", "{}/none.csv"), "{}/none.csv: expected a readable file: No such file or directory"),
        (("--towers", "{}/few.csv"), "{}/few.csv: expected at least 20 towers, found 3"),
        (
            ("--towers", "{}/wide.csv"),
            "{}/wide.csv: expected the towers of one country, within 12 degrees",
        ),
        (
            ("--towers", "{}/one.csv"),
            "{}/one.csv: expected towers in several settlements: key areas would take all there is",
        ),
        (("--towers", "{}/text.csv"), "{}/text.csv: line 1: expected a header with the column mcc"),
        (("--start", "2999-01-01"), "--start: expected 5 days that are over; 2999-01-01 is too late"),
    ],
)
def test_what_will_not_do_is_one_line_and_nothing_is_written(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    header = "mcc,net,area,cell,lon,lat,range\n"
    (tmp_path / "few.csv").write_text(header + "".join(f"1,1,1,{n},27,-29,1000\n" for n in range(3)))
    (tmp_path / "wide.csv").write_text(header + "".join(f"1,1,1,{n},{n},1,1000\n" for n in range(30)))
    (tmp_path / "one.csv").write_text(header + "".join(f"1,1,1,{n},27.5,-29,90\n" for n in range(30)))
    (tmp_path / "text.csv").write_text("nothing\n")
    given = [word.format(tmp_path) for word in words]
    told = simulate(tmp_path / "out", *SMALL, *given, status=2)
    assert told == f"shendeng: {said.format(tmp_path)}\n"
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = simulate(tmp_path / "file" / "out", *SMALL, status=2)
    assert told.startswith(f"shendeng: {tmp_path}/file/out: expected a folder that can be written: ")
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize(
    "option", [("--phones", "0"), ("--days", "0"), ("--seed", "-1"), ("--start", "soon")]
)
def test_a_senseless_option_is_refused(tmp_path: Path, option: tuple[str, str]) -> None:
    told = simulate(tmp_path / "out", *SMALL, *option, status=2)
    assert told.splitlines()[-1].startswith(f"Error: Invalid value for '{option[0]}'")
    assert not (tmp_path / "out").exists()
