"""The key file: every mistake is one line that shows nothing of a key."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from streams.cli.publish import command
from streams.files.keys import keys_of

TESTS = Path(__file__).parent.parent
DATA = TESTS / "data" / "carriers"
GOLDEN = TESTS / "golden" / "carriers" / "key-refusals.txt"
REPORT = TESTS / "golden" / "carriers" / "check.txt"
BAD = sorted(path.name for path in (DATA / "keys").glob("*"))
SHOWN = 6
"""So many digits of a key in a row would be too many."""


def checked(
    monkeypatch: pytest.MonkeyPatch, folder: Path, keys: Path, mode: int = 0o600
) -> tuple[str, str, int]:
    """Return what `publish events --check` says and its status, with a copy of the key file."""
    copy = folder / keys.name
    shutil.copy(keys, copy)
    copy.chmod(mode)
    shutil.copy(DATA / "numbers.csv", folder)
    monkeypatch.chdir(folder)
    words = ["events", "numbers.csv", "--carrier", "mobile", "--key-file", keys.name, "--check"]
    run = CliRunner().invoke(command, words)
    return run.stdout, run.stderr, run.exit_code


def test_every_bad_key_file_has_its_line_and_every_line_its_file() -> None:
    assert [line.split(": ")[0] for line in GOLDEN.read_text(encoding="utf-8").splitlines()] == BAD


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_key_file_is_one_line_without_its_keys(
    bad: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = {line.split(": ")[0]: line for line in GOLDEN.read_text(encoding="utf-8").splitlines()}
    assert checked(monkeypatch, tmp_path, DATA / "keys" / bad) == ("", f"shendeng: {lines[bad]}\n", 2)
    held = re.findall(r"[0-9a-fg]{32,}", (DATA / "keys" / bad).read_text(errors="replace"))
    parts = {key[i : i + SHOWN] for key in held for i in range(len(key) - SHOWN)}
    assert not [part for part in parts if part in lines[bad]]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666, 0o601])
def test_a_key_file_that_others_may_touch_is_refused(
    mode: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert checked(monkeypatch, tmp_path, DATA / "keys.toml", mode) == (
        "",
        "shendeng: keys.toml: expected a file that its owner alone can read: run chmod 600 keys.toml\n",
        2,
    )


def test_keys_are_not_read_from_standard_input_nor_from_nowhere() -> None:
    for name, told in (
        ("-", "--key-file: expected a file: keys are not read from standard input"),
        ("nowhere", "nowhere: expected a readable file: No such file or directory"),
    ):
        run = CliRunner().invoke(command, ["events", "x", "--carrier", "m", "--key-file", name])
        assert (run.stderr, run.exit_code) == (f"shendeng: {told}\n", 2)


def test_a_check_reports_each_reason_with_its_first_line_and_sends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, errors, status = checked(monkeypatch, tmp_path, DATA / "keys.toml")
    assert (told, errors, status) == (REPORT.read_text(encoding="utf-8"), "", 3)
    assert checked(monkeypatch, tmp_path, DATA / "rotation.toml") == (told, errors, status)


def test_a_rotation_has_the_ending_epoch_first(tmp_path: Path) -> None:
    copy = tmp_path / "keys.toml"
    shutil.copy(DATA / "rotation.toml", copy)
    copy.chmod(0o600)
    keys = keys_of(str(copy))
    assert [key.epoch for key in keys.all()] == [1, 2]
    assert [pseudonym[0] for pseudonym in keys.pseudonyms("+8613800138000")] == [1, 2]
