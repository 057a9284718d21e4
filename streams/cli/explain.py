"""`shendeng explain PHONE`: why this colour, folded from the journal as it stands."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

import click

from streams import codecs
from streams.agents.folding import folded
from streams.cli import _recording
from streams.cli._ending import SOME, in_one_line, in_operation
from streams.cli._pseudonym import pseudonym
from streams.codecs.times import text
from streams.domain.explain import Explained, explained
from streams.people.audit.lookups import Kind, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.domain.records import Reason
    from streams.settings import Settings

WRITER = "explain"
"""Whose chain of look-ups it is."""


@click.command(epilog="\b\nExample:\n  shendeng explain 01000000000000000000000000000002")
@click.argument("phone")
@click.option("--purpose", metavar="TEXT", help="What it is looked up for; recorded.")
@click.option("--ticket", metavar="TEXT", help="The matter that it belongs to; recorded.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, times in unix seconds.")
def command(phone: str, *, purpose: str | None, ticket: str | None, as_json: bool) -> None:
    """Print why PHONE (32 hex digits) has its colour, what was discounted, and what comes next.

    It is a look-up: who ran it, when and what for stands in the audit of look-ups (`shendeng audit`).
    Exit status 3: it was never seen.
    """
    with in_one_line():
        settings, _ = in_operation()
        found = asyncio.run(_looked_up(settings, pseudonym("PHONE", phone), purpose, ticket))
    if found is None:
        click.echo("never seen: unknown, NO_SIGNAL")
        sys.exit(SOME)
    for told in [json.dumps(asdict(found))] if as_json else lines(found):
        click.echo(told)


async def _looked_up(
    settings: Settings, phone: bytes, purpose: str | None, ticket: str | None
) -> Explained | None:
    """Fold, record the look-up, and only then return what may be shown."""
    [partition] = codecs.partitions_of([phone], settings.partitions)
    found = explained(await folded(settings, partition), phone)
    await _recording.record(settings, WRITER, Subject(Kind.PHONE, phone), shown_of(found), purpose, ticket)
    return found


def shown_of(found: Explained | None) -> tuple[str, ...]:
    """Return what the audit says of what was shown; no place and no time."""
    if found is None:
        return ("never seen",)
    told = [f"colour {found.colour}", *(f"reason {reason.code}" for reason in found.reasons)]
    return (*told, f"{len(found.evidence)} visits", f"{len(found.discounted)} discounted sightings")


def lines(found: Explained) -> list[str]:
    """Return an explanation as lines a person can read: now, the window in the order of time, what comes."""
    told = [f"{found.colour} at {text(found.clock)}, after {found.sequence} changes"]
    told += [f"because: {reason_text(reason)}" for reason in found.reasons]
    told += ["", f"the window, {found.observed} slots of it observed:"]
    told += [f"  {text(at)}  {what}" for at, what in sorted(_happened(found))]
    told += ["", "ahead, if nothing more is seen:"]
    told += [
        f"  {text(at)}  {colour}, because: {', '.join(map(reason_text, reasons))}"
        for at, colour, reasons in found.ahead
    ]
    return told


def reason_text(reason: Reason) -> str:
    """Return a reason in words: code, area and its version, times and dwell where it has them."""
    if reason.area is None or reason.from_ is None or reason.until is None:
        return reason.code
    when = f"from {text(reason.from_)} until {text(reason.until)}, {reason.dwell_minutes} minutes"
    return f"{reason.code} {reason.area} version {reason.area_version} {when}"


def _happened(found: Explained) -> Iterator[tuple[int, str]]:
    """Yield (start, words) of visits, and of what was discounted and by which rule, hours of it as one."""
    for area, begin, end in found.evidence:
        yield begin, f"visit of {area} until {text(end)}"
    seen = [(at, f"discounted by rule {rule}: seen in {cell:x}") for at, cell, rule in found.discounted]
    flaps = [(at, f"discounted by rule 3.3: contested for {area}") for area, at in found.contested]
    for what, times in groupby(
        sorted(seen + flaps, key=lambda one: (one[1], one[0])), key=lambda one: one[1]
    ):
        slots = [at for at, _ in times]
        until = f", {len(slots)} slots, the last at {text(slots[-1])}" if len(slots) > 1 else ""
        yield slots[0], what + until
