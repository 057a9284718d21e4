"""`shendeng audit verify|sign|export`: who looked at whom, and that nothing of it was taken away."""

import click

from streams.cli.audit import export, sign, verify


@click.group(epilog="\b\nExample:\n  shendeng audit verify")
def command() -> None:
    """Look-ups of phones and people: verify their hash chains, sign heads, export them."""


command.add_command(verify.command, "verify")
command.add_command(sign.command, "sign")
command.add_command(export.command, "export")
