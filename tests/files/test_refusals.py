"""Every mistake a file can hold is one line and exit status 2 (interfaces, Files)."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from streams.cli.replay import command

TESTS = Path(__file__).parent.parent
DATA = TESTS / "data"
GOLDEN = TESTS / "golden" / "replay" / "refusals.txt"
OPTIONS = {
    "areas": "--areas",
    "policy": "--policy",
    "controls": "--controls",
    "towers": "--towers",
    "truth": "--truth",
}
USABLE = {"--towers": "replay/towers.csv", "--areas": "replay/areas.geojson"}
BAD = sorted(path.relative_to(DATA).as_posix() for path in (DATA / "bad").glob("*/*"))


def arguments(bad: str) -> list[str]:
    """Return a command line in which one file alone is unusable."""
    kind = Path(bad).parent.name
    options = dict(USABLE) if kind == "events" else {**USABLE, OPTIONS[kind]: bad}
    return [
        *(word for pair in options.items() for word in pair),
        "replay/events.csv" if kind != "events" else bad,
    ]


def test_every_bad_file_has_its_line_and_every_line_its_file() -> None:
    assert [line.split(": ")[0] for line in GOLDEN.read_text(encoding="utf-8").splitlines()] == BAD


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_file_is_one_line_and_the_output_stays(
    bad: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(DATA)
    lines = dict(line.split(": ", 1) for line in GOLDEN.read_text(encoding="utf-8").splitlines())
    out, letters = tmp_path / "changes.ndjson", tmp_path / "letters.ndjson"
    letters.write_text("before")
    run = CliRunner().invoke(command, [*arguments(bad), "-o", str(out), "--dead-letters", str(letters)])
    assert (run.stdout, run.stderr, run.exit_code) == ("", f"shendeng: {lines[bad]}\n", 2)
    assert [path.name for path in tmp_path.iterdir()] == ["letters.ndjson"]
    assert letters.read_text() == "before"


def refused(*words: str) -> str:
    """Return the one line that a command line in tests/data gets."""
    run = CliRunner().invoke(command, list(words))
    assert run.exit_code == 2
    assert run.stderr.count("\n") == 1
    return run.stderr.removeprefix("shendeng: ").rstrip("\n")


def usual(out: Path, **changed: str) -> list[str]:
    options = {**USABLE, "-o": str(out), **{f"--{key.replace('_', '-')}": v for key, v in changed.items()}}
    return [*(word for pair in options.items() for word in pair), "replay/header-only.csv"]


def test_options_that_cannot_be_are_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DATA)
    out = tmp_path / "out.ndjson"
    assert refused(*usual(out, areas="nowhere.geojson")) == (
        "nowhere.geojson: expected a readable file: No such file or directory"
    )
    assert refused(*usual(out, towers="replay")) == "replay: expected a readable file: Is a directory"
    assert refused(*usual(out, until="2020-01-01")) == (
        "--until: expected a time with its offset (RFC 3339), found '2020-01-01'"
    )
    assert refused(*usual(out, retention_days="13")) == (
        "built-in policy: window_days: expected at most retention_days (13), found 14"
    )
    assert refused(*usual(out, areas="-", towers="-")) == "-: expected one input at most from standard input"
    assert refused(*usual(out, dead_letters=str(out))) == (
        f"{out}: expected another file for the dead letters than for the changes"
    )
    assert refused(*usual(tmp_path)) == f"{tmp_path}: expected a file that can be written: Is a directory"
    nowhere = tmp_path / "no" / "out"
    assert (
        refused(*usual(nowhere))
        == f"{nowhere}: expected a file that can be written: No such file or directory"
    )
    assert list(tmp_path.iterdir()) == []


def test_an_option_beyond_its_range_is_exit_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DATA)
    for changed in ({"retention_days": "0"}, {"max_skew": "-1"}, {"max_skew": "soon"}):
        assert CliRunner().invoke(command, usual(tmp_path / "out", **changed)).exit_code == 2


def test_a_truth_goes_with_files_only(tmp_path: Path) -> None:
    assert refused("--journal", "--truth", "truth.csv", "-o", str(tmp_path / "out")) == (
        "--journal: expected no files beside it: the journal holds everything"
    )


def test_json_too_deep_to_be_read_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DATA)
    deep = tmp_path / "deep.geojson"
    deep.write_text("[" * 500_000)
    expected = f"{deep}: expected JSON, with numbers and depth within reason"
    assert refused(*usual(tmp_path / "out", areas=str(deep))) == expected


def test_parquet_that_is_none_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DATA)
    broken = tmp_path / "events.parquet"
    broken.write_bytes(b"PAR1 and nothing of the kind after it PAR1")
    line = refused(*usual(tmp_path / "out")[:-1], str(broken))
    assert line.startswith(f"{broken}: expected Parquet: ")
