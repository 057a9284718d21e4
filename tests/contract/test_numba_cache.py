"""Numba's cache as streams.window.compiled uses it: a locator of our own, found by its name."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from numba.core.dispatcher import Dispatcher

import streams
from streams import columns, window
from streams.columns.sightings import read_sightings
from streams.kafka import record_batches
from streams.kafka.record_batches.records import read_records
from streams.window.compiled import digest
from streams.window.entering import enter
from tests.contract.parsing import parsed

if TYPE_CHECKING:
    from types import ModuleType

SOURCES = [
    source
    for source in Path(streams.__file__).parent.rglob("*.py")
    if {"@entry", "@compiled"}.intersection(source.read_text().splitlines())
]


@pytest.mark.parametrize(
    ("function", "package"),
    [(enter.entry, window), (read_sightings, columns), (read_records, record_batches)],
)
def test_compiled_code_is_kept_by_the_state_of_its_packages_sources_and_not_by_their_path(
    function: Any, package: ModuleType
) -> None:
    assert package.__file__ is not None
    assert function.stats.cache_path.endswith(digest(Path(package.__file__).parent))


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: f"{source.parent.name}/{source.name}")
def test_no_package_calls_another_ones_compiled_code(source: Path) -> None:
    """Its machine code would be kept after the other's sources have changed."""
    for node in ast.walk(parsed(source.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("streams."):
            module = import_module(str(node.module))
            assert module.__file__ is not None
            for alias in node.names:
                called = isinstance(getattr(module, alias.name, None), Dispatcher)
                assert not called or Path(module.__file__).parent == source.parent


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
