"""`shendeng publish towers|areas|policy|events FILE`: files checked, then put on their topics."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

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
from streams.kafka.publishing import publisher
from streams.topics import Names

if TYPE_CHECKING:
    from streams.kafka.publishing import Publisher

FULL: Final = 10_000
"""Sightings in a batch."""
HOUR: Final = 3600
"""A batch spans no more seconds than this, so that what is played in keeps its order in time."""
CONFIRM: Final = 50
"""Batches sent before their acknowledgements are awaited."""


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
        with publisher(brokers) as out:
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
        with publisher(brokers) as out:
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
        with publisher(brokers) as out:
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
        with publisher(brokers) as out:
            batches = Batches(out, Names(settings.topic_prefix).events(carrier))
            for seconds, phone, cell in events_of(source, latest, letters.of(file)):
                batches.add(seconds, phone, cell)
                progress.show(batches.count, source.share)
            batches.send()
    progress.clear()
    _told(f"{batches.count} sightings", letters)


class Batches:
    """Gathers sightings into LocationBatches, one at a time for each partition of the topic.

    A phone's sightings go to the partition Kafka would choose for it, so that they stay in order, and so
    that a history's time moves evenly in every partition.
    """

    def __init__(self, out: Publisher, topic: str) -> None:
        self._out, self._topic = out, topic
        self._partitions = out.partitions(topic)
        self._gathered: list[tuple[int, bytes, str]] = []
        self._sent = 0
        self.count = 0

    def add(self, seconds: int, phone: bytes, cell: str) -> None:
        """Add a sighting; what is full, or would span over an hour, is sent first."""
        gathered = self._gathered
        if len(gathered) == FULL or (gathered and abs(seconds - gathered[0][0]) >= HOUR):
            self.send()
        self._gathered.append((seconds, phone, cell))
        self.count += 1

    def send(self) -> None:
        """Send what is gathered."""
        gathered, self._gathered = self._gathered, []
        batches: dict[int, codecs.Events] = {}
        numbers = codecs.partitions_of([phone for _, phone, _ in gathered], self._partitions)
        for number, (seconds, phone, cell) in zip(numbers, gathered, strict=True):
            events = batches.setdefault(number, codecs.Events())
            events.phones.append(phone)
            events.cells.append(cell)
            events.seen_at.append(seconds * 1000)
        for number, events in batches.items():
            self._out.send(self._topic, codecs.encode_batch(events), partition=number)
        self._sent += 1
        if self._sent % CONFIRM == 0:
            self._out.confirm()


def _told(what: str, letters: DeadLetters) -> None:
    bad = sum(letters.by_reason.values())
    reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(letters.by_reason.items()))
    click.echo(f"published {what}" + (f"; left out {bad} bad rows ({reasons})" if bad else ""), err=True)
    sys.exit(SOME if bad else 0)
