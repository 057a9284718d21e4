"""A worker's membership of the group: what Faust and its chunked transport do for the agents."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from functools import partial
from typing import TYPE_CHECKING, Any

from aiokafka.errors import KafkaError, UnknownMemberIdError
from faust.types import TP

from streams.kafka.chunks import Chunk
from streams.kafka.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.simulation.world import World

HEARTBEATS = 4
JOIN_POLL = 0.5
COMMIT_SECONDS = 1.0
AHEAD = 2


class Event:
    """What a chunk acknowledges."""

    def __init__(self, chunk: Chunk) -> None:
        self._chunk = chunk

    def ack(self) -> None:
        self._chunk.acked = True


class Member:
    """Stands for Faust's app, consumer and transport at once, for `Lives`."""

    def __init__(self, world: World, name: str) -> None:
        self._world, self._name = world, name
        self._link = world.network.link()
        self.held: set[str] = set()
        self.generation = 0
        self.queues: defaultdict[str, asyncio.Queue[tuple[int, Chunk]]] = defaultdict(asyncio.Queue)
        self._departures: list[Callable[[set[TP]], Awaitable[None]]] = []
        self._arrivals: list[Callable[..., Awaitable[None]]] = []
        self._active: set[TP] = set()
        self._delivered: defaultdict[TP, deque[Chunk]] = defaultdict(deque)
        self._safe: dict[tuple[str, int], int] = {}
        self._released: dict[TP, asyncio.Future[int]] = {}
        self._fetching: list[asyncio.Task[None]] = []
        self._rejoin = asyncio.Event()
        self.transport = self.consumer = self.on_partitions_assigned = self

    def before_leaving(self, departure: Callable[[set[TP]], Awaitable[None]]) -> None:
        self._departures.append(departure)

    def connect(self, arrival: Callable[..., Awaitable[None]]) -> None:
        self._arrivals.append(arrival)

    def in_touch(self) -> bool:
        return True

    async def release(self, tp: TP, offset: int) -> None:
        waiting = self._released.get(tp)
        if waiting is not None and not waiting.done():
            waiting.set_result(offset)

    def pause_partitions(self, tps: set[TP]) -> None:
        self._active -= tps

    async def run(self) -> None:
        """Be a member for ever."""
        while True:
            generation, share = await self._join()
            offsets = await self._ask("offsets", lambda: dict(self._world.broker.group.offsets))
            self.generation = generation
            self._rejoin.clear()
            assigned = [TP(*place) for place in share]
            self._active = set(assigned)
            self._released = {tp: self._link_future() for tp in assigned if tp.topic in self.held}
            for arrival in self._arrivals:
                await arrival(self, set(assigned))
            self._fetching = [asyncio.create_task(self._fetch(tp, offsets.get(tp, 0))) for tp in assigned]
            await self._rejoin.wait()
            await self.depart(set(assigned))

    async def _join(self) -> tuple[int, list[tuple[str, int]]]:
        while True:
            found: tuple[int, list[tuple[str, int]]] | None
            found = await self._ask("join", lambda: self._world.broker.group.join(self._name))
            if found is not None:
                return found
            await asyncio.sleep(JOIN_POLL)

    async def keep_alive(self) -> None:
        """Send heartbeats; what they answer may be that the share is to be given back."""
        link = self._world.network.link()
        while True:
            await asyncio.sleep(self._world.session / HEARTBEATS)
            if not self.generation or self._rejoin.is_set():
                continue
            generation = self.generation
            try:
                stays = await link.ask(
                    "heartbeat",
                    partial(self._world.broker.group.heartbeat, self._name, generation),
                    sure=True,
                )
            except UnknownMemberIdError:
                stays = False
            if not stays and generation == self.generation:
                self._rejoin.set()

    async def depart(self, leaving: set[TP]) -> None:
        """Let the agents finish what concerns these partitions, commit, forget."""
        self._active = set()
        for task in self._fetching:
            task.cancel()
        for departure in self._departures:
            await departure(leaving)
        await self.commit()
        self._delivered.clear()
        self._safe.clear()
        self.generation = 0

    async def leave(self) -> None:
        """Give everything back and leave the group."""
        await self.depart(set(self._active))
        await self._ask("leave", lambda: self._world.broker.group.leave(self._name))

    async def commit_for_ever(self) -> None:
        while True:
            await asyncio.sleep(COMMIT_SECONDS)
            await self.commit()

    async def commit(self) -> None:
        """Commit the end of the contiguous acknowledged head of what was delivered."""
        safe: dict[tuple[str, int], int] = {}
        for tp, delivered in self._delivered.items():
            while delivered and delivered[0].acked:
                safe[tp.topic, tp.partition] = delivered.popleft().next
        safe = {place: offset for place, offset in safe.items() if place[0] not in self.held}
        self._safe |= safe
        if self._safe and self.generation:
            wanted, generation = dict(self._safe), self.generation
            try:
                await self._link.ask(
                    f"commit {wanted}",
                    lambda: self._world.broker.group.commit(self._name, generation, wanted),
                )
            except KafkaError:
                return
            for place, offset in wanted.items():
                if self._safe.get(place) == offset:
                    del self._safe[place]

    async def chunks(self, topic: str) -> Any:
        """Yield a topic's chunks; those of an earlier generation are skipped, as Faust does."""
        while True:
            generation, chunk = await self.queues[topic].get()
            if generation == self.generation:
                chunk.carried_by(Event(chunk))
                yield chunk

    async def _fetch(self, tp: TP, position: int) -> None:
        world, link = self._world, self._world.network.link()
        log = world.broker.logs[tp.topic, tp.partition]
        generation = self.generation
        if tp in self._released:
            # A fetch that was on its way when the position was set may bring what is folded already.
            position = max(0, await self._released[tp] - world.random.choice([0, 0, 1, 3]))
        while tp in self._active and generation == self.generation:
            if sum(not chunk.taken for chunk in self._delivered[tp]) >= AHEAD:
                await asyncio.sleep(JOIN_POLL)
                continue
            await link.ask(f"wait {tp.topic} {tp.partition}", partial(log.more, position), sure=True)
            records, after = await link.ask(
                f"fetch {tp.topic} {tp.partition} {position}",
                partial(log.read, position, world.most, committed=True),
                sure=True,
            )
            position = after
            if records and tp in self._active and generation == self.generation:
                chunk = Chunk(tp.topic, tp.partition, Rows.of(records), after, log.end)
                self._delivered[tp].append(chunk)
                self.queues[tp.topic].put_nowait((generation, chunk))

    async def _ask(self, what: str, operation: Callable[[], Any]) -> Any:
        return await self._link.ask(what, operation, sure=True)

    def _link_future(self) -> asyncio.Future[int]:
        return asyncio.get_running_loop().create_future()
