"""`shendeng purge`: the end of a deployment, with a signed receipt; `purge verify` reads one."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from streams import clock
from streams.cli._ending import SOME, in_one_line, settings_and_brokers
from streams.cli.purge import verify
from streams.cli.purge._plan import planned
from streams.cli.purge._purging import purged
from streams.files.unusable import UnusableError
from streams.people.receipt import refusal

EPILOG = """\b
Example:
  shendeng purge --pass-keys pass-keys --key keys.toml --check

Exit status: 0 nothing was found afterwards, 3 something was (it is named), 2 nothing was deleted."""


@click.group(invoke_without_command=True, epilog=EPILOG)
@click.option(
    "--pass-keys", metavar="FOLDER", help="The folder of the pass keys: one signs the receipt, then all go."
)
@click.option(
    "--key",
    "secrets",
    multiple=True,
    metavar="FILE",
    help="A further file of keys to delete; may be repeated.",
)
@click.option(
    "--store",
    "stores",
    multiple=True,
    metavar="PATH",
    help="A further file or folder to delete; may be repeated.",
)
@click.option(
    "--disk", "disks", multiple=True, metavar="FOLDER", help="Where a broker's log.dirs are seen from here."
)
@click.option("--by", multiple=True, metavar="NAME", help="Who has it done before the sunset; twice.")
@click.option(
    "--receipt",
    default="purge-receipt.cose",
    show_default=True,
    metavar="FILE",
    help="Where to write the receipt.",
)
@click.option("--check", is_flag=True, help="Delete nothing; print what would be deleted.")
@click.option("--json", "as_json", is_flag=True, help="Print the receipt as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    pass_keys: str | None,
    secrets: tuple[str, ...],
    stores: tuple[str, ...],
    disks: tuple[str, ...],
    by: tuple[str, ...],
    receipt: str,
    check: bool,
    as_json: bool,
) -> None:
    """Delete a deployment's topics, stores and keys for good, and write a signed receipt of it.

    After the sunset (SHENDENG_SUNSET); before it two must be named with --by. Stores are what stands in
    SHENDENG_HOME, but for the Kafka that runs there. Afterwards it looks at the topics and, where they can be
    read from here, at the brokers' disks, until nothing is left or for two minutes.
    """
    if ctx.invoked_subcommand is not None:
        return
    with in_one_line():
        settings, brokers = settings_and_brokers()
        if pass_keys is None:
            raise UnusableError(
                "--pass-keys", "", "expected the folder of the pass keys: one signs the receipt"
            )
        now = clock.now()
        plan = planned(settings, brokers, Path(pass_keys), map(Path, secrets), map(Path, stores), now)
        if check:
            for line in plan.lines():
                click.echo(line)
            return
        refused = refusal(settings.sunset_at, now, by)
        if refused is not None:
            raise UnusableError("purge", "", refused.told)
        made = purged(plan, settings, brokers, disks, by, Path(receipt))
    for line in [json.dumps(asdict(made))] if as_json else verify.lines(made):
        click.echo(line)
    sys.exit(SOME if made.found else 0)


command.add_command(verify.command, "verify")
