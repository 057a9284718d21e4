"""`shendeng purge verify`: what a receipt says, if a key of the deployment signed it; no Kafka is needed."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from streams.cli._ending import SOME, in_one_line
from streams.files.doors import opened
from streams.files.passkeys import key_set_at
from streams.files.unusable import UnusableError
from streams.people.codes.refusals import RefusedError
from streams.people.receipt import read_receipt
from streams.people.times import text

if TYPE_CHECKING:
    from streams.people.receipt import Receipt

EPILOG = """\b
Example:
  shendeng purge verify purge-receipt.cose --keys keys.json

Exit status: 0 nothing was found after the purge, 3 something was, 2 it is no receipt by these keys."""


@click.command(epilog=EPILOG)
@click.argument("receipt")
@click.option(
    "--keys", required=True, metavar="FILE", help="The deployment's public keys, as /v1/keys has them."
)
@click.option("--json", "as_json", is_flag=True, help="Print the receipt as JSON.")
def command(receipt: str, keys: str, *, as_json: bool) -> None:
    """Print what RECEIPT says was deleted, and what was found afterwards."""
    with in_one_line():
        known = key_set_at(keys)
        with opened(receipt) as stream:
            data = stream.read()
        try:
            found = read_receipt(data, known)
        except RefusedError as error:
            raise UnusableError(receipt, "", f"expected a receipt signed by one of {keys}: {error}") from None
    for line in [json.dumps(asdict(found))] if as_json else lines(found):
        click.echo(line)
    sys.exit(SOME if found.found else 0)


def lines(receipt: Receipt) -> list[str]:
    """Return a receipt in lines a person can read."""
    ended = "no sunset was set" if receipt.sunset is None else f"sunset {text(receipt.sunset)}"
    told = [f"purged at {text(receipt.begun)}, {ended}" + "".join(f", by {name}" for name in receipt.by)]
    told += [
        f"deleted topic {one.name}: {one.partitions} partitions, {one.records} offsets"
        for one in receipt.topics
    ]
    told += [f"deleted group {name}" for name in receipt.groups]
    told += [f"deleted {name}" for name in (*receipt.stores, *receipt.keys)]
    told += [f"looked at {text(receipt.looked_at)}: {place}" for place in receipt.looked]
    return told + ([f"FOUND {what}" for what in receipt.found] or ["found nothing"])
