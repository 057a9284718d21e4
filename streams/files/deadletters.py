"""Dead letters of files: counted, and written as NDJSON; never the phone."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, BinaryIO, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

Reason: TypeAlias = Literal[
    "bad_row",
    "bad_phone",
    "bad_time",
    "unknown_tower",
    "bad_tower",
    "bad_person",
    "bad_version",
    "bad_check",
    "bad_hex",
    "old_version",
]

Bury: TypeAlias = "Callable[[Reason, int], None]"
"""Takes the reason and the line of one file's bad row."""


class BadRowError(ValueError):
    """A row that cannot be used; `reason` is the dead letter's."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class DeadLetters:
    """Counts by reason, and writes each to `stream` where there is one."""

    def __init__(self, stream: BinaryIO | None = None) -> None:
        self.by_reason: Counter[str] = Counter()
        self._stream = stream

    def of(self, file: str) -> Bury:
        """Return what takes one file's bad rows, `file` as it was given."""

        def bury(reason: Reason, line: int) -> None:
            self.by_reason[reason] += 1
            if self._stream is not None:
                letter = {"reason": reason, "file": file, "line": line}
                self._stream.write(json.dumps(letter, separators=(",", ":")).encode() + b"\n")

        return bury
