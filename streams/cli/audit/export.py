"""`shendeng audit export`: the topic of look-ups as a file that can be verified elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from streams import codecs
from streams.cli._ending import in_one_line, settings_and_brokers
from streams.files.doors import replacing
from streams.files.lookups import exported
from streams.kafka.reading import whole
from streams.people.audit.chain import Link
from streams.people.audit.heads import Head
from streams.people.audit.verify import Erased, Unreadable
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import Iterator


@click.command(epilog="\b\nExample:\n  shendeng audit export -o lookups.ndjson")
@click.option(
    "-o", "--out", default="-", metavar="FILE", help="Where to write; standard output if not given."
)
@click.option("--texts", is_flag=True, help="Write the texts too: who looked at whom, phones whole.")
def command(out: str, *, texts: bool) -> None:
    """Write links and signed heads, one a line: enough to verify the chains, and nobody is named."""
    with in_one_line():
        settings, brokers = settings_and_brokers()
        topic = Names(settings.topic_prefix).lookups
        with replacing(out) as stream:
            for record in whole(brokers, topic):
                for line in _line(record, texts=texts):
                    stream.write(line.encode())


def _line(record: Any, *, texts: bool) -> Iterator[str]:
    place = (record.partition, record.offset)
    what = codecs.stood(*place, record.key, record.value).what
    if texts or isinstance(what, Link | Head) or (isinstance(what, Erased) and what.link):
        yield exported(*place, record.key, record.value)
    elif isinstance(what, Unreadable):
        yield exported(*place, None, None)  # whatever it holds, it may name somebody
