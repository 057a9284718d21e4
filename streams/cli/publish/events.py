"""`shendeng publish events FILE`: sightings in batches, put on a carrier's topic."""

from __future__ import annotations

import sys

import click

from streams import clock
from streams.cli._ending import in_one_line, settings_and_brokers
from streams.cli._progress import Progress
from streams.cli.publish._told import told
from streams.files.deadletters import DeadLetters
from streams.files.events import events_of, source_of
from streams.kafka.batches import Batches
from streams.kafka.publishing import publisher
from streams.kafka.wire import wire_of
from streams.topics import Names


@click.command(epilog="\b\nExample:\n  shendeng publish events events.csv --carrier mobile")
@click.argument("file")
@click.option("--carrier", required=True, metavar="NAME", help="Whose sightings these are.")
def command(file: str, carrier: str) -> None:
    """Publish sightings (CSV or Parquet; phones are pseudonyms) in batches."""
    letters = DeadLetters()
    progress = Progress(clock.monotonic, shown=sys.stderr.isatty())
    with in_one_line():
        settings, brokers = settings_and_brokers()
        source = source_of(file)
        latest = clock.now() + settings.max_skew
        with publisher(brokers, wire_of(settings)) as out:
            batches = Batches(out, Names(settings.topic_prefix).events(carrier))
            for seconds, phone, cell in events_of(source, latest, letters.of(file)):
                batches.add(seconds, phone, cell)
                progress.show(batches.count, source.share)
            batches.send()
    progress.clear()
    told(f"{batches.count} sightings", letters)
