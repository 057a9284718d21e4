"""`shendeng replay --journal`: what is in Kafka's journal, folded to the changes that Kafka should hold."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, BinaryIO

from streams.agents import refold
from streams.files.changes import write_changes
from streams.files.doors import replacing
from streams.files.unusable import UnusableError
from streams.kafka.errors import EngineError
from streams.kafka.journal import Refused

if TYPE_CHECKING:
    from streams.settings import Settings


def replay_journal(settings: Settings, out: str) -> str:
    """Write the changes of all partitions, one after the other; return the summary."""
    if not settings.kafka_brokers:
        raise UnusableError("--journal", "", "expected SHENDENG_KAFKA_BROKERS=host:port")
    try:
        with replacing(out) as stream:
            return asyncio.run(_replay(settings, stream))
    except EngineError as error:
        raise UnusableError("--journal", "", str(error)) from None


async def _replay(settings: Settings, stream: BinaryIO) -> str:
    brokers = settings.kafka_brokers
    read = refused = changes = 0
    for partition, (first, end) in sorted((await refold.partitions(brokers, settings)).items()):
        fold = refold.fresh_fold(settings, partition)
        async for offset, record in refold.records(brokers, settings, partition, first, end):
            read += 1
            if isinstance(record, Refused):
                refused += 1
                continue
            outcome = fold.apply(record, offset)
            refused += outcome.refused is not None
            changes += len(outcome.changes)
            write_changes(stream, outcome.changes)
    return f"records {read}, dead letters {refused}, changes {changes}"
