"""`shendeng demo`: a local Kafka, a generated city, a worker, and what it tells, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from streams import clock, settings
from streams.cli._ending import in_one_line
from streams.cli.demo._opening import begun
from streams.cli.demo._screen import Screen
from streams.cli.demo._where import Wish

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from streams.settings import Settings

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


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
            with _stopped_once():
                _demo(chosen, screen, Wish(phones, seed, keep), None if once else speed)
        except KeyboardInterrupt:
            screen.say("stopped, with all that was started")
        finally:
            screen.clear()


def _demo(chosen: Settings, screen: Screen, wish: Wish, speed: int | None) -> None:
    """Play a city; without a speed end after the history."""
    with ExitStack() as stack:
        stage, story, reached = begun(stack, chosen, screen, wish)
        try:
            story.history()
            screen.say(stage.summary())
            if speed is not None:
                screen.say(
                    f"now live, {speed:,} simulated seconds a second, never ahead of the clock; Ctrl-C ends"
                )
                story.live(speed, reached)
        except KeyboardInterrupt:
            screen.say("stopping what was started")
            raise


@contextmanager
def _stopped_once() -> Iterator[None]:
    """Let the first signal interrupt, and no other: it would disturb taking away what was started."""
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        for one in SIGNALS:
            signal.signal(one, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in SIGNALS:
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
