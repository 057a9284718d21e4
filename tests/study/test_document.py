"""`shendeng accuracy` as a user meets it, and the document of the repository as it was made."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from streams.accuracy.report import Report
from streams.cli.accuracy import command
from streams.study.case import Case, Made
from streams.study.rules import OURS
from streams.study.trials import tried
from tests.city.conftest import START, replay, simulate

if TYPE_CHECKING:
    from collections.abc import Mapping

REPOSITORY = Path(__file__).parent.parent.parent
DOCS = REPOSITORY / "docs"
LESOTHO = "tests/data/towers/lesotho.csv"
TINY = ("--phones", "30", "--days", "3", "--seeds", "1", "--check", "2")


def made(folder: Path, *words: str) -> dict[str, bytes]:
    line = [sys.executable, "-m", "streams", "accuracy", *words, "-o", str(folder)]
    done = subprocess.run(line, capture_output=True, text=True, check=False, cwd=REPOSITORY)
    assert done.returncode == 0, done.stderr
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def linked(document: bytes) -> set[str]:
    return set(re.findall(r"!\[[^]]*\]\(([^)]+)\)", document.decode()))


def check_whole(files: Mapping[str, bytes]) -> None:
    document = files["accuracy.md"]
    assert linked(document) == files.keys() - {"accuracy.md"}
    assert all(
        content.startswith(b"<?xml") and len(content) < 100_000
        for content in files.values()
        if content != document
    )


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    one = made(tmp_path / "one", *TINY, "--towers", LESOTHO, "--workers", "2")
    other = made(tmp_path / "other", *TINY, "--towers", LESOTHO, "--workers", "1")
    assert one == other
    check_whole(one)
    assert f"shendeng accuracy {' '.join(TINY)} --towers {LESOTHO}" in one["accuracy.md"].decode()


def test_the_documents_command_is_that_of_the_makefile_and_its_plots_are_there() -> None:
    files = {f"accuracy/{path.name}": path.read_bytes() for path in (DOCS / "accuracy").iterdir()}
    document = (DOCS / "accuracy.md").read_bytes()
    check_whole({"accuracy.md": document, **files})
    [line] = re.findall(r"^shendeng accuracy .*$", document.decode(), re.MULTILINE)
    [recipe] = re.findall(r"shendeng accuracy .*$", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    assert shlex.split(recipe) == [*shlex.split(line), "-o", "docs"]


def test_the_document_counts_what_replay_counts_of_the_same_city(tmp_path: Path) -> None:
    folder = tmp_path / "city"
    simulate(folder, "--phones", "60", "--days", "5", "--seed", "3")
    given = ("towers.csv", "areas.geojson", "policy.toml", "controls.ndjson", "truth.csv")
    options = [word for name in given for word in (f"--{name.partition('.')[0]}", name)]
    line = [sys.executable, "-m", "streams", "replay", *options, "events.csv", "-o", "out.ndjson", "--json"]
    done = subprocess.run(line, capture_output=True, text=True, check=True, cwd=folder)
    case = Case.of(Made(3, 60, 5, START))
    report = Report(case.begin, case.until, tried(case, OURS, case.records, case.phones))
    assert json.loads(done.stderr)["accuracy"] == json.loads(json.dumps(report.as_dict()))
    replay(folder, "--truth", "truth.csv")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--seeds", "1,two"), "--seeds: expected whole numbers with commas between, found '1,two'"),
        (("--seeds", ","), "--seeds: expected a seed at least"),
        (("--check", "2,1", "--seeds", "1"), "--check: expected other seeds than --seeds, found 1"),
        (("--towers", "nowhere.csv"), "nowhere.csv: expected a readable file: No such file or directory"),
        (
            ("--towers", "tests/data/replay/towers.csv"),
            "tests/data/replay/towers.csv: expected at least 20 towers, found 5",
        ),
    ],
)
def test_what_cannot_be_is_one_line(
    words: tuple[str, ...], line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(REPOSITORY)
    run = CliRunner().invoke(command, [*words, "-o", str(tmp_path / "docs")])
    assert (run.stdout, run.stderr, run.exit_code) == ("", f"shendeng: {line}\n", 2)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_no_folder_is_one_line(tmp_path: Path) -> None:
    out = tmp_path / "docs"
    out.write_text("here")
    run = CliRunner().invoke(command, [*TINY, "-o", str(out)])
    assert run.stderr == f"shendeng: {out}: expected a folder that can be written: File exists\n"
    assert run.exit_code == 2
