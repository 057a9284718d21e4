"""`shendeng demo`: a local Kafka, a generated city, a worker, and what it tells, until Ctrl-C."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from streams import clock, settings
from streams.cli._ending import in_one_line
from streams.cli.demo._opening import begun
from streams.cli.demo._screen import Screen
from streams.cli.demo._stopping import interrupted_by_signals
from streams.cli.demo._where import Wish

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.settings import Settings


@click.command(epilog="\b\nExample:\n  shendeng demo --phones 300 --once")
@click.option("--phones", type=click.IntRange(min=10), default=20_000, show_default=True, help="People.")
@click.option(
    "--speed",
    type=click.IntRange(1, 86_400),
    default=900,
    show_default=True,
    help="Simulated seconds a second, once live.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The city made.")
@click.option("--keep", is_flag=True, help="Leave the topics at the end, and go on with those left.")
@click.option("--once", is_flag=True, help="End after the summary of the history.")
def command(*, phones: int, speed: int, seed: int, keep: bool, once: bool) -> None:
    """Play a generated city through a real Kafka and print what changes whose colour.

    Sixteen days of history first, as fast as they fold; then live, until it has caught up with the machine's
    clock, and from there in real time. On the way areas are published, amended and withdrawn and a window is
    shortened to 7 days and back; each is announced with exactly what it changed, as is whatever you publish
    at a second terminal. Ctrl-C ends everything that was started.
    """
    screen = Screen(clock.monotonic, terminal=sys.stdout.isatty())
    with in_one_line():
        chosen = settings.load(os.environ, Path(settings.FILE))
        try:
            with interrupted_by_signals() as noticed:
                _demo(chosen, screen, Wish(phones, seed, keep), None if once else speed, noticed)
        except KeyboardInterrupt:
            screen.say("stopped, with all that was started")
        finally:
            screen.clear()


def _demo(
    chosen: Settings, screen: Screen, wish: Wish, speed: int | None, noticed: Callable[[], None]
) -> None:
    """Play a city; without a speed end after the history. `noticed` is called once it begins to end."""
    with ExitStack() as stack:
        try:
            stage, story, reached = begun(stack, chosen, screen, wish)
            story.history()
            screen.say(stage.summary())
            if speed is not None:
                told = f"now live, {speed:,} simulated seconds a second, never ahead of the clock"
                screen.say(f"{told}; Ctrl-C ends")
                story.live(speed, reached)
        except KeyboardInterrupt:
            noticed()
            screen.say("stopping what was started")
            raise
        finally:
            noticed()
