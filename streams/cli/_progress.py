"""How far a long work has come, as one line on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE: Final = 2.0
"""Seconds before progress is shown on a terminal."""
REDRAW: Final = 0.5
"""Seconds between two drawings of it."""


class Progress:
    """One line on a terminal, drawn again now and then, once the work has taken PATIENCE."""

    def __init__(self, monotonic: Callable[[], float], *, shown: bool) -> None:
        self._monotonic = monotonic
        self._begun = monotonic()
        self._next = PATIENCE
        self._shown = shown

    def elapsed(self) -> float:
        """Return the seconds since the work began."""
        return self._monotonic() - self._begun

    def show(self, sightings: int, share: Callable[[], float | None]) -> None:
        """Draw how far the work has come, if it is time to."""
        if elapsed := self._due():
            done = share()
            part = "" if done is None else f"{done:.0%}, "
            self._draw(f"{part}{sightings} sightings, {sightings / elapsed:.0f}/s")

    def show_share(self, done: float) -> None:
        """Draw how much of the work is done, 0 to 1, if it is time to."""
        if self._due():
            self._draw(f"{done:.0%}")

    def clear(self) -> None:
        """Take the line away, if it was drawn."""
        if self._next > PATIENCE:
            self._draw("")

    def _due(self) -> float:
        """Return the seconds since the work began if it is time to draw, else 0."""
        if not self._shown or (elapsed := self.elapsed()) < self._next:
            return 0.0
        self._next = elapsed + REDRAW
        return elapsed

    def _draw(self, text: str) -> None:
        click.echo(f"\r\x1b[K{text}", nl=False, err=True, color=True)
