"""`shendeng sms`: asking by SMS, tried in a terminal or carried by a carrier's bridge (rule 14)."""

from __future__ import annotations

import click

from streams.cli.sms import bridge, simulate


@click.group(epilog="\b\nExample:\n  shendeng sms simulate --text CXMYD --text Y123X")
def command() -> None:
    """Ask by SMS, and carry what is asked."""


command.add_command(simulate.command, "simulate")
command.add_command(bridge.command, "bridge")
