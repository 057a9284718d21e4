"""A journal partition's life at one worker: fenced, rebuilt, live, given away (D4, D5).

Folding never waits for a transaction: one task a partition takes what has gathered and commits it.
"""

from __future__ import annotations

import asyncio
import logging
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final, Protocol

from streams.kafka import positions, recovery
from streams.kafka.errors import EngineError, Fenced, GapError, UnusableError
from streams.kafka.transactions import Output, Told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from streams.kafka.checkpoints import Checkpoints
    from streams.kafka.chunks import Chunk
    from streams.kafka.store import Committing, Store
    from streams.kafka.watch import Watch
    from streams.window.window import Window

log = logging.getLogger(__name__)

LAST_COMMIT_SECONDS: Final = 10.0
"""How long giving a partition away waits for its last transaction; the next owner redoes what it misses."""
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


class Stage(Enum):
    """Where a life stands."""

    OPENING = auto()
    LIVE = auto()
    FENCED = auto()
    CLOSED = auto()


class Life:
    """One assignment of one journal partition; never used again after it ended."""

    def __init__(
        self,
        store: Store,
        folding: Folding,
        checkpoints: Checkpoints,
        *,
        interval: float,
        monotonic: Callable[[], float],
        watch: Watch,
    ) -> None:
        self.partition = store.partition
        self.folding = folding
        self.checkpoints = checkpoints
        self.stage = Stage.OPENING
        self.next = 0
        """Offset of the next journal record to fold."""
        self.end = 0
        """End of the journal partition as last told."""
        self._store, self._names = store, store.names
        self._interval, self._monotonic, self._watch = interval, monotonic, watch
        self._transactions: Committing | None = None
        self._committed = 0
        self._outputs: list[Output | Told] = []
        self._gathered = 0
        self._chunks: list[Chunk] = []
        self._waiting_since: float | None = None
        self._work = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._committing = asyncio.Lock()

    async def open(self) -> int:
        """Fence, load the checkpoint, fold what came after it up to the position; return where to go on."""
        self._transactions = await self._store.fence()
        begun = self._monotonic()
        found = await recovery.find(self._store)
        if found.manifest is not None:
            self.next = await self.checkpoints.load(found.manifest)
        self._committed = found.position or 0
        first, self.end = await self._store.bounds()
        self._check(first)
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
        """Fold what was folded before; what it emits was emitted then."""
        async for records in self._store.journal(self.next, position):
            await self._fold(records, emit=False)
        if self.next != position:
            raise GapError(f"{self._names.journal}-{self.partition}: rebuilt to {self.next} of {position}")

    async def take(self, chunk: Chunk) -> None:
        """Fold a live chunk; it is acknowledged once its transaction has committed."""
        self.end = max(self.end, chunk.end)
        await self._fold(chunk.rows.each(), emit=True)
        chunk.let_go()
        if self.stage is Stage.LIVE:
            if self.next == self._committed:
                chunk.ack()
            else:
                self._chunks.append(chunk)

    async def _fold(self, records: Iterable[Any], *, emit: bool) -> None:
        turn = self._monotonic()
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
            if emit:
                self._outputs.extend(outputs)
                self._gathered += sum(map(len, outputs))
                await self._announce()
            if self._monotonic() - turn > TURN_SECONDS:
                await asyncio.sleep(0)
                turn = self._monotonic()

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
        tasks = [asyncio.ensure_future(work) for work in (self._commit_for_ever(), taking)]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _commit_for_ever(self) -> None:
        """Commit at most once an interval."""
        while True:
            await self._work.wait()
            begun = self._monotonic()
            await self._commit()
            await asyncio.sleep(max(0.0, self._interval - (self._monotonic() - begun)))

    async def _commit(self) -> None:
        async with self._committing:
            if self._transactions is None or self.stage is Stage.FENCED:
                return
            self._work.clear()
            self._gathered = 0
            self._outputs += self.checkpoints.outputs()
            if self.next == self._committed and not self._outputs:
                return
            outputs, self._outputs = self._outputs, []
            done, self._chunks = self._chunks, []
            position = self.next
            self._waiting_since = self._monotonic()
            outputs.append(self._position(position))
            try:
                await self._transactions.commit(outputs)
            except (Fenced, EngineError) as error:
                self._watch.transaction("fenced" if isinstance(error, Fenced) else "failed")
                self.stage = Stage.FENCED
                self._room.set()
                raise
            self._watch.transaction("committed")
            self._watch.written(outputs)
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

    async def close(self) -> None:
        """Stop folding, commit what was folded, let the producer go. The next owner redoes what fails."""
        was_live = self.stage is Stage.LIVE
        if self.stage is not Stage.FENCED:
            self.stage = Stage.CLOSED
        self._room.set()
        if was_live:
            try:
                async with asyncio.timeout(LAST_COMMIT_SECONDS):
                    await self._commit()
            except (Fenced, EngineError, TimeoutError) as error:
                log.warning("journal partition %d: last transaction not committed: %s", self.partition, error)
        if self._transactions is not None:
            await self._transactions.close()
            self._transactions = None
