"""`shendeng feed CARRIER`: what a carrier's feed is like, and what is wrong with it."""

from __future__ import annotations

import asyncio
import json
import sys

import click

from streams import clock
from streams.agents.feed import feed_of
from streams.cli._ending import in_one_line, in_operation
from streams.cli._progress import Progress
from streams.codecs.times import text
from streams.feed.report import as_json, as_text
from streams.files.times import Times
from streams.files.unusable import UnusableError, shown


@click.command(epilog="\b\nExample:\n  shendeng feed mobile --since 2026-11-01T00:00:00Z")
@click.argument("carrier")
@click.option("--since", metavar="TIME", help="Begin with what arrived at TIME (default: the oldest kept).")
@click.option("--until", metavar="TIME", help="End before what arrived at TIME (default: now).")
@click.option("--json", "in_json", is_flag=True, help="Print the report as JSON.")
def command(carrier: str, since: str | None, until: str | None, *, in_json: bool) -> None:
    """Report rates, delays, unknown towers, repetitions, disorder, clock errors and misplaced towers.

    Times are those of arrival. Nothing is written, and no phone is shown.
    """
    progress = Progress(clock.monotonic, shown=sys.stderr.isatty())
    with in_one_line():
        settings, brokers = in_operation()
        span = (_milliseconds("--since", since), _milliseconds("--until", until))
        feed = asyncio.run(
            feed_of(
                settings,
                brokers,
                carrier,
                span,
                lambda sightings, share: progress.show(sightings, lambda: share),
            )
        )
    progress.clear()
    click.echo(json.dumps(as_json(feed, text)) if in_json else as_text(feed, text))


def _milliseconds(option: str, given: str | None) -> int | None:
    """Return a time given as an option, None where none is."""
    if given is None:
        return None
    seconds = Times()(given)
    if seconds is None or seconds < 0:
        raise UnusableError(option, "", f"expected a time with its offset (RFC 3339), found {shown(given)}")
    return seconds * 1000
