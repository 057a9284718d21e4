"""`shendeng publish towers|areas|policy|orders|events|bindings|residents FILE`: onto topics, checked."""

from __future__ import annotations

import click

from streams.cli.publish import areas, bindings, events, orders, policy, residents, towers


@click.group(epilog="\b\nExample:\n  shendeng publish towers towers.csv")
def command() -> None:
    """Put files on Kafka: towers, key areas, a policy, orders, sightings, holders of phones, residents."""


for named in (towers, areas, policy, orders, events, bindings, residents):
    command.add_command(named.command, named.__name__.rpartition(".")[2])
