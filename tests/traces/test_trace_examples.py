"""Each layout of examples/traces is converted and replayed: the colours its story has come out."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from streams.cli.replay import command as replay
from tests.e2e.helps import run_line
from tests.traces.converting import EXAMPLES, REPOSITORY, Done, convert, key_file

if TYPE_CHECKING:
    from pathlib import Path

LAYOUTS = {
    "d4d-senegal": ("SITE_ARR_LONLAT.CSV", 109),
    "bandicoot": ("antennas.csv", 178),
    "csis-tokyo": (None, 218),
    "shanghai-telecom": (None, 218),
    "telenor": ("cell_towers.csv", 127),
}
"""The list of sites, and how many sightings the record tells of."""
BESIDE = {"mapping.toml", "policy.toml", "areas.geojson"}


def converted(name: str, folder: Path) -> Done:
    source, (sites, _) = EXAMPLES / name, LAYOUTS[name]
    records = sorted(
        str(path) for path in source.rglob("*.*") if path.is_file() and path.name not in {*BESIDE, sites}
    )
    listed = ("--sites", str(source / sites)) if sites is not None else ()
    keys = ("--key-file", key_file(folder))
    return convert(folder, "--mapping", str(source / "mapping.toml"), *listed, *keys, *records)


def test_every_layout_is_here() -> None:
    assert {path.name for path in EXAMPLES.iterdir() if path.is_dir()} == set(LAYOUTS)


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_gives_the_colours_of_its_story(name: str, tmp_path: Path) -> None:
    done = converted(name, tmp_path)
    assert done.status == 0, done.told
    assert len(done.events) == LAYOUTS[name][1]
    assert {cell for _, cell, _ in done.events} <= set(done.towers)
    assert [at for _, _, at in done.events] == sorted(at for _, _, at in done.events)
    out = tmp_path / "changes.ndjson"
    source = EXAMPLES / name
    line = f"--towers {done.folder}/towers.csv --areas {source}/areas.geojson --policy {source}/policy.toml"
    run = CliRunner().invoke(replay, [*line.split(), f"{done.folder}/events.csv", "-o", str(out)])
    assert run.exit_code == 0, run.stderr
    last = {}
    for change in map(json.loads, out.read_text().splitlines()):
        last[change["data"]["phone"]] = (
            change["data"]["colour"],
            [reason["code"] for reason in change["data"]["reasons"]],
        )
    assert sorted(last.values()) == [
        ("green", ["CLEAR"]),
        ("red", ["STAYED"]),
        ("unknown", ["STALE", "TOO_LITTLE"]),
        ("yellow", ["PASSED_THROUGH"]),
    ]


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_same_record_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    found = []
    for run in ("one", "other"):
        (tmp_path / run).mkdir()
        done = converted(name, tmp_path / run)
        found.append([(done.folder / file).read_bytes() for file in ("events.csv", "towers.csv")])
    assert found[0] == found[1]


def test_the_guides_commands_run_as_written(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "examples" / "traces")
    guide = (REPOSITORY / "docs" / "real-traces.md").read_text()
    block = guide.partition("```\n")[2].partition("```")[0]
    run_line(f"set -e; {block}", dict(os.environ), tmp_path)
    assert (tmp_path / "examples/traces/d4d-senegal/changes.ndjson").read_text().count('"red"') == 1


def test_no_phone_of_the_record_is_in_what_is_written(tmp_path: Path) -> None:
    done = converted("telenor", tmp_path)
    for file in done.folder.iterdir():
        assert b"2025550" not in file.read_bytes()
    assert "2025550" not in done.told
