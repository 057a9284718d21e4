"""`shendeng replay --journal`: what is in Kafka's journal, folded to the changes that Kafka should hold."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, BinaryIO

from streams.agents import refold
from streams.agents.colours import fresh_window
from streams.cli._ending import refuse_after_sunset
from streams.files.changes import ChangesFile
from streams.files.doors import replacing
from streams.files.tally import Tally
from streams.files.unusable import UnusableError
from streams.kafka.errors import EngineError
from streams.kafka.journal import Refused

if TYPE_CHECKING:
    from streams.cli._progress import Progress
    from streams.settings import Settings


def replay_journal(settings: Settings, out: str, progress: Progress) -> Tally:
    """Write the changes of all partitions, one after the other; return the summary."""
    if not settings.kafka_brokers:
        raise UnusableError("--journal", "", "expected SHENDENG_KAFKA_BROKERS=host:port")
    try:
        refuse_after_sunset(settings)
        with replacing(out) as stream:
            return asyncio.run(_replay(settings, stream, progress))
    except EngineError as error:
        raise UnusableError("--journal", "", str(error)) from None
    finally:
        progress.clear()


async def _replay(settings: Settings, stream: BinaryIO, progress: Progress) -> Tally:
    brokers, letters = settings.kafka_brokers, Counter[str]()
    tally, begun, done = Tally(letters), progress.elapsed(), 0
    out = ChangesFile(stream)
    stretches = await refold.whole_partitions(brokers, settings)
    whole = sum(end - first for first, end in stretches.values())

    def share() -> float:
        return done / whole

    for partition, (first, end) in sorted(stretches.items()):
        window = fresh_window(settings, partition)
        async for offset, record in refold.admitted(brokers, settings, partition, first, end):
            done += 1
            progress.show(tally.sightings, share)
            if isinstance(record, Refused):
                letters[record.reason] += 1
                continue
            outcome = window.apply(record, offset)
            if outcome.refused is not None:
                letters["refused"] += 1
                continue
            tally.take(record, outcome)
            out.write(outcome.changes)
        tally.phones += window.phones
    tally.seconds = progress.elapsed() - begun
    return tally
