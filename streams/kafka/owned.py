"""A partition owned by one worker: what gathers there, and its transactions up to the last (D4).

What comes of a partition gathers while the transaction before is being committed; nothing waits for it.
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar, Final

from streams.kafka.beside import beside
from streams.kafka.errors import EngineError, Fenced

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from streams.kafka.chunks import Chunk
    from streams.kafka.store import Committing, Store
    from streams.kafka.transactions import Output, Told
    from streams.kafka.watch import Watch

log = logging.getLogger(__name__)

LAST_COMMIT_SECONDS: Final = 10.0
"""How long giving a partition away waits for its last transaction; the next owner redoes what it misses."""


class Stage(Enum):
    """Where an assignment stands."""

    OPENING = auto()
    LIVE = auto()
    FENCED = auto()
    CLOSED = auto()


class Owned(ABC):
    """One assignment of one partition; never used again after it ended.

    Whoever takes something in adds to `_outputs` and `_chunks` and sets `_work`; where too much has gathered
    they clear `_room` and wait for it.
    """

    what: ClassVar[str]
    """What the partition is called in the log."""

    def __init__(
        self, store: Store, *, interval: float, monotonic: Callable[[], float], watch: Watch
    ) -> None:
        self.partition = store.partition
        self.stage = Stage.OPENING
        self._store = store
        self._interval, self._monotonic, self._watch = interval, monotonic, watch
        self._transactions: Committing | None = None
        self._outputs: list[Output | Told] = []
        self._chunks: list[Chunk] = []
        self._work, self._room = asyncio.Event(), asyncio.Event()
        self._room.set()
        self._committing = asyncio.Lock()
        self._closing = False

    async def _fence(self) -> None:
        """Become the only owner."""
        self._transactions = await self._store.fence()

    async def _commit_beside(self, *works: Coroutine[None, None, None]) -> None:
        """Commit what gathers, beside other work, until fenced; the first error ends all of it."""
        await beside(self._commit_for_ever(), *works)

    async def _commit_for_ever(self) -> None:
        """Commit at most once an interval."""
        while True:
            await self._work.wait()
            begun = self._monotonic()
            try:
                await self._commit()
            except (Fenced, EngineError) as error:
                if not self._closing:
                    raise
                self._log_lost(error)
                return
            await asyncio.sleep(max(0.0, self._interval - (self._monotonic() - begun)))

    async def _commit(self) -> None:
        async with self._committing:
            if self._transactions is None or self.stage is Stage.FENCED:
                return
            self._work.clear()
            await self._commit_gathered()

    @abstractmethod
    async def _commit_gathered(self) -> None:
        """Write what has gathered and the position behind it, acknowledge its chunks, and make room."""

    async def _write(self, outputs: Sequence[Output | Told]) -> None:
        """Commit one transaction; after any error, or where it is broken off, nothing more is taken in.

        How it ended is then for the successor to find out.
        """
        assert self._transactions is not None  # noqa: S101 - _commit asked
        try:
            await self._transactions.commit(outputs)
        except BaseException as error:
            self._watch.transaction("fenced" if isinstance(error, Fenced) else "failed")
            self.stage = Stage.FENCED
            self._room.set()
            raise
        self._watch.transaction("committed")
        self._watch.written(outputs)

    async def close(self) -> None:
        """Take nothing more in, commit what has gathered, let the producer go.

        The next owner redoes what fails.
        """
        was_live, self._closing = self.stage is Stage.LIVE, True
        if self.stage is not Stage.FENCED:
            self.stage = Stage.CLOSED
        self._room.set()
        if was_live:
            try:
                async with asyncio.timeout(LAST_COMMIT_SECONDS):
                    await self._commit()
            except (Fenced, EngineError, TimeoutError) as error:
                self._log_lost(error)
        # Work goes on beside until it is cancelled; by then it must find nobody to commit.
        transactions, self._transactions = self._transactions, None
        if transactions is not None:
            await transactions.close()

    def _log_lost(self, error: Exception) -> None:
        log.warning("%s %d: last transaction not committed: %s", self.what, self.partition, error)
