"""`shendeng bench --sweep` measures each dependence, and plots it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.e2e.clone import clean, home_with_jars
from tests.e2e.helps import run_line

if TYPE_CHECKING:
    from pathlib import Path


def test_a_sweep_tells_what_throughput_depends_on(tmp_path: Path) -> None:
    home = {"SHENDENG_HOME": str(home_with_jars(tmp_path))}
    run_line("shendeng bench --diaries 500 --sweep swept", clean() | home, tmp_path)
    told = json.loads((tmp_path / "swept" / "sweep.json").read_text())
    machine, points = told.pop("machine"), told
    page = (tmp_path / "swept" / "sweep.md").read_text()
    assert machine in page
    assert {name: [at for at, _ in found] for name, found in points.items()} == {
        "phones": [31, 62, 125, 250, 500],
        "touched": [0, 2, 5, 10, 20, 50],
        "worker": [31, 125, 500],
        "partitions": [1, 2, 4, 8],
    }
    for name, found in points.items():
        assert all(rate > 0 for _, rate in found)
        assert f"({name}.svg)" in page
        assert b"<svg" in (tmp_path / "swept" / f"{name}.svg").read_bytes()
