"""Every mistake of a mapping is one line and exit status 2, and nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.traces.converting import REPOSITORY, convert, key_file

if TYPE_CHECKING:
    from pathlib import Path

DATA = REPOSITORY / "tests" / "data" / "traces"
GOLDEN = REPOSITORY / "tests" / "golden" / "traces" / "refusals.txt"
BAD = sorted(path.name for path in (DATA / "bad").glob("*"))


def lines() -> dict[str, str]:
    """Return what is said of each bad mapping, by its file."""
    return dict(line.split(": ", 1) for line in GOLDEN.read_text(encoding="utf-8").splitlines())


def test_every_bad_mapping_has_its_line_and_every_line_its_mapping() -> None:
    assert list(lines()) == BAD


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_mapping_is_one_line_and_nothing_is_written(
    bad: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(DATA)
    letters = tmp_path / "letters.ndjson"
    words = ("--mapping", f"bad/{bad}", "--key-file", key_file(tmp_path), "--dead-letters", str(letters))
    done = convert(tmp_path, *words, "cdr.csv")
    assert (done.status, done.out, done.told) == (2, b"", f"shendeng: {lines()[bad]}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["keys.toml"]


def refused(folder: Path, *words: str) -> str:
    done = convert(folder, *words)
    assert done.status == 2
    assert done.told.count("\n") == 1
    return done.told.removeprefix("shendeng: ").rstrip("\n")


def test_options_that_cannot_be_are_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = ("--key-file", key_file(tmp_path))
    monkeypatch.chdir(DATA)
    good = ("--mapping", "good.toml")
    assert convert(tmp_path, *good, *keys, "cdr.csv").status == 0
    assert refused(tmp_path, *good, "cdr.csv") == (
        "--key-file: expected a key file to hash phones, found nothing"
    )
    assert refused(tmp_path, *good, "--numbers", "cdr.csv") == (
        "good.toml: phone: kind: expected 'number' with --numbers, found 'id'"
    )
    assert refused(tmp_path, *good, *keys, "--sites", "sites.csv", "cdr.csv") == (
        "--sites: expected none, found sites.csv"
    )
    assert refused(tmp_path, *good, *keys, "cdr.csv", "nowhere.csv") == (
        "nowhere.csv: expected a readable file: No such file or directory"
    )
    assert refused(tmp_path, *good, *keys, "-", "-") == "-: expected one input at most from standard input"
    events = str(tmp_path / "trace" / "events.csv")
    assert refused(tmp_path, *good, *keys, "--dead-letters", events, "cdr.csv") == (
        f"{events}: expected another file for the dead letters"
    )
    (tmp_path / "file").touch()
    done = convert(tmp_path, *good, *keys, "cdr.csv", out=str(tmp_path / "file"))
    assert done.told == f"shendeng: {tmp_path}/file: expected a folder that can be written: File exists\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", "a header, found an empty file"), ('"who', "a header, found quotes that do not close")],
)
def test_a_record_without_its_header_is_one_line(text: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "cdr.csv").write_text(text)
    words = (
        "--mapping",
        str(DATA / "good.toml"),
        "--key-file",
        key_file(tmp_path),
        str(tmp_path / "cdr.csv"),
    )
    assert refused(tmp_path, *words) == f"{tmp_path}/cdr.csv: line 1: expected {expected}"
