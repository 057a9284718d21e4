"""A partition of the journal as it stands, folded once for whoever asks about phones in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.agents import refold
from streams.agents.beginnings import history
from streams.kafka.journal import Refused
from streams.kafka.wire import wire_of

if TYPE_CHECKING:
    from streams.domain.fold import Fold
    from streams.settings import Settings


async def folded(settings: Settings, partition: int) -> Fold:
    """Fold a partition to its end as it is now; nothing is written."""
    first, end = (await refold.partitions(settings.kafka_brokers, settings))[partition]
    fold = refold.fresh_fold(settings, partition)
    async for offset, record in history(settings, wire_of(settings), partition, first, end):
        if not isinstance(record, Refused):
            fold.apply(record, offset)
    return fold
