"""`shendeng audit sign`: heads of every chain that is whole, signed; to be run daily (rule 17.1)."""

from __future__ import annotations

import sys

import click

from streams import codecs
from streams.cli._ending import SOME, in_one_line, settings_and_brokers
from streams.cli.audit._reading import now_ms, report
from streams.cli.audit.verify import finding_line
from streams.files.lookups import public_keys, signer
from streams.kafka.lookups import partition_of
from streams.kafka.publishing import publisher
from streams.kafka.wire import Wire
from streams.people.audit.heads import signed_head
from streams.people.audit.verify import signable
from streams.topics import Names

EPILOG = """\b
Example:
  shendeng audit sign --key-file audit-key.pem

Make a key with: openssl genpkey -algorithm ED25519 -out audit-key.pem
Exit status: 0 every chain was signed, 3 one was left out (its findings are printed)."""


@click.command(epilog=EPILOG)
@click.option("--key-file", required=True, metavar="FILE", help="The private key (Ed25519, PEM) that signs.")
@click.option("--keys", metavar="FILE", help="Public keys (PEM) of those who signed earlier.")
@click.option(
    "--despite", multiple=True, metavar="WRITER", help="Sign this chain whatever was found; may be repeated."
)
def command(key_file: str, keys: str | None, despite: tuple[str, ...]) -> None:
    """Verify every chain of look-ups and sign where it stands now; a chain with a fault is left out."""
    with in_one_line():
        key = signer(key_file)
        now = now_ms()
        found = report(None, public_keys(keys).and_of(key), now)
        ends = signable(found, despite)
        settings, brokers = settings_and_brokers()
        topic = Names(settings.topic_prefix).lookups
        with publisher(brokers, Wire(None)) as out:
            for head in (signed_head(end, now, key) for end in ends):
                place = partition_of(head.end.writer, out.partitions(topic))
                out.send(topic, codecs.encode_lookup(head), codecs.lookup_key(head), place)
    for end in ends:
        click.echo(f"signed {end.writer} {end.sequence}")
    left = {chain.end.writer for chain in found.chains} - {end.writer for end in ends}
    for finding in found.findings:
        if finding.writer in left:
            click.echo(finding_line(finding), err=True)
    sys.exit(SOME if left else 0)
