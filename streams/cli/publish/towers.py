"""`shendeng publish towers FILE`: cell towers, put on `cell-towers`."""

from __future__ import annotations

import click

from streams import codecs
from streams.cli._ending import in_one_line, in_operation
from streams.cli.publish._told import told
from streams.files.deadletters import DeadLetters
from streams.files.towers import tower_rows
from streams.kafka.publishing import publisher
from streams.kafka.wire import wire_of
from streams.topics import Names


@click.command(epilog="\b\nExample:\n  shendeng publish towers towers.csv")
@click.argument("file")
def command(file: str) -> None:
    """Publish cell towers (OpenCelliD's columns)."""
    letters = DeadLetters()
    with in_one_line():
        settings, brokers = in_operation()
        found = {tower.id: tower for tower in tower_rows(file, letters.of(file))}
        with publisher(brokers, wire_of(settings)) as out:
            for tower in found.values():
                out.send(
                    Names(settings.topic_prefix).cell_towers, codecs.encode_tower(tower), tower.id.encode()
                )
    told(f"{len(found)} towers", letters)
