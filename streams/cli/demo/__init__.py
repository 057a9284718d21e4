"""`shendeng demo`: a local Kafka, a generated city, a worker, and what it tells, until Ctrl-C."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from click.core import ParameterSource

from streams import clock, settings
from streams.cli._ending import in_one_line
from streams.cli.demo._opening import begun
from streams.cli.demo._screen import Screen
from streams.cli.demo._stopping import interrupted_by_signals
from streams.cli.demo._where import Wish
from streams.cli.demo.people import story as people_story
from streams.cli.demo.people.teller import WrongError

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.settings import Settings


WRONG: Final = 1
"""Exit status: a line of the story is not what was read back."""


@click.command(epilog="\b\nExample:\n  shendeng demo --phones 300 --once\n  shendeng demo --story")
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
@click.option("--story", is_flag=True, help="Tell of people instead of a city: some fifty lines, then end.")
@click.pass_context
def command(
    ctx: click.Context, *, phones: int, speed: int, seed: int, keep: bool, once: bool, story: bool
) -> None:
    """Play a generated city through a real Kafka and print what changes whose colour.

    Sixteen days of history first, as fast as they fold; then live, until it has caught up with the machine's
    clock, and from there in real time. On the way areas are published, amended and withdrawn and a window is
    shortened to 7 days and back; each is announced with exactly what it changed, as is whatever you publish
    at a second terminal. Ctrl-C ends everything that was started.

    With --story: an old man without a phone, a family, a number bound to nobody, a liar, a recycled number,
    a strict community, a child; what becomes of each is read back from the topics. It ends by itself, with
    status 1 at the first line that is not so.
    """
    if story:
        _alone(ctx)
    screen = Screen(clock.monotonic, terminal=sys.stdout.isatty())
    with in_one_line():
        chosen = settings.load(os.environ, Path(settings.FILE))
        try:
            with interrupted_by_signals() as noticed:
                if story:
                    _story(chosen, screen, noticed)
                else:
                    _demo(chosen, screen, Wish(phones, seed, keep), None if once else speed, noticed)
        except WrongError as error:
            click.echo(f"shendeng: the story: {error}", err=True)
            sys.exit(WRONG)
        except KeyboardInterrupt:
            screen.say("stopped, with all that was started")
        finally:
            screen.clear()


def _alone(ctx: click.Context) -> None:
    """Refuse options of the city beside --story; UsageError names one."""
    for name in ("phones", "speed", "seed", "keep"):
        if ctx.get_parameter_source(name) is not ParameterSource.DEFAULT:
            raise click.UsageError(f"--{name} is of the city: leave it out beside --story")


def _story(chosen: Settings, screen: Screen, noticed: Callable[[], None]) -> None:
    """Tell of people and end; `noticed` is called once it begins to end."""
    with ExitStack() as stack:
        try:
            people_story(stack, chosen, screen)
        except KeyboardInterrupt:
            screen.say("stopping what was started")
            raise
        finally:
            noticed()


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
