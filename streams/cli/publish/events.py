"""`shendeng publish events FILE`: sightings in batches, put on a carrier's topic."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from streams import clock, settings
from streams.cli._ending import SOME, in_one_line, in_operation
from streams.cli._progress import Progress
from streams.cli.publish._resumed import resumed
from streams.cli.publish._told import told
from streams.files.checking import Checked
from streams.files.deadletters import DeadLetters
from streams.files.events import events_of, source_of
from streams.files.keys import keys_of
from streams.files.phones import Numbers, as_it_is
from streams.kafka.admin import topic_id
from streams.kafka.batches import FULL, Batches
from streams.kafka.pace import Pace
from streams.kafka.publishing import publisher
from streams.kafka.wire import wire_of
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streams.files.events import Event
    from streams.files.phones import ReadPhones


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be published, and how."""

    file: str
    carrier: str
    read_phone: ReadPhones
    proofs: tuple[str, ...]
    rate: int | None
    state: str | None


@click.command(epilog="\b\nExample:\n  shendeng publish events events.csv --carrier mobile")
@click.argument("file")
@click.option("--carrier", required=True, metavar="NAME", help="Whose sightings these are.")
@click.option(
    "--key-file", metavar="KEYS", help="The column phone holds numbers (E.164); hash them with these."
)
@click.option("--check", is_flag=True, help="Send nothing; report on the file.")
@click.option("--json", "as_json", is_flag=True, help="With --check: report as JSON.")
@click.option("--rate", type=click.IntRange(min=1), help="Send at most so many sightings a second.")
@click.option("--state", metavar="STATE", help="Where to remember how far a run came (default: below home).")
def command(
    file: str,
    carrier: str,
    key_file: str | None,
    rate: int | None,
    state: str | None,
    *,
    check: bool,
    as_json: bool,
) -> None:
    """Publish sightings (CSV, Parquet or, with -, standard input) in batches; a killed run goes on."""
    with in_one_line():
        keys = keys_of(key_file) if key_file is not None else None
        read_phone = Numbers(keys) if keys is not None else as_it_is
        proofs = tuple(key.proof() for key in keys.all()) if keys is not None else ()
        if check:
            _report(file, read_phone, as_json=as_json)
        count, letters = _publish(Asked(file, carrier, read_phone, proofs, rate, state))
    told(f"{count} sightings", letters)


def _report(file: str, read_phone: ReadPhones, *, as_json: bool) -> None:
    """Say what would be sent and what left out; exit status 3 if anything would be."""
    checked = Checked()
    latest = clock.now() + settings.load(os.environ, Path(settings.FILE)).max_skew
    source = source_of(file)
    events = events_of(source, latest, checked.bury(), read_phone)
    for event in _held_back(events, None, lambda: checked.good, source.share):
        checked.take(event)
    click.echo(checked.as_json() if as_json else checked.as_text())
    sys.exit(SOME if checked.left_out else 0)


def _publish(asked: Asked) -> tuple[int, DeadLetters]:
    """Send what this run has to send; return how many sightings that were, and the bad rows."""
    letters = DeadLetters()
    chosen, brokers = in_operation()
    source = source_of(asked.file)
    source.check()
    topic = Names(chosen.topic_prefix).events(asked.carrier)
    made = topic_id(brokers, topic)
    with publisher(brokers, wire_of(chosen)) as out:
        batches = Batches(out, topic, asked.rate or FULL)
        with resumed(asked.file, asked.state, asked.proofs, topic, made, chosen) as (run, line, latest):
            events = events_of(source, latest, letters.of(asked.file), asked.read_phone)
            for event in _held_back(events, asked.rate, lambda: batches.count, source.share):
                if event.line <= line:
                    continue
                for phone in event.phones:
                    batches.add(event.seconds, phone, event.cell)
                batches.whole(event.line)
                if run is not None:
                    run.reached(out.reached())
            batches.send()
            out.confirm()
    return batches.count, letters


def _held_back(
    events: Iterator[Event], rate: int | None, sent: Callable[[], int], share: Callable[[], float | None]
) -> Iterator[Event]:
    """Pass events on, no faster than asked for, and show how far the work has come."""
    progress = Progress(clock.monotonic, shown=sys.stderr.isatty())
    pace = Pace(rate, clock.monotonic, time.sleep)
    for event in events:
        yield event
        progress.show(sent(), share)
        pace.wait(sent())
    progress.clear()
