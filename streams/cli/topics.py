"""`shendeng topics create|check|asyncapi`: make, compare and describe topics; change nothing."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from streams import asyncapi, settings
from streams.cli._ending import SOME, in_one_line, settings_and_brokers
from streams.kafka import admin
from streams.kafka.carriers import matching
from streams.topics import Names, carriers_of, topics

if TYPE_CHECKING:
    from streams.settings import Settings

CARRIER = click.option(
    "--carrier", "carriers", multiple=True, metavar="NAME", help="A carrier; may be repeated."
)


@click.group(epilog="\b\nExample:\n  shendeng topics create --carrier mobile")
def command() -> None:
    """Kafka's topics: make them, or compare them with what they should be."""


@command.command(epilog="\b\nExample:\n  shendeng topics create --carrier mobile")
@CARRIER
def create(carriers: tuple[str, ...]) -> None:
    """Make the topics that are missing; those that exist stay as they are."""
    with in_one_line():
        chosen, brokers = settings_and_brokers()
        with admin.admin(brokers) as client:
            wanted = topics(chosen, carriers or carriers_of(chosen.carriers))
            made = admin.create(client, wanted, chosen.replication)
    for name in made:
        click.echo(f"made {name}")
    if not made:
        click.echo("all topics were there")


@command.command(epilog="\b\nExample:\n  shendeng topics check --carrier mobile")
@CARRIER
@click.option("--json", "as_json", is_flag=True, help="Print the differences as JSON.")
def check(carriers: tuple[str, ...], *, as_json: bool) -> None:
    """List where topics differ from what they should be. Exit status: 0 nowhere, 3 somewhere."""
    with in_one_line():
        chosen, brokers = settings_and_brokers()
        with admin.admin(brokers) as client:
            found = admin.differences(client, topics(chosen, carriers or _carriers(chosen, client)))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found]))
    for one in [] if as_json else found:
        there = (
            "missing" if one.found is None else f"expected {one.expected}, found {one.found or 'the default'}"
        )
        click.echo(f"{one.topic}: {one.setting}: {there}")
    sys.exit(SOME if found else 0)


@command.command(name="asyncapi", epilog="\b\nExample:\n  shendeng topics asyncapi > asyncapi.json")
def describe() -> None:
    """Print the deployment's AsyncAPI 3 document, from its schemas and topics; no Kafka is needed."""
    click.echo(asyncapi.text(settings.load(os.environ, Path(settings.FILE))), nl=False)


def _carriers(chosen: Settings, client: Any) -> list[str]:
    """Return the carriers that the settings name, and those whose topic a pattern there takes in."""
    names = Names(chosen.topic_prefix)
    there = [names.carrier(topic) for topic in matching(chosen.carriers, names, client.list_topics())]
    return sorted({*carriers_of(chosen.carriers), *filter(None, there)})
