"""`shendeng publish orders FILE`: stricter tables, checked, put on `orders` whole or not at all."""

from __future__ import annotations

import asyncio

import click

from streams import clock, codecs
from streams.agents.ordering import standing
from streams.agents.published import in_force
from streams.cli._ending import in_one_line, in_operation
from streams.files.orders import proposed_orders
from streams.files.versions import newer
from streams.kafka.publishing import whole_or_nothing
from streams.kafka.wire import wire_of
from streams.topics import Names


@click.command(epilog="\b\nExample:\n  shendeng publish orders orders.toml")
@click.argument("file")
def command(file: str) -> None:
    """Publish communities' orders (TOML): stricter tables for a time, by two names and for a reason.

    Each [[order]] has id, version, community, office, names (two), reason, from, until, and a table by
    colour or signal_required; withdrawn takes one back, with a higher version.
    """
    with in_one_line():
        settings, brokers = in_operation()
        names, wire = Names(settings.topic_prefix), wire_of(settings)
        gate = asyncio.run(in_force(settings, wire)).people.gate()
        found = proposed_orders(file, gate, clock.now())
        # Nobody else publishes between the reading of what stands and the end.
        with whole_or_nothing(brokers, wire, f"{settings.app_id}-{names.prefix}-orders") as out:
            left = [one.version for one in newer(found, standing(brokers, names, wire).orders)]
            for order in left:
                out.send(names.orders, codecs.encode_order(order), order.id.encode())
    told = ", ".join(f"order {one.id!r} version {one.version}{', withdrawn' * one.withdrawn}" for one in left)
    click.echo(f"published {told or 'nothing: all of it is published already'}", err=True)
