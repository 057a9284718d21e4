"""The one error of this room: an input or output nobody can use, told in one line (exit status 2)."""

from __future__ import annotations

from typing import Final

SHOWN: Final = 40
"""Characters of a wrong value that a message shows."""


class UnusableError(ValueError):
    """Names the file, the place in it and what was expected there."""

    def __init__(self, file: str, place: str, expected: str) -> None:
        text = f"{file}: {place}: {expected}" if place else f"{file}: {expected}"
        super().__init__("".join(c if c.isprintable() else "?" for c in text))


def shown(value: object) -> str:
    """Return a value as a message shows it: short, and in one line."""
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
