"""What happened in a history, line by line: shown where it failed, hashed to tell that it repeats itself."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Trace:
    """Remembers who did what, and when."""

    def __init__(self, time: Callable[[], float]) -> None:
        self._time = time
        self._lines: list[tuple[float, str, str]] = []

    def say(self, who: str, what: str) -> None:
        """Remember a step."""
        self._lines.append((self._time(), who, what))

    def lines(self) -> list[str]:
        """Return all of it as text."""
        return [f"{when:10.4f} {who:8} {what}" for when, who, what in self._lines]

    def digest(self) -> str:
        """Return a hash of it."""
        return sha256("\n".join(self.lines()).encode()).hexdigest()
