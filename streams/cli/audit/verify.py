"""`shendeng audit verify`: cut, changed, missing, reordered and forged links found and named (rule 17.1)."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from streams.cli._ending import SOME, in_one_line
from streams.cli.audit._reading import MILLISECONDS, now_ms, report
from streams.codecs.times import text
from streams.files.lookups import public_keys, remembered
from streams.files.times import given

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.people.audit.findings import Finding
    from streams.people.audit.verify import Chain, Report

EPILOG = """\b
Example:
  shendeng audit verify --keys audit-keys.pem --json > verified.json

Exit status: 0 nothing is wrong, 3 something is (a line each), 2 nothing could be verified."""


@click.command(epilog=EPILOG)
@click.option("--file", metavar="FILE", help="Verify an export instead of the topic; no Kafka is needed.")
@click.option("--keys", metavar="FILE", help="Public keys (PEM) of all who signed heads that are kept.")
@click.option("--known", metavar="FILE", help="What an earlier run printed with --json: it must still hold.")
@click.option("--at", metavar="TIME", help="Verify as of then (RFC 3339), as for an old export.")
@click.option("--json", "as_json", is_flag=True, help="Print findings and chains as JSON.")
def command(file: str | None, keys: str | None, known: str | None, at: str | None, *, as_json: bool) -> None:
    """Verify every writer's chain of look-ups: links, signed heads, texts and where retention has cut."""
    with in_one_line():
        vouched = [] if known is None else remembered(known)
        now = now_ms() if at is None else given("--at", at) * MILLISECONDS
        found = report(file, public_keys(keys), now, vouched)
    if as_json:
        click.echo(json.dumps(told(found, now)))
    for line in [] if as_json else lines(found):
        click.echo(line)
    sys.exit(SOME if found.findings else 0)


def lines(found: Report) -> Iterator[str]:
    """Yield a line a finding, with writer, sequence and remedy, and one for the whole."""
    for one in found.findings:
        yield finding_line(one)
    links = sum(chain.end.sequence - chain.first + 1 for chain in found.chains)
    bare = sum(chain.bare for chain in found.chains)
    yield (
        f"{len(found.chains)} chains, {links} links, {bare} of them without text; "
        f"{len(found.findings)} findings"
    )


def finding_line(one: Finding) -> str:
    """Return a finding in one line."""
    place = f"{one.writer} {one.sequence}: " if one.writer else ""
    return f"{place}{one.code}: {one.what}; {one.remedy}"


def told(found: Report, now: int) -> dict[str, Any]:
    """Return a report as JSON has it; `--known` reads its chains."""
    return {
        "at": text(now // MILLISECONDS),
        "findings": [asdict(one) | {"remedy": one.remedy} for one in found.findings],
        "chains": [_chain(chain) for chain in found.chains],
    }


def _chain(chain: Chain) -> dict[str, Any]:
    end = chain.end
    return {
        "writer": end.writer,
        "first": chain.first,
        "last": end.sequence,
        "hash": end.hash.hex(),
        "at_ms": end.at,
        "without_text": chain.bare,
        "signed": chain.signed,
        "signed_at": text(chain.signed_at // MILLISECONDS) if chain.signed_at else None,
    }
