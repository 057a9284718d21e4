"""changes.ndjson: one CloudEvents 1.0 JSON a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from streams.codecs import ChangeLines

if TYPE_CHECKING:
    from streams.window.changes import Changes


class ChangesFile:
    """Changes written as lines, a record's all at once: who reads along sees whole lines only."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lines = ChangeLines()

    def write(self, changes: Changes) -> None:
        """Write changes in their order."""
        for columns in changes.columns:
            for lines in self._lines.of(columns):
                self._stream.write(lines)
        if changes.columns:
            self._stream.flush()
