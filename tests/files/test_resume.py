"""What is remembered of a run that publishes a file: never more than is acknowledged, nothing of another."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from streams.files.resume import HEAD, Resume, identity_of, state_file
from streams.files.unusable import UnusableError


def test_a_run_goes_on_where_the_last_one_was_and_leaves_out_the_same_rows(tmp_path: Path) -> None:
    state = tmp_path / "deep" / "er" / "state"
    first = Resume(state, "one", 100)
    assert (first.line, first.latest) == (0, 100)
    first.reached(7)
    first.reached(5)
    again = Resume(state, "one", 900)
    assert (again.line, again.latest) == (7, 100)
    again.done()
    assert (Resume(state, "one", 900).line, Resume(state, "one", 950).latest) == (0, 900)
    assert [path.name for path in state.parent.iterdir()] == ["state"]


@pytest.mark.parametrize(
    "text",
    [
        "phone,cell,seen_at\n",
        "{",
        "[]",
        '{"identity":"one"}',
        '{"identity":"one","line":"7","latest":1}',
        "[" * 90_000,
        "\udcff",
    ],
)
def test_a_file_that_is_no_state_is_refused_and_left_as_it_is(tmp_path: Path, text: str) -> None:
    state = tmp_path / "state"
    state.write_bytes(text.encode(errors="surrogateescape"))
    before = state.read_bytes()
    with pytest.raises(UnusableError, match="expected a state file of `publish`, or no file"):
        Resume(state, "one", 100)
    assert state.read_bytes() == before


def test_an_empty_state_left_by_a_power_cut_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    assert Resume(tmp_path / "state", "one", 100).line == 0


def test_what_a_kill_in_mid_write_left_is_gone_once_the_file_is_published(tmp_path: Path) -> None:
    (tmp_path / ".state.partial").write_text('{"identity"')
    Resume(tmp_path / "state", "one", 100).done()
    assert list(tmp_path.iterdir()) == []


def test_the_state_of_another_run_counts_as_none(tmp_path: Path) -> None:
    Resume(tmp_path / "state", "one", 100).reached(7)
    assert Resume(tmp_path / "state", "other", 100).line == 0


def test_a_state_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path, tmp_path / "file" / "below", Path("/"), Path()):
        with pytest.raises(UnusableError, match="expected a state file that can be written"):
            Resume(place, "one", 100)


def test_a_file_s_identity_is_path_size_time_beginning_and_where_it_goes(tmp_path: Path) -> None:
    def identity(
        text: str = "a" * HEAD, name: str = "f", when: int = 1, more: tuple[str, ...] = ("t",)
    ) -> str:
        (tmp_path / name).write_text(text)
        os.utime(tmp_path / name, ns=(when, when))
        return identity_of(str(tmp_path / name), more)

    same = identity()
    assert identity() == same
    others = [
        identity("a" * HEAD + "b"),
        identity("b" + "a" * (HEAD - 1)),
        identity(name="g"),
        identity(when=2),
        identity(more=("t", "1:00")),
    ]
    assert len({same, *others}) == 6


def test_standard_input_is_not_remembered(tmp_path: Path) -> None:
    assert state_file(None, str(tmp_path), "-", "topic") is None
    with pytest.raises(UnusableError, match="standard input is not read twice"):
        state_file("state", str(tmp_path), "-", "topic")


def test_each_file_and_topic_has_a_state_of_its_own_below_home(tmp_path: Path) -> None:
    home = str(tmp_path)
    found = {state_file(None, home, file, topic) for file in ("a", "b") for topic in ("t", "u")}
    assert len(found) == 4
    assert {path.parent for path in found if path} == {tmp_path / "publish"}
