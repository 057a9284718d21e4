"""What a slip must not cost: a number shown, an input overwritten, a folder left behind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.traces.converting import convert, key_file, mapped

if TYPE_CHECKING:
    from pathlib import Path

NUMBER = "13800138000"
CELLS = """
[[sighting]]
phone = "who"
time = "when"
tower = "site"
[phone]
kind = "number"
country = "CN"
[time]
format = "unix"
[tower]
kind = "cell"
"""
BY_NAME = CELLS.replace('phone = "who"\n', "").replace("[phone]", "[phone]\nfile_name = true")
GOOD = f"who,when,site\n{NUMBER},1580515200,460-0-1-1\n"


@pytest.mark.parametrize("named", ["who", "msisdn1", NUMBER[:-1] + "1", "1"])
def test_a_file_without_a_header_is_refused_without_a_word_of_it(tmp_path: Path, named: str) -> None:
    done = mapped(tmp_path, CELLS.replace("who", named), f"{NUMBER},1580515200,460-0-1-1\n")
    assert done.status == 2
    assert NUMBER not in done.told
    assert "header = false" in done.told


@pytest.mark.parametrize("spelt", ["./trace/events.csv", "trace/../trace/events.csv", "{}/trace/events.csv"])
def test_dead_letters_are_never_the_events_however_spelt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spelt: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trace").mkdir()
    (tmp_path / "trace" / "events.csv").write_text("before")
    done = mapped(tmp_path, CELLS, GOOD, "--dead-letters", spelt.format(tmp_path))
    assert done.status == 2
    assert (tmp_path / "trace" / "events.csv").read_text() == "before"


@pytest.mark.parametrize("letters", [None, "cdr.csv", "layout.toml", "keys.toml"])
def test_what_is_read_is_never_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, letters: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "layout.toml").write_text(CELLS)
    cdr = "events.csv" if letters is None else "cdr.csv"
    (tmp_path / cdr).write_text(GOOD)
    words = ["--mapping", "layout.toml", "--key-file", key_file(tmp_path), cdr]
    held = {path: path.read_bytes() for path in tmp_path.iterdir()}
    done = convert(tmp_path, *words, *(["--dead-letters", letters] if letters else []), out=".")
    assert done.status == 2
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == held


def test_a_file_named_by_its_phone_is_told_by_its_place(tmp_path: Path) -> None:
    (tmp_path / "layout.toml").write_text(BY_NAME)
    (tmp_path / f"{NUMBER}.csv").write_text("when,site\nnever,460-0-1-1\n")
    letters = tmp_path / "dead.ndjson"
    words = ["--mapping", str(tmp_path / "layout.toml"), "--key-file", key_file(tmp_path)]
    done = convert(tmp_path, *words, "--dead-letters", str(letters), str(tmp_path / f"{NUMBER}.csv"))
    assert done.status == 3
    assert json.loads(letters.read_text()) == {"reason": "bad_time", "file": "file 1", "line": 2}
    assert NUMBER not in done.told


def test_a_refused_run_leaves_no_folder(tmp_path: Path) -> None:
    (tmp_path / "layout.toml").write_text(CELLS)
    words = ["--mapping", str(tmp_path / "layout.toml"), "--key-file", key_file(tmp_path)]
    done = convert(tmp_path, *words, str(tmp_path / "none.csv"), out=str(tmp_path / "one" / "two"))
    assert done.status == 2
    assert not (tmp_path / "one").exists()
