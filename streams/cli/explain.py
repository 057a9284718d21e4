"""`shendeng explain PHONE`: why this colour, folded from the journal as it stands."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import click

from streams import codecs
from streams.agents import refold
from streams.cli._ending import SOME, in_one_line, settings_and_brokers
from streams.codecs.times import text
from streams.domain.explain import Explained, explained
from streams.kafka.errors import UnusableError
from streams.kafka.journal import Refused

if TYPE_CHECKING:
    from streams.settings import Settings

DIGITS = 32


@click.command(epilog="\b\nExample:\n  shendeng explain 01000000000000000000000000000002")
@click.argument("phone")
def command(phone: str) -> None:
    """Print why PHONE (32 hex digits) has its colour. Exit status 3: it was never seen."""
    with in_one_line():
        settings, brokers = settings_and_brokers()
        found = asyncio.run(_explained(settings, brokers, _bytes(phone)))
    if found is None:
        click.echo("never seen: unknown, NO_SIGNAL")
        sys.exit(SOME)
    for told in lines(found):
        click.echo(told)


async def _explained(settings: Settings, brokers: str, phone: bytes) -> Explained | None:
    """Fold the phone's partition of the journal."""
    [partition] = codecs.partitions_of([phone], settings.partitions)
    first, end = (await refold.partitions(brokers, settings))[partition]
    fold = refold.fresh_fold(settings, partition)
    async for offset, record in refold.records(brokers, settings, partition, first, end):
        if not isinstance(record, Refused):
            fold.apply(record, offset)
    return explained(fold, phone)


def lines(found: Explained) -> list[str]:
    """Return an explanation as lines a person can read."""
    told = [f"{found.colour} at {text(found.clock)}, after {found.sequence} changes"]
    for reason in found.reasons:
        where = "" if reason.area is None else f" {reason.area} version {reason.area_version}"
        when = (
            ""
            if reason.from_ is None or reason.until is None
            else f" from {text(reason.from_)} until {text(reason.until)}, {reason.dwell_minutes} minutes"
        )
        told.append(f"because: {reason.code}{where}{when}")
    if found.valid_until is not None:
        told.append(f"milder not before {text(found.valid_until)}, if nothing more is seen")
    told.append(f"observed in {found.observed} slots of the window")
    told += [f"visit: {area} from {text(begin)} until {text(end)}" for area, begin, end in found.evidence]
    told += [f"discounted by rule {rule}: {text(at)} in {cell:x}" for at, cell, rule in found.discounted]
    return told


def _bytes(phone: str) -> bytes:
    try:
        raw = bytes.fromhex(phone)
    except ValueError:
        raw = b""
    if len(phone) != DIGITS or len(raw) * 2 != DIGITS:
        raise UnusableError("PHONE: expected 32 hex digits")
    return raw
