"""Kafka's end of a carrier's bridge: texts to `sms-inbound`, answers from `sms-outbound` (rule 14.4)."""

from __future__ import annotations

from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Any

from streams import codecs
from streams.kafka.clients import bounds, partitions_of, read_on, writer
from streams.kafka.wire import wire_of
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping

    from streams.people.sms.switchboard import Sending, Switchboard
    from streams.settings import Settings


class Exchange:
    """One carrier's; `now` is wall time in seconds. Answers from before it began have nobody to go to."""

    def __init__(
        self,
        settings: Settings,
        board: Switchboard,
        producer: Any,
        ends: Mapping[int, int],
        now: Callable[[], float],
    ) -> None:
        self._brokers, self._names = settings.kafka_brokers, Names(settings.topic_prefix)
        self._wire = wire_of(settings)
        self._board, self._producer, self._ends, self._now = board, producer, ends, now

    async def put(self, message: str, number: str, text: str) -> Awaitable[object] | None:
        """Hand a text over; what is returned is done once the broker has it. None: it says nothing.

        NumberError for what is no number. Texts of one phone keep their order.
        """
        came = self._board.inward(message, number, text, int(self._now()))
        if came is None:
            return None
        phone, sms = came
        topic = self._names.sms_inbound
        value = await self._wire.written(topic, codecs.encode_sms_inbound(sms))
        [partition] = codecs.partitions_of([phone], len(self._ends))
        done: Awaitable[object] = await self._producer.send(
            topic, value=value, key=phone, partition=partition
        )
        return done

    async def answers(self) -> AsyncGenerator[Sending, None]:
        """Yield what to send to which number, for ever; what is for a number forgotten is dropped."""
        topic = self._names.sms_outbound
        since = {(topic, partition): end for partition, end in self._ends.items()}
        async with aclosing(read_on(self._brokers, since)) as fetched:
            async for _, records in fetched:
                await self._wire.met(record.value for record in records)
                for record in records:
                    answer = codecs.decode_sms_outbound(self._wire.read(record.value))
                    found = self._board.outward(record.key or b"", answer, int(self._now()))
                    if found is not None:
                        yield found


@asynccontextmanager
async def exchange(
    settings: Settings, board: Switchboard, now: Callable[[], float]
) -> AsyncIterator[Exchange]:
    """Give an exchange; UnusableError where Kafka or its topics are not there."""
    brokers, names = settings.kafka_brokers, Names(settings.topic_prefix)
    producer = await writer(brokers)
    try:
        await partitions_of(producer, names.sms_inbound)
        ends = await bounds(brokers, names.sms_outbound, await partitions_of(producer, names.sms_outbound))
        yield Exchange(settings, board, producer, {number: end for number, (_, end) in ends.items()}, now)
    finally:
        await producer.stop()
