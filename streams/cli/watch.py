"""`shendeng watch`: colour changes as they are committed, phones shortened to 8 digits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from streams import codecs
from streams.cli._ending import in_one_line, settings_and_brokers
from streams.codecs.times import text
from streams.kafka.errors import UnusableError
from streams.kafka.wire import wire_of
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from streams.domain.records import ColourChanged, Reason
    from streams.kafka.wire import Wire


@click.command(epilog="\b\nExample:\n  shendeng watch --all --count 10")
@click.option("--all", "from_start", is_flag=True, help="Begin with the oldest change kept.")
@click.option("--count", type=click.IntRange(min=1), help="End after so many changes.")
@click.option("--json", "as_json", is_flag=True, help="Print each change as CloudEvents JSON, phones whole.")
def command(*, from_start: bool, count: int | None, as_json: bool) -> None:
    """Print colour changes as they come, until Ctrl-C."""
    with in_one_line():
        settings, brokers = settings_and_brokers()
        names, wire = Names(settings.topic_prefix), wire_of(settings)
        places = area_names(brokers, names, wire)
        try:
            for number, change in enumerate(changes(brokers, names, wire, from_start=from_start), 1):
                click.echo(codecs.change_json(change) if as_json else line(change, places))
                if number == count:
                    return
        except KeyboardInterrupt:
            return


def changes(brokers: str, names: Names, wire: Wire, *, from_start: bool) -> Iterator[ColourChanged]:
    """Yield committed changes for ever; UnusableError if no Kafka answers."""
    for record in _records(brokers, names.colour_changes, from_start=from_start):
        wire.learn([record.value])
        yield codecs.decode_change(wire.read(record.value))


def area_names(brokers: str, names: Names, wire: Wire) -> dict[str, str]:
    """Return the key areas' names by id, as published so far."""
    found: dict[str, str] = {}
    for record in _records(brokers, names.risk_areas, from_start=True, idle_ms=1000):
        wire.learn([record.value])
        try:
            area = codecs.decode_area(wire.read(record.value))
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


def _records(brokers: str, topic: str, *, from_start: bool, idle_ms: int | None = None) -> Iterator[Any]:
    """Yield a topic's committed records; without `idle_ms` for ever, else until so long nothing came."""
    idle = {} if idle_ms is None else {"consumer_timeout_ms": idle_ms}
    try:
        consumer = KafkaConsumer(
            bootstrap_servers=brokers.split(","),
            isolation_level="read_committed",
            enable_auto_commit=False,
            **idle,
        )
    except KafkaError as error:
        raise UnusableError(f"no Kafka at {brokers}: {type(error).__name__}") from None
    try:
        partitions = consumer.partitions_for_topic(topic)
        if not partitions:
            raise UnusableError(f"topic {topic!r} does not exist; create it with: shendeng topics create")
        assigned = [TopicPartition(topic, number) for number in sorted(partitions)]
        consumer.assign(assigned)
        if from_start:
            consumer.seek_to_beginning(*assigned)
        else:
            consumer.seek_to_end(*assigned)
        yield from consumer
    finally:
        consumer.close()
