"""A journal partition's life that also answers what is asked of its state, in its own transactions.

The position in what is asked stands beside the journal's, so each request is answered once.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any, Final

from streams.kafka import positions, recovery
from streams.kafka.life import Life
from streams.kafka.transactions import Output

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from streams.kafka.checkpoints import Checkpoints
    from streams.kafka.chunks import Chunk
    from streams.kafka.life import Companion, Folding
    from streams.kafka.store import KafkaStore
    from streams.kafka.watch import Watch


PATIENCE: Final = 60.0
"""Seconds that requests wait, at most, for what the journal held when the partition was taken over."""


class AnsweringLife(Life):
    """One assignment of one journal partition, and of the same partition of `topic`, where requests stand."""

    _store: KafkaStore

    def __init__(
        self,
        store: KafkaStore,
        folding: Folding,
        checkpoints: Checkpoints,
        topic: str,
        answer: Callable[[Any], Sequence[Output]],
        *,
        interval: float,
        monotonic: Callable[[], float],
        watch: Watch,
        companions: Sequence[Companion] = (),
    ) -> None:
        super().__init__(
            store,
            folding,
            checkpoints,
            interval=interval,
            monotonic=monotonic,
            watch=watch,
            companions=companions,
        )
        self._topic, self._answer = topic, answer
        self._asked: int | None = None
        """Offset of the next request; None before it was looked up."""
        self._answered: int | None = None
        """The same, as it is committed."""
        self._end = 0
        """End of the journal when the partition was taken over."""
        self._whole = asyncio.Event()
        """Folded so far."""

    async def open(self) -> int:
        """Become the owner as any life does; note how much there is to fold before anything is answered."""
        offset = await super().open()
        self._end = self.end
        self._note_whole()
        return offset

    async def take(self, chunk: Chunk) -> None:
        """Fold a live chunk."""
        await super().take(chunk)
        self._note_whole()

    def _works(self) -> list[Coroutine[None, None, None]]:
        return [*super()._works(), self._answer_for_ever()]

    def _note_whole(self) -> None:
        if self.next >= self._end:
            self._whole.set()

    async def _answer_for_ever(self) -> None:
        """Answer from the position on: the partition is live, so nobody else moves it."""
        key = positions.key_of(self._topic, self.partition)
        first, _ = await self._store.end(self._topic)
        known = (await recovery.newest(self._store, key)).get(key)
        # A state that lags answers badly; the answer says how fresh it is, so waiting need not be for ever.
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._whole.wait()
        at = self._asked = self._answered = first if known is None else max(first, positions.decode(known))
        async with aclosing(self._store.followed({self._topic: at})) as fetched:
            async for _, records in fetched:
                await self._store.wire.met(record.value for record in records)
                for record in records:
                    self._outputs.extend(self._answer(record))
                    self._asked = record.offset + 1
                    self._work.set()
                    await asyncio.sleep(0)

    async def _commit_gathered(self) -> None:
        asked = self._asked
        if asked is not None and (asked != self._answered or self._outputs or self.next != self._committed):
            key = positions.key_of(self._topic, self.partition)
            at = Output(self._names.checkpoints, key, positions.encode(asked), self.partition)
            self._outputs.append(at)
        await super()._commit_gathered()
        self._answered = asked
