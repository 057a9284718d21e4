"""`shendeng publish areas FILE`: key areas, checked, put on `risk-areas` whole or not at all."""

from __future__ import annotations

import shlex

import click

from streams.cli._ending import in_one_line, in_operation
from streams.cli._office import proposing_areas, publish


@click.command(epilog="\b\nExample:\n  shendeng publish areas areas.geojson")
@click.argument("file")
def command(file: str) -> None:
    """Publish key areas (GeoJSON) while no phone has been seen yet; from then on `shendeng diff` does."""
    with in_one_line():
        settings, _ = in_operation()
        propose = proposing_areas(settings, file)
        proposal = publish(settings, propose, f"shendeng diff --areas {shlex.quote(file)}")
    click.echo(f"published {proposal.told()}", err=True)
