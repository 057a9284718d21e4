"""`shendeng publish towers|areas|policy|events FILE`: files checked, then put on their topics."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from streams import clock, codecs
from streams.cli._ending import SOME, in_one_line, settings_and_brokers
from streams.cli._progress import Progress
from streams.domain.policy import Deployment
from streams.files.deadletters import DeadLetters
from streams.files.events import events_of, source_of
from streams.files.geojson import areas_of
from streams.files.policy import policy_of
from streams.files.towers import tower_rows
from streams.kafka.batches import Batches
from streams.kafka.publishing import publisher
from streams.kafka.wire import wire_of
from streams.topics import Names


@click.group()
def command() -> None:
    """Put files on Kafka: towers, key areas, a policy, sightings."""


@command.command(epilog="\b\nExample:\n  shendeng publish towers towers.csv")
@click.argument("file")
def towers(file: str) -> None:
    """Publish cell towers (OpenCelliD's columns)."""
    letters = DeadLetters()
    with in_one_line():
        settings, brokers = settings_and_brokers()
        found = {tower.id: tower for tower in tower_rows(file, letters.of(file))}
        with publisher(brokers, wire_of(settings)) as out:
            for tower in found.values():
                out.send(
                    Names(settings.topic_prefix).cell_towers, codecs.encode_tower(tower), tower.id.encode()
                )
    _told(f"{len(found)} towers", letters)


@command.command(epilog="\b\nExample:\n  shendeng publish areas areas.geojson")
@click.argument("file")
def areas(file: str) -> None:
    """Publish key areas (GeoJSON)."""
    with in_one_line():
        settings, brokers = settings_and_brokers()
        first = policy_of(None, Deployment(settings.retention_days))
        found = areas_of(file, first)
        with publisher(brokers, wire_of(settings)) as out:
            for area in found:
                out.send(Names(settings.topic_prefix).risk_areas, codecs.encode_area(area), area.id.encode())
    _told(f"{len(found)} areas", DeadLetters())


@command.command(epilog="\b\nExample:\n  shendeng publish policy policy.toml")
@click.argument("file")
def policy(file: str) -> None:
    """Publish a whole policy (TOML)."""
    with in_one_line():
        settings, brokers = settings_and_brokers()
        found = policy_of(file, Deployment(settings.retention_days))
        thresholds = asdict(found) | {"jurisdiction": found.jurisdiction}
        del thresholds["version"]
        with publisher(brokers, wire_of(settings)) as out:
            value = codecs.encode_policy(found.version, thresholds)
            out.send(Names(settings.topic_prefix).policies, value, b"policy")
    _told(f"policy version {found.version}", DeadLetters())


@command.command(epilog="\b\nExample:\n  shendeng publish events events.csv --carrier mobile")
@click.argument("file")
@click.option("--carrier", required=True, metavar="NAME", help="Whose sightings these are.")
def events(file: str, carrier: str) -> None:
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
    _told(f"{batches.count} sightings", letters)


def _told(what: str, letters: DeadLetters) -> None:
    bad = sum(letters.by_reason.values())
    reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(letters.by_reason.items()))
    click.echo(f"published {what}" + (f"; left out {bad} bad rows ({reasons})" if bad else ""), err=True)
    sys.exit(SOME if bad else 0)
