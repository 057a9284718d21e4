"""The help's example runs as written, the replay after it too."""

from __future__ import annotations

import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def test_the_example_of_the_help_runs_and_so_does_the_replay_it_names(tmp_path: Path) -> None:
    shendeng = [sys.executable, "-m", "streams"]
    line = [*shendeng, "simulate", "--help"]
    told = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    example = told.partition("Example:")[2].strip().splitlines()[0].strip()
    then = " ".join(told.partition("And then:")[2].partition("\n\n")[0].replace("\\\n", " ").split())
    _, make, *words = shlex.split(example.replace("--phones 2000 --days 16", "--phones 50 --days 3"))
    subprocess.run([*shendeng, make, *words], check=True, cwd=tmp_path, capture_output=True)
    folder, _, line_after = then.partition(" && ")
    _, replay, *rest = shlex.split(line_after)
    inside = tmp_path / folder.removeprefix("cd ")
    subprocess.run([*shendeng, replay, *rest], check=True, cwd=inside, capture_output=True)
    assert (inside / "changes.ndjson").stat().st_size > 0
