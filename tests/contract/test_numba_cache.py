"""Numba's cache as streams.window.compiled uses it: a locator of our own, found by its name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from streams import window
from streams.kafka import record_batches
from streams.kafka.record_batches.records import read_records
from streams.window.compiled import digest
from streams.window.entering import enter

if TYPE_CHECKING:
    from types import ModuleType


@pytest.mark.parametrize(("function", "package"), [(enter, window), (read_records, record_batches)])
def test_compiled_code_is_kept_by_the_state_of_its_packages_sources_and_not_by_their_path(
    function: Any, package: ModuleType
) -> None:
    assert package.__file__ is not None
    assert function.stats.cache_path.endswith(digest(Path(package.__file__).parent))


def test_another_byte_in_any_source_is_another_state(tmp_path: Path) -> None:
    for name in ("one.py", "two.py"):
        (tmp_path / name).write_text("x = 1")
    digest.cache_clear()
    before = digest(tmp_path)
    digest.cache_clear()
    assert digest(tmp_path) == before
    (tmp_path / "two.py").write_text("x = 2")
    digest.cache_clear()
    assert digest(tmp_path) != before
    (tmp_path / "two.py").rename(tmp_path / "three.py")
    digest.cache_clear()
    assert digest(tmp_path) != before
