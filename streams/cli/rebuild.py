"""`shendeng rebuild`: a checkpoint made anew, where a worker found none that it could use."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from streams import clock
from streams.agents.rebuilding import rebuild
from streams.cli._ending import SOME, in_one_line, settings_and_brokers
from streams.cli._progress import Progress
from streams.kafka.errors import EngineError, Fenced, UnusableError
from streams.kafka.store import KafkaStore
from streams.kafka.watch import Watch
from streams.kafka.wire import wire_of
from streams.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.agents.rebuilding import Rebuilt
    from streams.settings import Settings

EPILOG = """\b
Example:
  shendeng rebuild --partition 0

Exit status: 0 each state is just what it was, 3 something could not be found again (it is named)."""


@click.command(epilog=EPILOG)
@click.option(
    "--partition", "partitions", type=int, multiple=True, help="A journal partition; may be repeated."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was rebuilt as JSON.")
def command(partitions: tuple[int, ...], *, as_json: bool) -> None:
    """Make checkpoints anew from the journal, what is published and each phone's last change.

    Stop the workers first: one that still owns a partition is fenced.
    """
    with in_one_line():
        settings, brokers = settings_and_brokers()
        wanted = partitions or tuple(range(settings.partitions))
        for number in wanted:
            if not 0 <= number < settings.partitions:
                raise UnusableError(f"--partition: expected 0 to {settings.partitions - 1}, found {number}")
        found = rebuilt(settings, brokers, wanted)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found]))
    for one in [] if as_json else found:
        click.echo(
            f"partition {one.partition}: checkpoint at {one.position}, {one.phones} phones, "
            f"journal from {one.first}"
        )
        for doubt in _doubts(one):
            click.echo(f"  {doubt}")
    sys.exit(SOME if any(_doubts(one) for one in found) else 0)


def rebuilt(settings: Settings, brokers: str, partitions: Sequence[int]) -> list[Rebuilt]:
    """Rebuild partitions, one after the other, with a progress line."""
    return asyncio.run(_rebuilt(settings, brokers, partitions))


async def _rebuilt(settings: Settings, brokers: str, partitions: Sequence[int]) -> list[Rebuilt]:
    progress = Progress(clock.monotonic, shown=sys.stderr.isatty())
    watch, wire, found = Watch(Metrics(), clock.now_precise), wire_of(settings), []
    for done, number in enumerate(partitions):
        store = KafkaStore.of(settings, brokers, number, wire, clock.now_precise)

        def show(share: float, done: int = done) -> None:
            progress.show_share((done + share) / len(partitions))

        try:
            one = await rebuild(settings, store, watch, clock.now_precise, clock.monotonic, show)
        except Fenced:
            raise EngineError(f"partition {number}: a worker owns it; stop the workers first") from None
        finally:
            progress.clear()
        found += [] if one is None else [one]
    return found


def _doubts(found: Rebuilt) -> list[str]:
    differing = f"{found.differing} phones: the last change is not what the state says now"
    return [*found.doubts, *([differing] if found.differing else [])]
