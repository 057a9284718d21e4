"""Checkpoints of a partition's state, written with its ordinary transactions (D5).

What changed is copied between two records, packed beside the folding, and written under keys that the
checkpoint in force does not name, a part a transaction; the manifest comes last and puts it in force.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from streams.kafka import manifests, recovery
from streams.kafka.manifests import Manifest, Piece, segment_key
from streams.kafka.transactions import Output
from streams.window.saving import Saver
from streams.window.segments import Kind, checksum

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streams.kafka.recovery import Aside
    from streams.kafka.store import Store
    from streams.kafka.watch import Watch
    from streams.window.saving import Copies
    from streams.window.segments import Segment
    from streams.window.window import Window

SHARE: Final = 1_500_000
"""Bytes of segments that a transaction takes beside the changes."""
STEP: Final = 8 << 20
"""Bytes of entries of earlier days copied between two records."""
AHEAD: Final = 8 << 20
"""Bytes packed that wait for their transactions at most, about."""


class State(Protocol):
    """Whose window is saved, and into whom one is loaded."""

    window: Window


class Checkpoints:
    """One partition's checkpoints during one life.

    The life asks for `outputs` to put into a transaction and says `committed` once that has committed; after
    one that failed it is not used again. `now` is wall time, `every` the seconds between two checkpoints.
    `aside` runs a function in another thread.
    """

    def __init__(
        self,
        store: Store,
        state: State,
        *,
        partitions: int,
        every: float,
        now: Callable[[], float],
        monotonic: Callable[[], float],
        watch: Watch,
        aside: Aside = asyncio.to_thread,
    ) -> None:
        self._store, self._state, self._partitions, self._every = store, state, partitions, every
        self._now, self._monotonic, self._watch, self.aside = now, monotonic, watch, aside
        self._manifest: Manifest | None = None
        self._saver = Saver(state.window)
        self._stale: set[bytes] = set()
        self._due: deque[Output] = deque()
        self._bytes = 0
        self._under_way = False
        self._moved = asyncio.Event()
        self.wake: Callable[[], None] = lambda: None
        """Asks for a transaction."""

    @property
    def in_force(self) -> Manifest | None:
        """Return the checkpoint that a successor would begin with, None where there is none."""
        return self._manifest

    async def load(self, found: Manifest) -> int:
        """Load a checkpoint into the state; return the journal position it stands for."""
        loaded = await recovery.load(self._store, found, self._state.window, self._partitions, self.aside)
        self._state.window, self._stale = loaded.window, loaded.stale
        self._saver = Saver(loaded.window, found.account.places)
        self._manifest = found
        return found.position

    def begin_anew(self, found: Manifest | None, standing: set[bytes]) -> None:
        """Let the next checkpoint be written whole, beside one that is not used, and then replace it."""
        if found is not None:
            pieces = {segment: Piece(piece.generation, 0, 0) for segment, piece in found.pieces.items()}
            self._manifest = replace(found, pieces=pieces)
        self._stale = standing

    async def take_for_ever(self, position: Callable[[], int]) -> None:
        """Take a checkpoint every so often, if anything was folded.

        Whenever this runs the state is that of `position()`: folding a record never lets others run.
        """
        while True:
            await asyncio.sleep(self._every)
            if position() != (0 if self._manifest is None else self._manifest.position):
                await self.take(position)

    async def take(self, position: Callable[[], int]) -> None:
        """Take a checkpoint; it is in force when this returns, and what it replaces is on its way out."""
        begun = self._monotonic()
        pieces = {} if self._manifest is None else dict(self._manifest.pieces)
        while (copies := self._ahead()) is not None:
            await self._write(copies, pieces)
        taken_at, at = self._now(), position()
        with self._standing_still():
            account, there, copies = self._saver.account(), self._saver.segments(), self._saver.rest()
        there |= await self._write(copies, pieces)
        await self._emptied()
        pieces = {segment: piece for segment, piece in pieces.items() if segment in there}
        made = Manifest(at, taken_at, self._partitions, account, pieces)
        self._put(manifests.key(self._store.partition), manifests.encode(made))
        await self._emptied()
        self._replace(made)
        self._watch.checkpointed(self._monotonic() - begun)

    def _ahead(self) -> Copies | None:
        with self._standing_still():
            return self._saver.ahead(STEP)

    @contextmanager
    def _standing_still(self) -> Iterator[None]:
        """Note how long folding stands still for a copy of the state."""
        begun = self._monotonic()
        yield
        self._watch.copied(self._monotonic() - begun)

    def _replace(self, made: Manifest) -> None:
        """Let a new manifest be the one in force, and drop what no manifest names any more."""
        named = self._keys(made)
        for key in (self._stale | self._keys(self._manifest)) - named:
            self._put(key, None)
        self._stale = set()
        self._manifest = made

    def _keys(self, manifest: Manifest | None) -> set[bytes]:
        pieces = {} if manifest is None else manifest.pieces
        partition = self._store.partition
        return {segment_key(partition, segment, piece.generation) for segment, piece in pieces.items()}

    async def _write(self, copies: Copies, pieces: dict[Segment, Piece]) -> set[Segment]:
        """Pack copies aside and put them on their way, noted in `pieces`; return those that are text."""
        packed, text = self._saver.packed(copies), set()
        while some := await self.aside(_some, packed):
            for segment, value in some:
                text |= {segment} if segment.kind is Kind.FACTS else set()
                self._place(segment, value, pieces)
            await self._room()
        return text

    def _place(self, segment: Segment, value: bytes, pieces: dict[Segment, Piece]) -> None:
        """Write a segment under the key that the manifest in force does not name, unless it stands there."""
        old = None if self._manifest is None else self._manifest.pieces.get(segment)
        if old is not None and old[1:] == (len(value), checksum(value)):
            pieces[segment] = old
            return
        generation = 0 if old is None else 1 - old.generation
        pieces[segment] = Piece(generation, len(value), checksum(value))
        self._put(segment_key(self._store.partition, segment, generation), value)

    def _put(self, key: bytes, value: bytes | None) -> None:
        self._due.append(Output(self._store.names.checkpoints, key, value, self._store.partition))
        self._bytes += len(value or b"")
        self.wake()

    async def _room(self) -> None:
        while self._bytes > AHEAD:
            self._moved.clear()
            await self._moved.wait()

    async def _emptied(self) -> None:
        while self._due or self._under_way:
            self._moved.clear()
            await self._moved.wait()

    @property
    def waiting(self) -> bool:
        """Say whether there is something for a next transaction."""
        return bool(self._due)

    def outputs(self) -> list[Output]:
        """Return what goes into the next transaction."""
        found, size = [], 0
        while self._due and size < SHARE:
            found.append(self._due.popleft())
            size += len(found[-1].value or b"")
        self._bytes -= size
        self._under_way = bool(found)
        return found

    def committed(self) -> None:
        """Go on: the transaction with what `outputs` returned last has committed."""
        self._under_way = False
        self._moved.set()
        if self._due:
            self.wake()


def _some(packed: Iterator[tuple[Segment, bytes]]) -> list[tuple[Segment, bytes]]:
    """Return the next segments, about a transaction's share; none at the end."""
    found, size = [], 0
    for segment, value in packed:
        found.append((segment, value))
        size += len(value)
        if size >= SHARE:
            break
    return found
