"""What the demo prints: lines, one status line on a terminal, single changes at most a few a second."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from streams.domain.records import Colour

HUES: Final[dict[Colour, str]] = {
    "red": "red",
    "yellow": "yellow",
    "green": "green",
    "unknown": "bright_black",
}
REDRAW: Final = 0.2
"""Seconds between two drawings of the status line."""
A_SECOND: Final = 8
"""Single changes printed in a second."""


class Screen:
    """Lines from two threads, whole; where it is no terminal they are plain and there is no status line."""

    def __init__(self, monotonic: Callable[[], float], *, terminal: bool) -> None:
        self._monotonic, self._terminal = monotonic, terminal
        self._lock = Lock()
        self._status = ""
        self._drawn = -REDRAW
        self._second = 0.0
        self._shown = self._more = 0

    def say(self, line: str) -> None:
        """Print a line for good, above the status line."""
        with self._lock:
            self._print(line)

    def status(self, line: str) -> None:
        """Draw the status line anew, if there is a terminal and it is time to."""
        with self._lock:
            if not self._terminal or self._monotonic() - self._drawn < REDRAW:
                return
            self._drawn, self._status = self._monotonic(), line
            click.echo(f"\r\x1b[K{line}", nl=False)

    def one(self, line: str) -> None:
        """Print one of many lines, or count it where enough were printed this second."""
        self.pause()
        with self._lock:
            if self._shown < A_SECOND:
                self._shown += 1
                self._print(line)
            else:
                self._more += 1

    def pause(self) -> None:
        """Say how many lines were counted only, if the second is over."""
        with self._lock:
            if self._monotonic() - self._second < 1:
                return
            if self._more:
                self._print(f"  … and {self._more} more")
            self._second, self._shown, self._more = self._monotonic(), 0, 0

    def clear(self) -> None:
        """Take the status line away."""
        with self._lock:
            self._wipe()

    def _print(self, line: str) -> None:
        self._wipe()
        click.echo(line)

    def _wipe(self) -> None:
        if self._status:
            click.echo("\r\x1b[K", nl=False)
            self._status = ""


def hued(colour: Colour, told: str | None = None) -> str:
    """Return a colour's name, or what is told of it, in that colour; plain where it is no terminal."""
    return click.style(colour if told is None else told, fg=HUES[colour])


def counted(colours: Mapping[Colour, int], width: int = 0) -> str:
    """Return phones by colour in one order, each in its colour."""
    gap = "  " if width else ", "
    return gap.join(hued(colour, f"{colour} {colours.get(colour, 0):>{width},}") for colour in HUES)
