"""`shendeng publish policy FILE`: a whole policy, checked, put on `policies`."""

from __future__ import annotations

import shlex

import click

from streams.cli._ending import in_one_line, in_operation
from streams.cli._office import proposing_policy, publish


@click.command(epilog="\b\nExample:\n  shendeng publish policy policy.toml")
@click.argument("file")
def command(file: str) -> None:
    """Publish a whole policy (TOML) while no phone has been seen yet; from then on `shendeng diff` does."""
    with in_one_line():
        settings, _ = in_operation()
        propose = proposing_policy(settings, file)
        proposal = publish(settings, propose, f"shendeng diff --policy {shlex.quote(file)}")
    click.echo(f"published {proposal.told()}", err=True)
