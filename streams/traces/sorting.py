"""Lines sorted in bounded memory: what does not fit waits in nameless files beside the output."""

from __future__ import annotations

import heapq
import tempfile
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

HELD: Final = 500_000
"""Lines held in memory, of about 100 bytes each and as much again that Python needs."""
RUNS: Final = 64
"""Files at once; then they become one."""


class Sorted:
    """Takes lines in any order and gives them back sorted; use it as a context.

    The files have no name from the beginning, so that nothing stays behind whatever happens.
    """

    def __init__(self, folder: str | None, held: int = HELD) -> None:
        self._folder, self._most = folder, held
        self._held: list[str] = []
        self._runs: list[IO[str]] = []
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, line: str) -> None:
        """Take a line, its end included."""
        self._held.append(line)
        if len(self._held) >= self._most:
            self._spill()

    def __iter__(self) -> Iterator[str]:
        self._held.sort()
        if not self._runs:
            return iter(self._held)
        for run in self._runs:
            run.seek(0)
        return heapq.merge(*self._runs, self._held)

    def _spill(self) -> None:
        """Put away what is held, and before it too many files, into one."""
        if len(self._runs) < RUNS:
            self._held.sort()
            lines: Iterator[str] = iter(self._held)
            before: list[IO[str]] = []
        else:
            lines, before = iter(self), self._runs
        run = self._open.enter_context(
            tempfile.TemporaryFile(  # noqa: SIM115 - the stack closes it
                "w+", encoding="utf-8", newline="\n", dir=self._folder
            )
        )
        run.writelines(lines)
        for one in before:
            one.close()
        self._runs = [*([] if before else self._runs), run]
        self._held.clear()
