"""What the commands that publish bindings and residents share: read, pseudonymise, send, resume."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import click

from streams import clock
from streams.cli._ending import in_operation
from streams.cli._progress import Progress
from streams.cli.publish._resumed import resumed
from streams.files.deadletters import DeadLetters
from streams.files.doors import STANDARD, opened
from streams.files.keys import keys_of
from streams.files.passkeys import check_key_at
from streams.kafka.admin import topic_id
from streams.kafka.publishing import publisher
from streams.kafka.wire import wire_of
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from streams.files.deadletters import Bury
    from streams.files.people import Table
    from streams.kafka.publishing import Publisher
    from streams.people.codes.digits import CheckKey
    from streams.people.pseudonyms import Keys

    Open = Callable[[Keys | None, CheckKey | None, int], Table[Any]]
    """Opens the file, given the keys and the last second a row may be dated."""
    Send = Callable[[Publisher, str, Any, Bury, int], None]
    """Hands a row's value over to a topic, or buries its line."""


EVERY: Final = 200
"""Rows between two places that a run remembers."""


check_key_option = click.option(
    "--check-key",
    metavar="FILE",
    help="Work out check values from digits or documents with this, 64 hex digits.",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be published, and how."""

    file: str
    key_file: str | None
    check_key: str | None
    state: str | None


def publish(
    asked: Asked, topic_of: Callable[[Names], str], table: Open, send: Send
) -> tuple[int, DeadLetters]:
    """Send what this run has to send; return how many rows that were, and the bad ones."""
    letters, count = DeadLetters(), 0
    keys = keys_of(asked.key_file) if asked.key_file is not None else None
    check_key = check_key_at(asked.check_key, "--check-key") if asked.check_key is not None else None
    if asked.file != STANDARD:
        opened(asked.file).close()
    chosen, brokers = in_operation()
    topic = topic_of(Names(chosen.topic_prefix))
    made, progress = topic_id(brokers, topic), Progress(clock.monotonic, shown=sys.stderr.isatty())
    with (
        publisher(brokers, wire_of(chosen)) as out,
        resumed(asked.file, asked.state, _proofs(keys, check_key), topic, made, chosen) as (
            run,
            line,
            latest,
        ),
    ):
        rows, bury = table(keys, check_key, latest), letters.of(asked.file)
        for number, values in rows.values(bury):
            if number <= line:
                continue
            for value in values:
                send(out, topic, value, bury, number)
            count += 1
            if count % EVERY == 0:
                out.mark(number)
            if run is not None:
                run.reached(out.reached())
            if (share := rows.share()) is not None:
                progress.show_share(share)
        out.confirm()
    progress.clear()
    return count, letters


def _proofs(keys: Keys | None, check_key: CheckKey | None) -> Iterable[str]:
    several = () if keys is None else keys.all()
    return [key.proof() for key in (*several, check_key) if key is not None]
