"""`shendeng publish residents FILE`: a community's own list, put on `residents`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from streams import codecs
from streams.agents.registers import residents
from streams.cli._ending import in_one_line, in_operation
from streams.cli.publish._people import Asked, check_key_option, publish
from streams.cli.publish._told import told
from streams.files.people import Residents
from streams.kafka.wire import wire_of
from streams.topics import Names

if TYPE_CHECKING:
    from streams.files.deadletters import Bury
    from streams.kafka.publishing import Publisher
    from streams.people.register import Register, Resident


@click.command(epilog="\b\nExample:\n  shendeng publish residents residents.csv")
@click.argument("file")
@click.option("--key-file", metavar="KEYS", help="The file holds documents; hash them with these.")
@check_key_option
@click.option("--state", metavar="STATE", help="Where to remember how far a run came (default: below home).")
def command(file: str, key_file: str | None, check_key: str | None, state: str | None) -> None:
    """Publish who lives in which community (CSV or, with -, standard input); a killed run goes on.

    Columns: community, age_band, version; person, or with --key-file document_type and document_number;
    check and hex (the address's H3 cell) if there are any. A version not higher than what stands is left out.
    With --check-key the document's last four (column digits, or of document_number) give the check value, and
    stay here.
    """
    with in_one_line():
        standing = _standing()

        def send(out: Publisher, topic: str, entry: Resident, bury: Bury, line: int) -> None:
            if standing.residents.get(entry.person) == entry:
                return
            if standing.enter(entry):
                out.send(topic, codecs.encode_resident(entry), entry.person)
            else:
                bury("old_version", line)

        asked = Asked(file, key_file, check_key, state)
        count, letters = publish(
            asked,
            lambda names: names.residents,
            lambda keys, checks, _latest: Residents(file, keys, checks),
            send,
        )
    told(f"{count} residents", letters)


def _standing() -> Register:
    """Return the register as it stands on the topic: whatever comes later there replaces it."""
    chosen, brokers = in_operation()
    return residents(brokers, Names(chosen.topic_prefix), wire_of(chosen))
