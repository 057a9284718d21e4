"""`shendeng watch`: colour changes as they are committed, phones shortened to 8 digits."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import click

from streams import codecs
from streams.cli._ending import in_one_line, in_operation
from streams.codecs.times import text
from streams.domain.colours import ORDER, SEVERITY
from streams.kafka.reading import following, whole
from streams.kafka.wire import wire_of
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from streams.domain.records import ColourChanged, Reason
    from streams.kafka.wire import Wire


@dataclass(frozen=True, slots=True)
class Filter:
    """Which changes are shown: None lets all pass."""

    colour: str | None = None
    reason: str | None = None
    area: str | None = None
    phone: str | None = None

    def passes(self, change: ColourChanged) -> bool:
        """Say whether a change is of the colour and phone, and one of its reasons of the code and area."""
        return (
            self.colour in (None, change.colour)
            and (self.phone is None or change.phone.hex().startswith(self.phone.lower()))
            and any(
                self.reason in (None, reason.code) and self.area in (None, reason.area)
                for reason in change.reasons
            )
        )


@click.command(epilog="\b\nExample:\n  shendeng watch --all --colour unknown --count 10")
@click.option("--all", "from_start", is_flag=True, help="Begin with the oldest change kept.")
@click.option("--count", type=click.IntRange(min=1), help="End after so many changes.")
@click.option("--colour", type=click.Choice(SEVERITY), help="Only changes to this colour.")
@click.option("--reason", type=click.Choice(ORDER), help="Only changes with this reason.")
@click.option("--area", metavar="ID", help="Only changes with a reason of this key area.")
@click.option("--phone", metavar="DIGITS", help="Only phones that begin with these hex digits.")
@click.option("--json", "as_json", is_flag=True, help="Print each change as CloudEvents JSON, phones whole.")
def command(
    *,
    from_start: bool,
    count: int | None,
    colour: str | None,
    reason: str | None,
    area: str | None,
    phone: str | None,
    as_json: bool,
) -> None:
    """Print colour changes as they come, until Ctrl-C."""
    wanted = Filter(colour, reason, area, phone)
    with in_one_line():
        settings, brokers = in_operation()
        names, wire = Names(settings.topic_prefix), wire_of(settings)
        places = area_names(brokers, names, wire)
        found = filter(wanted.passes, changes(brokers, names, wire, from_start=from_start))
        try:
            for change in islice(found, count):
                click.echo(codecs.change_json(change) if as_json else line(change, places))
        except KeyboardInterrupt:
            return


def changes(brokers: str, names: Names, wire: Wire, *, from_start: bool) -> Iterator[ColourChanged]:
    """Yield committed changes for ever; UnusableError if no Kafka answers."""
    for record in following(brokers, names.colour_changes, from_start=from_start):
        if record.value is not None:
            yield codecs.decode_change(wire.learnt(record.value))


def area_names(brokers: str, names: Names, wire: Wire) -> dict[str, str]:
    """Return the key areas' names by id, as published so far."""
    found: dict[str, str] = {}
    for record in whole(brokers, names.risk_areas):
        try:
            area = codecs.decode_area(wire.learnt(record.value))
        except codecs.CodecError:
            continue
        if area.name:
            found[area.id] = area.name
    return found


def line(change: ColourChanged, places: Mapping[str, str]) -> str:
    """Return a change in one line a person can read; the phone shortened."""
    why = ", ".join(_reason(reason, places) for reason in change.reasons)
    until = "" if change.valid_until is None else f"; not before {text(change.valid_until)} milder"
    before = change.previous or "new"
    head = f"{text(change.effective_at)}  {change.phone.hex()[:8]}  {before:>7} → {change.colour:<7}"
    return f"{head}  {why}{until}"


def _reason(reason: Reason, places: Mapping[str, str]) -> str:
    if reason.area is None:
        return reason.code
    return f"{reason.code} {places.get(reason.area, reason.area)} ({reason.dwell_minutes} min)"
