"""`shendeng publish areas FILE`: key areas, put on `risk-areas`."""

from __future__ import annotations

import click

from streams import codecs
from streams.cli._ending import in_one_line, settings_and_brokers
from streams.cli.publish._told import told
from streams.domain.policy import Deployment
from streams.files.deadletters import DeadLetters
from streams.files.geojson import areas_of
from streams.files.policy import policy_of
from streams.kafka.publishing import publisher
from streams.kafka.wire import wire_of
from streams.topics import Names


@click.command(epilog="\b\nExample:\n  shendeng publish areas areas.geojson")
@click.argument("file")
def command(file: str) -> None:
    """Publish key areas (GeoJSON)."""
    with in_one_line():
        settings, brokers = settings_and_brokers()
        first = policy_of(None, Deployment(settings.retention_days))
        found = areas_of(file, first)
        with publisher(brokers, wire_of(settings)) as out:
            for area in found:
                out.send(Names(settings.topic_prefix).risk_areas, codecs.encode_area(area), area.id.encode())
    told(f"{len(found)} areas", DeadLetters())
