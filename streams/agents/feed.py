"""Reading a carrier's topic for its statistics, with the workers' towers and policy; nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams import codecs
from streams.agents.colours import first_policy
from streams.agents.reference import RefusedError, both_policies
from streams.agents.towers import TowerTable
from streams.domain.policy import Deployment, Policy
from streams.domain.rules import Rules
from streams.feed.statistics import Feed
from streams.kafka.errors import UnusableError
from streams.kafka.span import arrived
from streams.kafka.wire import wire_of
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.kafka.wire import Wire
    from streams.settings import Settings


async def feed_of(
    settings: Settings,
    brokers: str,
    carrier: str,
    span: tuple[int | None, int | None],
    told: Callable[[int, float], None],
) -> Feed:
    """Return the statistics of what a carrier sent; `told` is given sightings and share as they are read."""
    names, wire = Names(settings.topic_prefix), wire_of(settings)
    towers = TowerTable(settings.resolution, settings.coarse_range_m, lambda *_: None, wire.read)
    async for records, _ in arrived(brokers, names.cell_towers):
        await wire.met(record.value for record in records)
        for record in records:
            towers.take(record)
    rules = Rules.of(await _policy(settings, brokers, names, wire), [], Deployment(settings.retention_days))
    feed = Feed(rules, settings.max_skew, towers.at)
    async for records, share in arrived(brokers, names.events(carrier), *span):
        await wire.met(record.value for record in records)
        for record in records:
            _take(feed, record, wire)
        told(feed.sightings, share)
    await _letters(feed, brokers, names.dead_letters_of(carrier), span, wire)
    return feed


def _take(feed: Feed, record: Any, wire: Wire) -> None:
    feed.arrived(record.timestamp)
    try:
        events = codecs.decode_events(wire.read(record.value))
    except codecs.CodecError as error:
        feed.unreadable[error.reason] += 1
        return
    for phone, cell, seen_ms in zip(events.phones, events.cells, events.seen_at, strict=True):
        feed.take(record.partition, record.timestamp, phone, cell, seen_ms)


async def _policy(settings: Settings, brokers: str, names: Names, wire: Wire) -> Policy:
    """Return the policy with the highest version published, the built-in one where there is none."""
    first = found = first_policy(settings)
    async for records, _ in arrived(brokers, names.policies):
        await wire.met(record.value for record in records)
        for record in records:
            try:
                new, _ = both_policies(wire.read(record.value), first, Deployment(settings.retention_days))
            except (codecs.CodecError, RefusedError):
                continue
            if new.version > found.version:
                found = new
    return found


async def _letters(
    feed: Feed, brokers: str, topic: str, span: tuple[int | None, int | None], wire: Wire
) -> None:
    """Count the carrier's dead letters by reason; a carrier may have no topic for them."""
    try:
        async for records, _ in arrived(brokers, topic, *span):
            await wire.met(record.value for record in records)
            for record in records:
                feed.letters[codecs.decode_dead_letter(wire.read(record.value)).reason] += 1
    except UnusableError:
        return
