"""The runs of a contest that are kept, so that it goes on where it was stopped."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Run = dict[str, Any]


class Kept:
    """Runs, a line of JSON each."""

    def __init__(self, path: Path) -> None:
        self._path = path
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        self.runs: list[Run] = [json.loads(line) for line in lines]

    def has(self, **named: object) -> bool:
        """Say whether there is such a run."""
        return any(all(run.get(key) == value for key, value in named.items()) for run in self.runs)

    def add(self, run: Run) -> None:
        """Keep a run."""
        self.runs.append(run)
        with self._path.open("a", encoding="utf-8") as out:
            out.write(json.dumps(run) + "\n")

    def forget(self, unwanted: Callable[[Run], bool]) -> None:
        """Keep some runs no longer."""
        self.runs = [run for run in self.runs if not unwanted(run)]
        self._path.write_text("".join(json.dumps(run) + "\n" for run in self.runs), encoding="utf-8")
