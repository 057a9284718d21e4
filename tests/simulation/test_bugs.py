"""Deliberate bugs in commit order, fencing, recovery and dedupe: the simulation finds each within some seeds.

Each is a patch to the product's sources, under bugs/; its first line says what it breaks.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent.parent
BUGS = sorted((Path(__file__).parent / "bugs").glob("*.patch"))
SEEDS = 1_500
"""Histories within which each must be found."""


def patched(folder: Path, bug: Path) -> None:
    """Lay a copy of the sources with the bug in it, and what they need, into a folder."""
    shutil.copytree(REPOSITORY / "streams", folder / "streams", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("tests", "schemas", "deploy"):
        (folder / name).symlink_to(REPOSITORY / name)
    subprocess.run(["git", "apply", str(bug)], cwd=folder, check=True)


def test_there_are_ten_and_each_says_what_it_breaks() -> None:
    assert len(BUGS) >= 10
    assert all(not bug.read_text().startswith(("---", "diff")) for bug in BUGS)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.stem)
def test_a_bug_is_found(bug: Path, tmp_path: Path) -> None:
    patched(tmp_path, bug)
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulation", str(SEEDS)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    assert "again: make simulate-faults" in done.stdout, done.stderr
