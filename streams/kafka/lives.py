"""The partitions of a topic that this worker owns, following Faust's assignments."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

from faust.types import TP

from streams.kafka.errors import EngineError, Fenced
from streams.kafka.owned import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.kafka.chunks import Chunk
    from streams.kafka.ending import Ending

log = logging.getLogger(__name__)

REJOIN_SECONDS: Final = 15.0
"""A fenced worker that gets no new assignment in this time ends."""
JOIN_SECONDS: Final = 120.0
"""A new worker that gets no assignment in this time ends: some refusals of a broker are only logged."""


class Owning(Protocol):
    """What is done with one assignment of one partition; it is not used again after it ended."""

    partition: int
    stage: Stage

    async def open(self) -> int:
        """Become the only owner and find out the offset to go on at; the stage is LIVE then."""

    async def run(self) -> None:
        """Do what is done beside the chunks, until cancelled; Fenced where there is a newer owner."""

    async def take(self, chunk: Chunk) -> None:
        """Take live records; they are acknowledged once what they led to is committed."""

    async def close(self) -> None:
        """Commit what was done and let go."""


L = TypeVar("L", bound=Owning)


class Lives(Generic[L]):
    """One life an assigned partition of `topic`; `make` builds it for a partition number.

    `name` is what the worker keeps over restarts, empty where it keeps none.
    """

    def __init__(
        self, app: Any, topic: str, ending: Ending, make: Callable[[int], L], name: str = ""
    ) -> None:
        self._app, self._topic, self._ending, self._make = app, topic, ending, make
        self._name = name
        self._lives: dict[int, L] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._rejoin: asyncio.TimerHandle | None = None
        self.assigned = False
        """Whether the group has given this worker its share, be it empty, and is not taking it back."""
        self._first_share = asyncio.Event()
        app.transport.held.add(topic)
        app.transport.before_leaving(self.leave)
        app.on_partitions_assigned.connect(self.on_assigned)

    def of(self, partition: int) -> L | None:
        """Return the life of a partition that is live here, None for any other."""
        life = self._lives.get(partition)
        return life if life is not None and life.stage is Stage.LIVE else None

    def live(self) -> list[L]:
        """Return those that are live here."""
        return [life for life in self._lives.values() if life.stage is Stage.LIVE]

    def ready(self) -> bool:
        """Tell whether the group is in touch, and everything it assigned is live."""
        in_touch = self.assigned and self._app.consumer.in_touch()
        return in_touch and all(life.stage is Stage.LIVE for life in self._lives.values())

    async def take(self, chunk: Chunk) -> None:
        """Take a chunk; one of a partition that was taken away meanwhile is left alone."""
        life = self.of(chunk.partition)
        if life is not None:
            await life.take(chunk)

    async def on_assigned(self, _sender: object, assigned: set[TP], **_: object) -> None:
        """Begin a life for each partition of the topic assigned."""
        self._first_share.set()
        if self._rejoin is not None:
            self._rejoin.cancel()
            self._rejoin = None
        for tp in sorted(assigned):
            if tp.topic == self._topic:
                life = self._lives[tp.partition] = self._make(tp.partition)
                self._tasks[tp.partition] = self._ending.guard(self._live(life))
        # Only now, since another thread may ask whether all is live: of no life it would be true.
        self.assigned = True

    async def _live(self, life: L) -> None:
        try:
            begun = asyncio.get_running_loop().time()
            offset = await life.open()
            if self._lives.get(life.partition) is not life:
                return
            await self._app.consumer.release(TP(self._topic, life.partition), offset)
            seconds = asyncio.get_running_loop().time() - begun
            log.info("%s-%d live at offset %d after %.1f s", self._topic, life.partition, offset, seconds)
            await life.run()
        except Fenced:
            await self._fenced(life)

    async def _fenced(self, life: L) -> None:
        """Drop the state and wait for the group: beginning again here would fence the new owner."""
        log.warning("%s-%d: fenced, another worker owns it now", self._topic, life.partition)
        if self._lives.get(life.partition) is life:
            del self._lives[life.partition]
            del self._tasks[life.partition]
            self._app.consumer.pause_partitions({TP(self._topic, life.partition)})
        if self._name:
            # Both would join again under the one name, and take everything from each other for ever.
            self._ending.fail(EngineError(f"fenced: another worker is called {self._name!r}, or took over"))
        await life.close()
        self.assigned = False
        if self._rejoin is None:
            fault = EngineError(f"fenced, and no new assignment in {REJOIN_SECONDS:.0f} s")
            self._rejoin = asyncio.get_running_loop().call_later(REJOIN_SECONDS, self._ending.fail, fault)

    async def joined(self) -> None:
        """Return once the group has given this worker its share; EngineError if it never does."""
        try:
            async with asyncio.timeout(JOIN_SECONDS):
                await self._first_share.wait()
        except TimeoutError:
            raise EngineError(
                f"no share of the group in {JOIN_SECONDS:.0f} s; does the broker allow "
                f"SHENDENG_SESSION_TIMEOUT_MS (group.min.session.timeout.ms, group.max.session.timeout.ms)?"
            ) from None

    async def leave(self, leaving: set[TP]) -> None:
        """Commit what was folded of these partitions and drop them."""
        self.assigned = False
        partitions = [tp.partition for tp in leaving if tp.topic == self._topic]
        await asyncio.gather(*[self._end(partition) for partition in partitions])

    async def _end(self, partition: int) -> None:
        life, task = self._lives.pop(partition, None), self._tasks.pop(partition, None)
        if task is not None and life is not None and life.stage is Stage.OPENING:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if life is not None:
            await life.close()
        if task is not None:
            task.cancel()
