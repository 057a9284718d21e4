"""`shendeng publish bindings FILE`: who holds which phone, put on `identity-bindings`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from streams import codecs
from streams.cli._ending import in_one_line
from streams.cli.publish._people import Asked, check_key_option, publish
from streams.cli.publish._told import told
from streams.files.people import Bindings

if TYPE_CHECKING:
    from streams.files.deadletters import Bury
    from streams.kafka.publishing import Publisher
    from streams.people.bindings import Binding


@click.command(epilog="\b\nExample:\n  shendeng publish bindings bindings.csv --carrier mobile")
@click.argument("file")
@click.option("--carrier", required=True, metavar="NAME", help="Whose bindings these are.")
@click.option(
    "--key-file", metavar="KEYS", help="The file holds numbers (E.164) and documents; hash them with these."
)
@check_key_option
@click.option("--state", metavar="STATE", help="Where to remember how far a run came (default: below home).")
def command(file: str, carrier: str, key_file: str | None, check_key: str | None, state: str | None) -> None:
    """Publish who holds which phone since when (CSV or, with -, standard input); a killed run goes on.

    Columns: phone, from, version; person, or with --key-file document_type and document_number (blank:
    nobody); until and check if there are any. During a rotation both pseudonyms are named. With --check-key
    the document's last four (column digits, or of document_number) give the check value, and stay here.
    """
    with in_one_line():
        asked = Asked(file, key_file, check_key, state)
        count, letters = publish(
            asked,
            lambda names: names.identity_bindings,
            lambda keys, checks, latest: Bindings(file, keys, carrier, latest, checks),
            _send,
        )
    told(f"{count} bindings", letters)


def _send(out: Publisher, topic: str, binding: Binding, _bury: Bury, _line: int) -> None:
    key, partition = codecs.binding_place(binding, out.partitions(topic))
    out.send(topic, codecs.encode_binding(binding), key, partition)
