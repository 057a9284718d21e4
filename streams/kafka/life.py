"""A journal partition's life at one worker: fenced, rebuilt, live, given away (D4, D5).

Folding never waits for a transaction: one task a partition takes what has gathered and commits it.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final, Protocol

from streams.kafka import positions, recovery
from streams.kafka.errors import GapError, UnusableError
from streams.kafka.owned import Owned, Stage
from streams.kafka.transactions import Output, Told

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence

    from streams.kafka.checkpoints import Checkpoints
    from streams.kafka.chunks import Chunk
    from streams.kafka.store import Store
    from streams.kafka.watch import Watch
    from streams.window.window import Window

log = logging.getLogger(__name__)

OUTPUTS_WAITING: Final = 50_000
STALL_SECONDS: Final = 1.0
"""Folding stops while so many outputs, or any so old, wait for a transaction."""
TURN_SECONDS: Final = 0.01
"""Folding lets the event loop turn this often, between two records."""


class Folding(Protocol):
    """What a partition's state is to its life: it takes each journal record once, in order."""

    window: Window

    def apply(self, offset: int, append_ms: int, value: bytes | None) -> Sequence[Output | Told]:
        """Fold one journal record and return what is to be written for it."""

    def phones(self) -> int:
        """Return how many phones the state holds."""

    def nbytes(self) -> int:
        """Return the memory that the state takes."""

    def clock(self) -> int | None:
        """Return the journal's clock (seconds), None before the first record."""


class Companion(Protocol):
    """Who works beside a life, with transactions of its own, and ends with it; an error of one ends both."""

    async def open(self) -> None:
        """Fence, before the life reads: a predecessor's open transaction would hold up what it reads."""

    async def run(self) -> None:
        """Work for as long as the life is live, until cancelled; Fenced where there is a newer one."""

    async def close(self) -> None:
        """Commit what was done and let go."""


class Life(Owned):
    """One assignment of one journal partition, and its companions."""

    what = "journal partition"

    def __init__(
        self,
        store: Store,
        folding: Folding,
        checkpoints: Checkpoints,
        *,
        interval: float,
        monotonic: Callable[[], float],
        watch: Watch,
        companions: Sequence[Companion] = (),
    ) -> None:
        super().__init__(store, interval=interval, monotonic=monotonic, watch=watch)
        self._companions = companions
        self.folding = folding
        self.checkpoints = checkpoints
        self.next = 0
        """Offset of the next journal record to fold."""
        self.end = 0
        """End of the journal partition as last told."""
        self._names = store.names
        self._committed = 0
        self._gathered = 0
        self._waiting_since: float | None = None

    async def open(self) -> int:
        """Fence, load the checkpoint, fold what came after it up to the position; return where to go on."""
        await self._fence()
        for one in self._companions:
            await one.open()
        begun = self._monotonic()
        found = await recovery.find(self._store)
        if found.manifest is not None:
            self.next = await self.checkpoints.load(found.manifest)
        self._committed = found.position or 0
        first, self.end = await self._store.bounds()
        self._check(first)
        log.info(
            "%s-%d: checkpoint at %d loaded in %.1f s, %d records to fold again",
            self._names.journal,
            self.partition,
            self.next,
            self._monotonic() - begun,
            self._committed - self.next,
        )
        await self._rebuild(self._committed)
        self._watch.rebuilt(self._monotonic() - begun)
        self.stage = Stage.LIVE
        return self.next

    def _check(self, first: int) -> None:
        """Raise UnusableError where the journal does not hold all from the checkpoint to the position."""
        journal = f"{self._names.journal}-{self.partition}"
        if self._committed > self.end:
            raise UnusableError(
                f"{journal} ends at {self.end}, before the position {self._committed}: "
                f"it was cut or made anew"
            )
        if self.next < first:
            stands = f"the checkpoint at {self.next}" if self.next else "no checkpoint"
            raise UnusableError(
                f"{journal} begins at {first}, and there is {stands}; {recovery.way_out(self._store)}"
            )

    async def _rebuild(self, position: int) -> None:
        """Fold what was folded before; what it emits was emitted then.

        It is done in another thread, a fetch at a time: compiled code lets others run, so that partitions are
        rebuilt side by side, and the group goes on hearing from this worker.
        """
        async for records in self._store.journal(self.next, position):
            await self.checkpoints.aside(self._fold_again, records)
        if self.next != position:
            raise GapError(f"{self._names.journal}-{self.partition}: rebuilt to {self.next} of {position}")

    async def take(self, chunk: Chunk) -> None:
        """Fold a live chunk; it is acknowledged once its transaction has committed."""
        self.end = max(self.end, chunk.end)
        await self._fold(chunk.rows.each())
        chunk.let_go()
        if self.stage is Stage.LIVE:
            if self.next == self._committed:
                chunk.ack()
            else:
                self._chunks.append(chunk)

    async def _fold(self, records: Iterable[Any]) -> None:
        turn = self._monotonic()
        for outputs in self._folded(records):
            self._outputs.extend(outputs)
            self._gathered += sum(map(len, outputs))
            await self._announce()
            if self._monotonic() - turn > TURN_SECONDS:
                await asyncio.sleep(0)
                turn = self._monotonic()

    def _fold_again(self, records: Iterable[Any]) -> None:
        for _ in self._folded(records):
            pass

    def _folded(self, records: Iterable[Any]) -> Iterator[Sequence[Output | Told]]:
        """Fold records that were not folded yet; yield what is to be written for each."""
        for record in records:
            if self.stage not in {Stage.OPENING, Stage.LIVE}:
                return
            if record.offset < self.next:
                continue
            if record.offset > self.next:
                place = f"{self._names.journal}-{self.partition}"
                raise GapError(f"{place}: offset {record.offset} came where {self.next} was due")
            begun = self._monotonic()
            outputs = self.folding.apply(record.offset, record.timestamp, record.value)
            self.next = record.offset + 1
            self._watch.folded(self._monotonic() - begun)
            yield outputs

    async def _announce(self) -> None:
        """Wake the committing task; wait for it where too much has gathered."""
        self._work.set()
        now = self._monotonic()
        if self._waiting_since is None:
            self._waiting_since = now
        if self._gathered > OUTPUTS_WAITING or now - self._waiting_since > STALL_SECONDS:
            self._room.clear()
            await self._room.wait()

    async def run(self) -> None:
        """Commit what has gathered and take checkpoints until fenced; Fenced and EngineError end it."""
        self.checkpoints.wake = self._work.set
        taking = self.checkpoints.take_for_ever(lambda: self.next)
        await self._commit_beside(taking, *self._works())

    def _works(self) -> list[Coroutine[None, None, None]]:
        """Return what is done beside folding, other than committing and checkpoints."""
        return [one.run() for one in self._companions]

    async def close(self) -> None:
        """Take nothing more in, commit what has gathered, let the producers go."""
        closing = (super().close(), *(one.close() for one in self._companions))
        for error in await asyncio.gather(*closing, return_exceptions=True):
            if error is not None:
                raise error

    async def _commit_gathered(self) -> None:
        self._gathered = 0
        self._outputs += self.checkpoints.outputs()
        if self.next == self._committed and not self._outputs:
            return
        outputs, self._outputs = self._outputs, []
        done, self._chunks = self._chunks, []
        position = self.next
        self._waiting_since = self._monotonic()
        outputs.append(self._position(position))
        await self._write(outputs)
        self._committed = position
        self.checkpoints.committed()
        if self.next == position:
            self._waiting_since = None
        for chunk in done:
            chunk.ack()
        self._room.set()

    def _position(self, offset: int) -> Output:
        return Output(
            self._names.checkpoints, positions.key(self.partition), positions.encode(offset), self.partition
        )
