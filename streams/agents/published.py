"""What is published and stands: areas and policy as a worker takes them, and where the towers are."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from streams import codecs
from streams.agents import reference, refold
from streams.agents.colours import first_policy
from streams.domain.areas import highest
from streams.domain.extent import Extent
from streams.domain.policy import Deployment, Policy
from streams.domain.records import AreaPublished, AreaVersion, Sightings
from streams.kafka.clients import bounds, partitions_of, read_range, reader
from streams.people.policy import DEFAULTS
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from streams.kafka.wire import Wire
    from streams.people.policy import PeoplePolicy
    from streams.settings import Settings


R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class InForce:
    """The highest version of each area and of the policy, whether or not a worker has copied it yet."""

    areas: Mapping[str, AreaVersion]
    policy: Policy
    people: PeoplePolicy = DEFAULTS


async def in_force(settings: Settings, wire: Wire) -> InForce:
    """Read `risk-areas` and `policies` to their ends; what a worker would refuse is left out."""
    names, first = Names(settings.topic_prefix), first_policy(settings)
    deployment = Deployment(settings.retention_days, settings.max_skew)
    versions, policies = [], (first, DEFAULTS)
    async for value in _values(settings, names.risk_areas, wire):
        match _read(value, wire, lambda known: reference.area(known, first)):
            case AreaPublished(area=area):
                versions.append(area)
    async for value in _values(settings, names.policies, wire):
        found = _read(value, wire, lambda known: reference.both_policies(known, first, deployment))
        if found is not None and found[0].version > policies[0].version:
            policies = found
    return InForce(highest(versions), *policies)


async def towers_extent(settings: Settings, wire: Wire) -> Extent | None:
    """Return the box around all towers published, None if there are none."""
    places = []
    async for value in _values(settings, Names(settings.topic_prefix).cell_towers, wire):
        try:
            tower = codecs.decode_tower(wire.read(value))
        except codecs.CodecError:
            continue
        places.append((tower.longitude, tower.latitude))
    return Extent.of(places)


async def anything_seen(settings: Settings) -> bool:
    """Say whether any sighting is in the journal: whether there is anybody whose colour may change."""
    brokers = settings.kafka_brokers
    for partition, (first, end) in (await refold.partitions(brokers, settings)).items():
        if first:
            return True
        async with aclosing(refold.records(brokers, settings, partition, first, end)) as records:
            async for _, record in records:
                if isinstance(record, Sightings):
                    return True
    return False


async def _values(settings: Settings, topic: str, wire: Wire) -> AsyncIterator[bytes]:
    """Yield the values of a topic as it stands now, `wire` knowing how to read them."""
    brokers = settings.kafka_brokers
    async with reader(brokers, committed=False) as consumer:
        found = await partitions_of(consumer, topic)
    for partition, (first, end) in (await bounds(brokers, topic, found)).items():
        async for records in read_range(brokers, topic, partition, first, end, committed=True):
            await wire.met(record.value for record in records)
            for record in records:
                if record.value is not None:
                    yield record.value
            await asyncio.sleep(0)


def _read(value: bytes, wire: Wire, read: Callable[[bytes | None], R]) -> R | None:
    try:
        return read(wire.read(value))
    except (codecs.CodecError, reference.RefusedError):
        return None
