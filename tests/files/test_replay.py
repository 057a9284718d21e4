"""`shendeng replay` as a user meets it (interfaces, `shendeng replay`)."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner

from streams.cli import _folding
from streams.cli._progress import Progress
from streams.cli.replay import command
from tests.e2e.processes import until

TESTS = Path(__file__).parent.parent
DATA = TESTS / "data" / "replay"
GOLDEN = TESTS / "golden" / "replay"
INPUTS = ["--towers", "towers.csv", "--areas", "areas.geojson"]
WHOLE = [
    *INPUTS,
    *("--policy", "policy.toml", "--controls", "controls.ndjson", "--until", "2020-02-20T00:00:00Z"),
]


@pytest.fixture(autouse=True)
def _at_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "work"
    shutil.copytree(DATA, folder)
    monkeypatch.chdir(folder)


def shendeng(*words: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    line = [sys.executable, "-m", "streams", "replay", *words]
    return subprocess.run(line, input=stdin, capture_output=True, check=False, timeout=60)


def golden(name: str) -> bytes:
    return (GOLDEN / name).read_bytes()


def without_speed(summary: bytes) -> bytes:
    return re.sub(rb"events/s +\d+\n", b"", summary)


def test_files_become_the_colour_changes_the_rules_give() -> None:
    run = shendeng(*WHOLE, "events.csv", "-o", "out.ndjson", "--dead-letters", "letters.ndjson")
    assert (run.returncode, run.stdout) == (3, b"")
    assert Path("out.ndjson").read_bytes() == golden("changes.ndjson")
    assert Path("letters.ndjson").read_bytes() == golden("letters.ndjson")
    assert without_speed(run.stderr) == golden("summary.txt")


def test_a_truth_is_held_against_the_colours_and_changes_none() -> None:
    # By hand: 1a is truly red from 12:30 on the fourth, 3a from 6:00 on the third, both until the area is
    # withdrawn at 16:00 on the seventh; red is said of 1a alone, from 12:00 on the fourth for 60 hours.
    run = shendeng(*WHOLE, "--truth", "truth.csv", "events.csv", "-o", "out.ndjson")
    assert Path("out.ndjson").read_bytes() == golden("changes.ndjson")
    assert without_speed(run.stderr) == golden("summary.txt") + golden("accuracy.txt")
    summary = json.loads(
        shendeng(
            *WHOLE,
            "--truth",
            "-",
            "events.csv",
            "-o",
            "out.ndjson",
            "--json",
            stdin=Path("truth.csv").read_bytes(),
        ).stderr
    )
    red = summary["accuracy"]["colours"]["red"]["all"]
    assert (red["precision"], red["recall"]) == (round(59.5 / 60, 4), round(59.5 / (75.5 + 106), 4))
    assert red["delay_hours"] == {"median": -0.5, "90": -0.5}
    assert summary["accuracy"]["false_reds"] == {"early": {"times": 1, "phones": 1, "hours": 0.5}}


def test_standard_streams_carry_the_same_bytes() -> None:
    run = shendeng(*WHOLE, "-", "-o", "-", stdin=Path("events.csv").read_bytes())
    assert (run.returncode, run.stdout) == (3, golden("changes.ndjson"))
    words = ["-" if word == "policy.toml" else word for word in WHOLE]
    run = shendeng(*words, "events.csv", "-o", "-", stdin=Path("policy.toml").read_bytes())
    assert (run.returncode, run.stdout) == (3, golden("changes.ndjson"))


def test_the_summary_as_json_is_one_line_on_standard_error() -> None:
    run = shendeng(*WHOLE, "events.csv", "-o", "-", "--json")
    summary = json.loads(run.stderr)
    assert summary["sightings"] == 156
    assert summary["phones"] == 4
    assert summary["too_late"] == 1
    assert summary["changes"]["total"] == golden("changes.ndjson").count(b"\n")
    assert sum(summary["changes"]["by_colour"].values()) == summary["changes"]["total"]
    assert summary["dead_letters"] == {
        "bad_phone": 1,
        "bad_row": 1,
        "bad_time": 2,
        "bad_tower": 1,
        "unknown_tower": 1,
    }
    assert summary["events_per_s"] > 0


def test_a_header_alone_gives_no_output_and_exit_0() -> None:
    shutil.copy("header-only.csv", "events.csv")
    Path("towers.csv").write_text("mcc,net,area,cell,lon,lat,range\n")
    run = shendeng(*WHOLE, "events.csv", "-o", "out.ndjson")
    assert (run.returncode, Path("out.ndjson").read_bytes()) == (0, b"")


def test_parquet_on_standard_input_is_one_line() -> None:
    run = shendeng(*INPUTS, "-", "-o", "out.ndjson", stdin=b"PAR1....PAR1")
    assert run.returncode == 2
    assert run.stderr == b"shendeng: -: expected CSV: Parquet is read from its end, so from a file only\n"


def test_the_output_replaces_what_was_there_and_leaves_nothing_beside_it() -> None:
    out = Path("out.ndjson")
    out.write_text("before")
    out.chmod(0o600)
    link = Path("link.ndjson")
    link.symlink_to(out)
    before = set(Path().iterdir())
    assert shendeng(*WHOLE, "events.csv", "-o", "link.ndjson").returncode == 3
    assert out.read_bytes() == golden("changes.ndjson")
    assert out.stat().st_mode & 0o777 == 0o600
    assert link.is_symlink()
    assert set(Path().iterdir()) == before


def test_a_reader_that_leaves_early_sees_whole_lines_and_no_traceback() -> None:
    line = [sys.executable, "-m", "streams", "replay", *WHOLE, "events.csv", "-o", "-"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        assert b"Traceback" not in run.stderr.read()
        assert run.wait(60) == 1


def test_the_example_in_the_help_runs() -> None:
    shown = CliRunner().invoke(command, ["--help"]).stdout
    example = next(line.split() for line in shown.splitlines() if line.strip().startswith("shendeng replay"))
    assert shendeng(*example[2:]).returncode == 3
    assert Path("changes.ndjson").exists()


def test_an_error_of_ours_is_one_line_that_shows_no_data(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> NoReturn:
        raise KeyError("1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a")

    monkeypatch.setattr(_folding, "Window", broken)
    run = CliRunner().invoke(command, [*INPUTS, "events.csv", "-o", "out.ndjson"])
    assert run.exit_code == 70
    place = rf"test_replay\.py:{broken.__code__.co_firstlineno + 1}"
    assert re.fullmatch(rf"shendeng: internal error: KeyError at {place}; please report it\n", run.stderr)
    assert not Path("out.ndjson").exists()


def test_progress_is_drawn_after_two_seconds_and_taken_away(capsys: pytest.CaptureFixture[str]) -> None:
    times = iter([0.0, 1.9, 2.0, 2.1, 2.6])
    progress = Progress(lambda: next(times), shown=True)
    for sightings in (19, 20, 21, 26):
        progress.show(sightings, lambda: 0.25)
    progress.clear()
    drawn = capsys.readouterr().err
    assert drawn == "\r\x1b[K25%, 20 sightings, 10/s\r\x1b[K25%, 26 sightings, 10/s\r\x1b[K"


def test_progress_is_not_drawn_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(lambda: 100.0, shown=False)
    progress.show(1, lambda: None)
    progress.clear()
    assert capsys.readouterr().err == ""


def test_dead_letters_that_cannot_be_held_leave_the_output_as_it_was() -> None:
    run = shendeng(*INPUTS, "events.csv", "-o", "out.ndjson", "--dead-letters", "/dev/full")
    assert (run.returncode, Path("out.ndjson").exists()) == (2, False)
    assert run.stderr.startswith(b"shendeng: /dev/full: expected a file that can be written")


def test_dead_letters_never_go_to_the_file_of_the_changes_however_it_is_named() -> None:
    Path("out.ndjson").write_text("before")
    run = shendeng(*INPUTS, "events.csv", "-o", "out.ndjson", "--dead-letters", "./out.ndjson")
    assert (run.returncode, Path("out.ndjson").read_text()) == (2, "before")


def test_a_run_that_is_told_to_end_takes_its_unfinished_files_away(tmp_path: Path) -> None:
    os.mkfifo("slow")
    words = [*INPUTS, "slow", "-o", "out.ndjson", "--dead-letters", "letters.ndjson"]
    run = subprocess.Popen([sys.executable, "-m", "streams", "replay", *words], stderr=subprocess.PIPE)
    with Path("slow").open("wb") as stream:
        stream.write(Path("events.csv").read_bytes())
        stream.flush()
        until(lambda: list(Path().glob(".*partial")) != [], "it has begun")
        run.terminate()
        _, told = run.communicate(timeout=60)
    assert run.returncode == 1
    assert b"Traceback" not in told
    assert [path.name for path in Path().glob("*.ndjson")] == ["controls.ndjson"]
    assert list(Path().glob(".*partial")) == []
    del tmp_path


def test_a_closed_standard_stream_is_one_line() -> None:
    line = [sys.executable, "-m", "streams", "replay", *INPUTS, "-", "-o", "out.ndjson"]
    shell = ["sh", "-c", 'exec "$@" <&-', "sh", *line]
    run = subprocess.run(shell, capture_output=True, check=False, timeout=60)
    assert (run.returncode, run.stderr) == (2, b"shendeng: -: expected standard input, found it closed\n")


def test_settings_that_are_a_folder_are_one_line() -> None:
    Path("shendeng.toml").mkdir()
    run = shendeng(*INPUTS, "events.csv", "-o", "out.ndjson")
    assert (run.returncode, run.stderr.count(b"\n")) == (2, 1)
    assert run.stderr.startswith(b"shendeng: shendeng.toml: expected a file that can be read")


def test_a_sighting_at_the_beginning_of_the_calendar_ends_no_run_in_any_timezone() -> None:
    Path("policy.toml").write_text('version = 1\ntimezone = "America/New_York"\n')
    rows = ["phone,cell,seen_at"]
    rows += [f"{'1a' * 16},460-0-1-1,{when}" for when in ("0001-01-01T00:00:00Z", "2020-02-01T00:00:00Z")]
    Path("events.csv").write_text("\n".join(rows) + "\n")
    run = shendeng(*INPUTS, "--policy", "policy.toml", "events.csv", "-o", "out.ndjson")
    assert (run.returncode, run.stderr[:12]) == (3, b"sightings   ")  # a bad tower there is
