"""`shendeng publish towers|areas|policy|events FILE`: files checked, then put on their topics."""

from __future__ import annotations

import click

from streams.cli.publish import areas, events, policy, towers


@click.group(epilog="\b\nExample:\n  shendeng publish towers towers.csv")
def command() -> None:
    """Put files on Kafka: towers, key areas, a policy, sightings."""


for named in (towers, areas, policy, events):
    command.add_command(named.command, named.__name__.rpartition(".")[2])
