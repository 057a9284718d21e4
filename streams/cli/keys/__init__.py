"""`shendeng keys`: keys made, changed and retired."""

from __future__ import annotations

import click

from streams.cli.keys.retire import retire
from streams.cli.keys.rotate import rotate


@click.group(epilog="\b\nExample:\n  shendeng keys rotate passes --folder pass-keys")
def command() -> None:
    """Make keys and change them."""


command.add_command(rotate)
command.add_command(retire)
