"""Lines come back sorted however few are held at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from streams.traces import sorting
from streams.traces.sorting import Sorted

if TYPE_CHECKING:
    from pathlib import Path

LINES = st.lists(st.text("ab0 市", max_size=4).map(lambda text: f"{text}\n"), max_size=60)


@given(LINES, st.integers(1, 70))
def test_lines_are_sorted_whatever_is_held_at_once(lines: list[str], held: int) -> None:
    with Sorted(None, held) as taken:
        for line in lines:
            taken.add(line)
        assert list(taken) == sorted(lines)


def test_many_files_become_one_and_none_has_a_name(tmp_path: Path) -> None:
    count = 2 * sorting.RUNS + 3
    with Sorted(str(tmp_path), 2) as taken:
        for number in range(2 * count):
            taken.add(f"{number * 7919 % 1000:04}\n")
        assert list(tmp_path.iterdir()) == []
        assert list(taken) == sorted(f"{number * 7919 % 1000:04}\n" for number in range(2 * count))
