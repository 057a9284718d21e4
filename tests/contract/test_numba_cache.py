"""Numba's cache as streams.window.compiled uses it: a locator of our own, found by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.window.compiled import SOURCES, digest
from streams.window.entering import enter

if TYPE_CHECKING:
    from pathlib import Path


def test_compiled_code_is_kept_by_the_state_of_all_sources_and_not_by_their_path() -> None:
    assert enter.stats.cache_path.endswith(SOURCES)  # type: ignore[attr-defined]


def test_another_byte_in_any_source_is_another_state(tmp_path: Path) -> None:
    for name in ("one.py", "two.py"):
        (tmp_path / name).write_text("x = 1")
    before = digest(tmp_path)
    assert digest(tmp_path) == before
    (tmp_path / "two.py").write_text("x = 2")
    assert digest(tmp_path) != before
    (tmp_path / "two.py").rename(tmp_path / "three.py")
    assert digest(tmp_path) != before
