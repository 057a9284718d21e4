"""`shendeng appeals behind PARTITION OFFSET`: from a colour change back to what decided it (rule 16.2)."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from streams import codecs
from streams.cli._ending import SOME, in_one_line
from streams.cli.appeals._reading import opened
from streams.codecs.times import text
from streams.domain.records import AreaPublished, Excluded, PolicyPublished
from streams.kafka.reading import at
from streams.people.audit.seen import SHORTENED

if TYPE_CHECKING:
    from streams.domain.records import Exclusion, Record


@click.command(epilog="\b\nExample:\n  shendeng appeals behind 0 0")
@click.argument("partition", type=click.IntRange(min=0))
@click.argument("offset", type=click.IntRange(min=0))
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def command(partition: int, offset: int, *, as_json: bool) -> None:
    """Print which case, area or policy stands in the journal where a colour change's data point to.

    Exit status 3: the journal keeps no such record any more.
    """
    with in_one_line():
        _, topics = opened()
        records = list(at(topics.brokers, topics.names.journal, [(partition, offset)]))
    if not records:
        click.echo("nothing is kept there")
        sys.exit(SOME)
    found = told(codecs.decode_record(records[0].value))
    words = ", ".join(f"{key} {value}" for key, value in found.items() if value not in (None, False))
    click.echo(json.dumps(found) if as_json else words)


def told(record: Record) -> dict[str, Any]:
    """Return what a record of the journal is; of sightings nothing but that they are."""
    match record:
        case Excluded(exclusion=one):
            return _case(one)
        case AreaPublished(area=area):
            return {"area": area.id, "version": area.version, "withdrawn": area.withdrawn}
        case PolicyPublished(version=version):
            return {"policy": version}
        case _:
            return {"record": type(record).__name__}


def _case(one: Exclusion) -> dict[str, Any]:
    return {
        "case": one.case,
        "version": one.version,
        "phone": None if one.phone is None else one.phone.hex()[:SHORTENED],
        "hex": None if one.hex is None else f"{one.hex:x}",
        "decided": text(one.at),
        "from": None if one.from_ is None else text(one.from_),
        "until": None if one.until is None else text(one.until),
        "withdrawn": one.withdrawn,
    }
