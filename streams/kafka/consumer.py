"""Faust's consumer, fed by chunks: one message a partition and fetch instead of one a record (D3)."""

from __future__ import annotations

import logging
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from faust.transport.drivers import aiokafka as driver
from faust.types import ConsumerMessage

from streams.kafka.chunks import Chunk
from streams.kafka.fetching import in_rows

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Mapping

    from faust.types import TP

    from streams.kafka.rows import Rows

POLL: Final = 0.1
"""Seconds of waiting for what fetches bring: a partition that has room again is asked for after this at most,
and where its broker still holds a fetch for others, once that is answered."""
AHEAD: Final = 2
"""Chunks of a partition that may wait for their agent; so one slow partition never blocks the others."""


class Asking(NamedTuple):
    """What a fetch asks the broker for."""

    least: int
    """Bytes that it waits for,"""
    wait_ms: int
    """and for how long at most."""


BUSY: Final = Asking(65_536, 20)
"""At 20,000 events a second a fetch and a chunk cost more by themselves than by what is in them: 90 to 180
events without any wait (2026-11: p99 of produced to visible was 360 ms then, 240 with it)."""
IDLE: Final = Asking(1, 200)
"""Where nothing came in a poll and nothing waits: the next record comes at once, and a worker asks 5 times a
second, not 50. Faust's 1500 ms would delay a partition that was just released."""


class Thread(driver.AIOKafkaConsumerThread):
    """The thread that owns aiokafka's consumer; fetches are handed over as chunks."""

    logger = logging.getLogger("faust.chunked")

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        # Faust has no settings for them.
        consumer._fetch_min_bytes, consumer._fetch_max_wait_ms = IDLE  # noqa: SLF001 - as above
        # What a publisher took back must not enter; Faust reads it unless it writes in transactions itself.
        consumer._isolation_level = "read_committed"  # noqa: SLF001 - as above
        return consumer

    async def on_start(self) -> None:
        """Start the consumer; nothing is fetched before it has a subscription."""
        await super().on_start()
        in_rows(self._ensure_consumer())

    async def _fetch_records(self, consumer: Any, *args: Any, **options: Any) -> Any:
        fetched = await super()._fetch_records(consumer, *args, **options)
        _ask(consumer._fetcher, found=bool(fetched))  # noqa: SLF001 - as above
        assignment = consumer._subscription.subscription.assignment  # noqa: SLF001
        return {tp: _chunk(tp, rows, assignment.state_value(tp)) for tp, [rows] in fetched.items()}

    async def put_back(self, dropped: Mapping[TP, Chunk]) -> None:
        """Go back to the beginning of chunks that could not be delivered, unless somebody has sought since.

        Faust seeks to the committed offsets only, so where nothing is committed yet they would be lost.
        """
        await self.call_thread(self._put_back, dropped)

    async def _put_back(self, dropped: Mapping[TP, Chunk]) -> None:
        consumer = self._ensure_consumer()
        for tp, chunk in dropped.items():
            if tp in consumer.assignment():
                state = consumer._subscription.subscription.assignment.state_value(tp)  # noqa: SLF001
                if state.has_valid_position and state.position == chunk.next:
                    consumer.seek(tp, chunk.first)


def _ask(fetcher: Any, *, found: bool) -> None:
    """Say what the next fetches ask for; aiokafka reads both for each."""
    asking = BUSY if found or fetcher._records else IDLE  # noqa: SLF001 - what waits for room
    fetcher._fetch_min_bytes, fetcher._fetch_max_wait_ms = asking  # noqa: SLF001 - as above


def _chunk(tp: TP, rows: Rows, state: Any) -> Chunk:
    after = int(rows.offset[-1]) + 1
    position = state.position if state is not None and state.has_valid_position else after
    end = state.highwater if state is not None and state.highwater is not None else after
    return Chunk(tp.topic, tp.partition, rows, max(position, after), end)


class Consumer(driver.Consumer):
    """Delivers chunks, keeps their acknowledgements in order, and holds back partitions not ready yet."""

    logger = logging.getLogger("faust.chunked")
    transport: Any
    _thread: Any

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._delivered: defaultdict[TP, deque[Chunk]] = defaultdict(deque)
        self._safe: dict[TP, int] = {}
        self._held: set[TP] = set()

    def _new_consumer_thread(self) -> Thread:
        return Thread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Any]]:  # noqa: ASYNC109 - Faust's signature
        """Yield one message a partition; what a rebalance overtakes is put back."""
        del timeout
        if not self.flow_active:
            await self.wait(self.can_resume_flow.wait())
        generation = self.app.consumer_generation_id
        wanted = {tp for tp in self._get_active_partitions() if self._has_room(tp)}
        if not wanted or self.should_stop:
            await self.sleep(POLL)
            return
        fetched: Any = await self._thread.getmany(wanted, POLL)
        dropped: dict[TP, Chunk] = {}
        for tp, chunk in fetched.items():
            current = self.flow_active and generation == self.app.consumer_generation_id
            if current and tp in self._get_active_partitions() and not self.should_stop:
                self._delivered[tp].append(chunk)
                yield tp, self._message(tp, chunk)
            else:
                dropped[tp] = chunk
        if dropped and not self.should_stop:
            await self._thread.put_back(dropped)

    def _has_room(self, tp: TP) -> bool:
        return sum(not chunk.taken for chunk in self._delivered[tp]) < AHEAD

    def waiting_bytes(self) -> int:
        """Return the memory of what was fetched and no agent has begun with."""
        waiting = [chunk for some in self._delivered.values() for chunk in some if not chunk.taken]
        return sum(chunk.rows.nbytes for chunk in waiting)

    def _message(self, tp: TP, chunk: Any) -> ConsumerMessage:
        return ConsumerMessage(
            tp.topic,
            tp.partition,
            chunk.last,
            int(chunk.rows.timestamp[-1]) / 1000,
            int(chunk.rows.append_time[-1]),
            None,
            None,
            chunk,
            None,
            0,
            0,
            tp,
            generation_id=self.app.consumer_generation_id,
        )

    def ack(self, message: Any) -> bool:
        """Note that a chunk is safe; `_new_offset` makes of it what may be committed."""
        message.acked = True
        message.value.acked = True
        self._unacked_messages.discard(message)
        return True

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[TP]:
        return (tp for tp in list(self._delivered) if topics is None or tp in topics or tp.topic in topics)

    def _new_offset(self, tp: TP) -> int | None:
        """Return the end of the contiguous acknowledged head of what was delivered."""
        delivered = self._delivered[tp]
        while delivered and delivered[0].acked:
            self._safe[tp] = delivered.popleft().next
        return self._safe.get(tp)

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Do nothing: a chunk's offset is its last record's, so there is a gap before each."""

    def _forget(self) -> None:
        self._delivered.clear()
        self._safe.clear()

    async def perform_seek(self) -> None:
        """Go to the committed offsets; what was delivered before does not count any more."""
        self._forget()
        await super().perform_seek()

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Let the agents finish and commit before Faust drops the acknowledgements."""
        self.stop_flow()
        self.app.flow_control.suspend()
        await self.transport.depart(revoked)
        await self.commit()
        self._forget()
        await super().on_partitions_revoked(revoked)

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Hold back the partitions whose agents must be ready first, then do as Faust does."""
        self._held = {tp for tp in assigned if tp.topic in self.transport.held}
        await super().on_partitions_assigned(assigned, generation_id)

    def resume_partitions(self, tps: Iterable[TP]) -> None:
        """Resume fetching, except from what is held back."""
        super().resume_partitions({tp for tp in tps if tp not in self._held})

    async def release(self, tp: TP, offset: int) -> None:
        """Begin with a partition that was held back, at `offset`."""
        await self.seek_wait({tp: offset})
        self._held.discard(tp)
        self.resume_partitions({tp})

    def in_touch(self) -> bool:
        """Tell whether the group's coordinator is known: it is not while the broker is away."""
        consumer = self._thread._consumer  # noqa: SLF001 - nobody else knows
        return consumer is not None and consumer._coordinator.coordinator_id is not None  # noqa: SLF001

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Say nothing: Faust's livelock alarms count records; our metrics show lag and clock instead."""
