"""`shendeng capacity`: what a deployment takes, before there is one."""

from __future__ import annotations

import json
import os
from dataclasses import fields
from pathlib import Path
from typing import Final

import click

from streams import settings
from streams.bench.capacity import BUSIEST, Capacity, Demand, capacity, least_memory
from streams.cli._ending import in_one_line
from streams.files.unusable import UnusableError

GIGA: Final = 1_000_000_000
UNITS: Final = ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


@click.command(
    epilog="\b\nExample:\n  shendeng capacity --phones 1000000 --places 4 --sightings 20 --partitions 16"
)
@click.option(
    "--phones", type=click.IntRange(1, 10**10), required=True, help="Phones of the whole deployment."
)
@click.option(
    "--places",
    type=click.FloatRange(0.01, 1000),
    default=4.0,
    show_default=True,
    help="Hexes where a phone is seen on a day, on average.",
)
@click.option(
    "--sightings",
    type=click.FloatRange(0.01, 100_000),
    default=20.0,
    show_default=True,
    help="Sightings of a phone a day, on average.",
)
@click.option("--retention-days", type=click.IntRange(1, 36_525), help="Default: the setting's.")
@click.option("--partitions", type=click.IntRange(1, 10_000), help="Default: the setting's.")
@click.option(
    "--hexes", type=click.IntRange(1, 10**8), default=50_000, show_default=True, help="Hexes with a tower."
)
@click.option(
    "--rate",
    type=click.FloatRange(1, 10**9),
    default=100_000.0,
    show_default=True,
    help="Sightings a second of one worker: single_events_per_s of `shendeng bench` there.",
)
@click.option(
    "--memory",
    type=click.FloatRange(0.1, 10_000),
    default=8.0,
    show_default=True,
    help="GB that a worker may take.",
)
@click.option(
    "--carriers",
    type=click.IntRange(1, 1000),
    default=1,
    show_default=True,
    help="Each has a topic.",
)
@click.option("--json", "in_json", is_flag=True, help="Print the figures as JSON, in bytes.")
def command(
    *,
    phones: int,
    places: float,
    sightings: float,
    retention_days: int | None,
    partitions: int | None,
    hexes: int,
    rate: float,
    memory: float,
    carriers: int,
    in_json: bool,
) -> None:
    """Predict memory, journal and checkpoint bytes, and how many workers and partitions are needed.

    The busiest hour is taken for three times the average, and a worker is filled to seven tenths.
    """
    with in_one_line():
        chosen = settings.load(os.environ, Path(settings.FILE))
        asked = Demand(
            phones=phones,
            places=min(places, sightings),
            sightings=sightings,
            retention_days=retention_days or chosen.retention_days,
            partitions=partitions or chosen.partitions,
            slot_minutes=chosen.slot_minutes,
            hexes=hexes,
            rate=rate,
            memory=round(memory * GIGA),
            carriers=carriers,
        )
        if asked.memory < (least := least_memory(asked)):
            raise UnusableError("--memory", "", f"expected at least {least / GIGA:.2f}, found {memory}")
        found = capacity(asked)
    click.echo(json.dumps(found.as_json()) if in_json else _text(found))


def _text(found: Capacity) -> str:
    lines = []
    for field in fields(found):
        value = getattr(found, field.name)
        shown = _bytes(value) if "bytes" in field.name else f"{value:,.0f}"
        lines.append(f"{NAMES[field.name]:<44}{shown:>12}")
    return "\n".join(lines)


def _bytes(value: float) -> str:
    for size, unit in UNITS:
        if value >= size:
            return f"{value / size:.1f} {unit}"
    return f"{value:.0f} B"


NAMES: Final = {
    "sightings_per_s_average": "sightings a second, on average",
    "sightings_per_s_peak": f"… in the busiest hour, {BUSIEST} times that",
    "bytes_per_phone": "state of a phone, room to grow included",
    "state_bytes_per_partition": "state of a partition",
    "on_its_way_bytes_per_partition": "… and what of it is on its way, at most",
    "workers_for_memory": "workers needed for memory",
    "workers_for_rate": "workers needed for the rate",
    "workers": "workers",
    "partitions_needed": "partitions",
    "resident_bytes_per_worker": "resident memory of a worker, at most",
    "checkpoint_bytes": "checkpoints, the whole state once",
    "journal_bytes_per_day": "journal a day, one replica",
    "journal_bytes": "journal in all, one replica",
}
