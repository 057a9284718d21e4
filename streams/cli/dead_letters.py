"""`shendeng dead-letters list|retry`: what could not be used, and once more what can be by now."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import click

from streams import codecs
from streams.cli._ending import in_one_line, in_operation, settings_and_brokers
from streams.codecs.times import text
from streams.files.times import given
from streams.kafka.publishing import publisher
from streams.kafka.reading import whole
from streams.kafka.retrying import Retried, retry_of
from streams.kafka.wire import wire_of
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streams.codecs import DeadLetter
    from streams.kafka.wire import Wire

MILLISECONDS = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which dead letters: of one carrier's topic, with a reason, written at or after a time (seconds)."""

    carrier: str | None
    reason: str | None
    since: int

    def letters(self, brokers: str, names: Names, wire: Wire) -> Iterator[tuple[int, DeadLetter]]:
        """Yield (written at, letter), oldest first."""
        topic = names.dead_letters if self.carrier is None else names.dead_letters_of(self.carrier)
        for record in whole(brokers, topic):
            letter = codecs.decode_dead_letter(wire.learnt(record.value))
            seconds = record.timestamp // MILLISECONDS
            if seconds >= self.since and self.reason in (None, letter.reason):
                yield seconds, letter


def _wanted(call: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--carrier", metavar="NAME", help="From that carrier's own dead letters."),
        click.option("--reason", metavar="CODE", help="Only these, for example unknown_tower."),
        click.option("--since", metavar="TIME", help="Only those written since then (RFC 3339)."),
    ):
        call = option(call)
    return call


def _of(carrier: str | None, reason: str | None, since: str | None) -> Wanted:
    return Wanted(carrier, reason, 0 if since is None else given("--since", since))


@click.group(epilog="\b\nExample:\n  shendeng dead-letters list")
def command() -> None:
    """List what could not be used, or try it again."""


@command.command("list", epilog="\b\nExample:\n  shendeng dead-letters list --reason unknown_tower")
@_wanted
@click.option("--json", "as_json", is_flag=True, help="Print each as a line of JSON.")
def list_(*, as_json: bool, **which: Any) -> None:
    """List dead letters by place, and count them by reason."""
    with in_one_line():
        settings, brokers = settings_and_brokers()
        counts: Counter[str] = Counter()
        for at, letter in _of(**which).letters(brokers, Names(settings.topic_prefix), wire_of(settings)):
            counts[letter.reason] += 1
            place = f"{letter.topic} {letter.partition} {letter.offset} {letter.index}"
            told = {"at": text(at)} | asdict(letter)
            click.echo(json.dumps(told) if as_json else f"{text(at)}  {letter.reason:<20} {place}")
    if not as_json:
        click.echo(f"{counts.total()} dead letters{_parts(counts)}")


@command.command(epilog="\b\nExample:\n  shendeng dead-letters retry --reason unknown_tower")
@_wanted
@click.option("--check", is_flag=True, help="Send nothing; say what would be sent.")
def retry(*, check: bool, **which: Any) -> None:
    """Send carriers' sightings again from where they stand, as long as they are kept there.

    Sending one twice changes nothing. Areas, policies, exclusions and towers are published again by hand: an
    old version sent again would stand in the place of a newer one.
    """
    with in_one_line():
        settings, brokers = in_operation()
        names, wire = Names(settings.topic_prefix), wire_of(settings)
        found = [letter for _, letter in _of(**which).letters(brokers, names, wire)]
        counts: Counter[str] = Counter()
        with publisher(brokers, wire) as out:
            for one in retry_of(brokers, names, wire, found):
                counts[one.outcome] += 1
                if isinstance(one, Retried) and not check:
                    out.send(one.topic, one.value, one.phone)
    click.echo(f"{counts.total()} dead letters{_parts(counts)}" + ("; nothing was sent" if check else ""))


def _parts(counts: Counter[str]) -> str:
    parts = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    return f" ({parts})" if parts else ""
