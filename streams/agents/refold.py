"""Folding the journal as it stands, partition by partition, with the workers' code; nothing is written."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from streams.agents.colours import first_policy
from streams.domain.fold import Fold
from streams.domain.policy import Deployment
from streams.kafka.clients import bounds, partitions_of, read_range, reader
from streams.kafka.errors import UnusableError
from streams.kafka.journal import Refused, admit, check_whole, epochs
from streams.topics import Names
from streams.window.columns import SightingColumns, record_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from streams.domain.records import Record
    from streams.kafka.journal import Admitted
    from streams.settings import Settings


async def partitions(brokers: str, settings: Settings) -> dict[int, tuple[int, int]]:
    """Return the journal's partitions with first offset and end."""
    topic = Names(settings.topic_prefix).journal
    async with reader(brokers, committed=False) as consumer:
        found = await partitions_of(consumer, topic)
    if len(found) != settings.partitions:
        raise UnusableError(
            f"topic {topic!r} has {len(found)} partitions, SHENDENG_PARTITIONS is {settings.partitions}"
        )
    return await bounds(brokers, topic, found)


async def whole_partitions(brokers: str, settings: Settings) -> dict[int, tuple[int, int]]:
    """Do as `partitions`; UnusableError unless every one begins with its first record."""
    stretches = await partitions(brokers, settings)
    for partition, (first, _) in stretches.items():
        check_whole(Names(settings.topic_prefix).journal, partition, first)
    return stretches


async def records(
    brokers: str, settings: Settings, partition: int, first: int, end: int
) -> AsyncGenerator[tuple[int, Record | Refused], None]:
    """Yield offset and record of a partition, or why there is none."""
    async with aclosing(admitted(brokers, settings, partition, first, end)) as several:
        async for offset, one in several:
            yield offset, one if isinstance(one, Refused) else record_of(one)


async def admitted(
    brokers: str, settings: Settings, partition: int, first: int, end: int
) -> AsyncGenerator[tuple[int, Admitted | Refused], None]:
    """Do as `records`, with sightings in columns."""
    topic = Names(settings.topic_prefix).journal
    async for several in read_range(brokers, topic, partition, first, end, committed=True):
        for one in several:
            yield (
                one.offset,
                admit(one.value, one.timestamp, settings.max_skew, settings.resolution, settings.retired),
            )


async def seen(
    brokers: str, settings: Settings, partition: int, first: int, end: int, epoch: int
) -> tuple[int, int] | None:
    """Return the first and the last clock (seconds) at which phones of an epoch were seen, None if never."""
    clocks = [
        record.clock
        async for _, record in admitted(brokers, settings, partition, first, end)
        if isinstance(record, SightingColumns) and (epochs(record.high) == epoch).any()
    ]
    return (min(clocks), max(clocks)) if clocks else None


def fresh_fold(settings: Settings, partition: int) -> Fold:
    """Return the fold that a worker of this deployment begins a partition with."""
    deployment = Deployment(settings.retention_days, settings.max_skew)
    return Fold(deployment, first_policy(settings), partition=partition)
