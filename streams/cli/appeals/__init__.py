"""`shendeng appeals list|evidence|behind`: appeals as officers, the person and a proxy see them (rule 16)."""

import click

from streams.cli.appeals import behind, evidence, listed


@click.group(epilog="\b\nExample:\n  shendeng appeals list")
def command() -> None:
    """Appeals: those that wait, what a person sees of theirs, and which case is behind a change."""


command.add_command(listed.command, "list")
command.add_command(evidence.command, "evidence")
command.add_command(behind.command, "behind")
