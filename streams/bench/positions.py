"""When what stands in a topic was worked off and committed: the positions, followed as they come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from aiokafka import TopicPartition

from streams import clock
from streams.kafka import positions, recovery
from streams.kafka.clients import bounds, reader
from streams.kafka.store import KafkaStore
from streams.kafka.wire import wire_of
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractAsyncContextManager

    from streams.settings import Settings


class Positions:
    """A deployment's positions in the journal, or those of desks in another topic, from now on.

    Within `async with`. One reader stays connected: a new one a look would cost the worker measured a second
    a run.
    """

    def __init__(self, chosen: Settings, desks_in: str | None = None) -> None:
        self._chosen, self._names = chosen, Names(chosen.topic_prefix)
        self._topic = desks_in or self._names.journal
        numbers = range(chosen.partitions)
        self._keys = [
            positions.key(number) if desks_in is None else positions.key_of(desks_in, number)
            for number in numbers
        ]
        self._seen: dict[int, list[tuple[float, int]]] = {}
        """By partition: each position met and when (monotonic seconds)."""
        self._reading: AbstractAsyncContextManager[Any]

    async def __aenter__(self) -> Self:
        brokers, numbers = self._chosen.kafka_brokers, range(self._chosen.partitions)
        stand = await bounds(brokers, self._names.checkpoints, numbers)
        for number in numbers:
            store = KafkaStore.of(self._chosen, brokers, number, wire_of(self._chosen), clock.now_precise)
            found = await recovery.newest(store, self._keys[number])
            stands = next(map(positions.decode, found.values()), 0)
            self._seen[number] = [(clock.monotonic(), stands)]
        self._reading = reader(brokers, committed=True)
        self._consumer = await self._reading.__aenter__()
        self._consumer.assign([TopicPartition(self._names.checkpoints, number) for number in numbers])
        for number in numbers:
            self._consumer.seek(TopicPartition(self._names.checkpoints, number), stand[number][1])
        return self

    async def __aexit__(self, *how: object) -> None:
        await self._reading.__aexit__(*how)  # type: ignore[arg-type]

    async def follow(self, seconds: float) -> None:
        """Take what comes within so many seconds."""
        end = clock.monotonic() + seconds
        while (left := end - clock.monotonic()) > 0:
            fetched = await self._consumer.getmany(timeout_ms=int(left * 1000) + 1)
            for tp, records in fetched.items():
                for record in records:
                    if record.key == self._keys[tp.partition]:
                        self._seen[tp.partition].append((clock.monotonic(), positions.decode(record.value)))

    async def ends(self) -> dict[int, int]:
        """Return the topic's ends now, by partition."""
        numbers = range(self._chosen.partitions)
        found = await bounds(self._chosen.kafka_brokers, self._topic, numbers)
        return {number: end for number, (_, end) in found.items()}

    def reached(self, ends: Mapping[int, int]) -> float | None:
        """Return when the last of these ends was committed (monotonic seconds), None while one is not."""
        latest = 0.0
        for number, end in ends.items():
            when = next((when for when, position in self._seen[number] if position >= end), None)
            if when is None:
                return None
            latest = max(latest, when)
        return latest
