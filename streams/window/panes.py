"""Panes: one a UTC day, of the entries made on it; a day no longer kept gives its blocks back (D2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from streams.window.compiled import entry
from streams.window.crowded import FIRST, emptied, forget, reserved
from streams.window.growing import Growing
from streams.window.shapes import BITS, BLOCK, CALM, LISTED, MARK, PHONE, SLICE, TOUCHED, WORD, Entries, Panes

if TYPE_CHECKING:
    from streams.window.shapes import Array, Phones

NOBODY: Final = -1


class Diaries:
    """The entries of all phones, `ring` days of them."""

    def __init__(self, ring: int, day: int) -> None:
        self.ring = ring
        self._entries = Growing(Entries, {"rows": (np.uint32, BITS + -(-day // WORD))})
        self.panes = Panes(
            block=np.zeros(ring, np.int32),
            used=np.zeros(ring, np.int32),
            free=np.zeros(0, np.int32),
            count=np.zeros(1, np.int64),
            owner=np.full(1, NOBODY, np.int32),
            changed=np.zeros(1, np.uint8),
        )
        self.crowded = emptied(FIRST)
        self.last: int | None = None
        """The latest UTC day that began."""

    @property
    def entries(self) -> Entries:
        """Return the entries' columns."""
        return self._entries.view

    def nbytes(self) -> int:
        """Return the bytes that entries take."""
        return self._entries.nbytes() + sum(int(column.nbytes) for column in self.crowded)

    def reserve(self, entries: int) -> None:
        """Make sure that so many new entries, on any days of the ring, find a free block."""
        self.crowded = reserved(self.crowded, entries)
        panes = self.panes
        wanted = entries // BLOCK + 1 + min(entries, self.ring)
        if panes.count[0] >= wanted:
            return
        blocks = len(panes.owner)
        self._entries.reserve((blocks + wanted) * BLOCK)
        more = self._entries.rows // BLOCK - blocks
        free = np.concatenate((panes.free[: panes.count[0]], np.arange(blocks + more - 1, blocks - 1, -1)))
        self.panes = panes._replace(
            free=np.concatenate((free.astype(np.int32), np.zeros(blocks, np.int32))),
            count=np.array([len(free)]),
            owner=np.concatenate((panes.owner, np.full(more, NOBODY, np.int32))),
            changed=np.concatenate((panes.changed, np.zeros(more, np.uint8))),
        )

    def used(self) -> Array:
        """Return how many entries each block has."""
        panes = self.panes
        found = np.where(panes.owner == NOBODY, 0, BLOCK).astype(np.int32)
        filling = panes.block != 0
        found[panes.block[filling]] = panes.used[filling]
        return found

    def begin(self, blocks: int) -> tuple[Array, Array]:
        """Make room for the entries of a state to be loaded: so many blocks.

        Returns whose the blocks are and how many entries each has, to be filled in and handed to `resume`.
        """
        self._entries.reserve(blocks * BLOCK)
        whole = max(blocks, self._entries.rows // BLOCK)
        return np.full(whole, NOBODY, np.int32), np.zeros(whole, np.int32)

    def resume(self, owner: Array, used: Array, last: int | None) -> None:
        """Go on with entries that were loaded, the latest day being `last`."""
        free = np.flatnonzero(owner == NOBODY)[:0:-1].astype(np.int32)
        block, filled = np.zeros(self.ring, np.int32), np.zeros(self.ring, np.int32)
        for ring in range(self.ring):
            mine = np.flatnonzero(owner == ring)
            if len(mine):
                block[ring] = mine[used[mine].argmin()]
                filled[ring] = used[block[ring]]
        self.panes = Panes(
            block=block,
            used=filled,
            free=np.concatenate((free, np.zeros(len(owner), np.int32))),
            count=np.array([len(free)]),
            owner=owner,
            changed=np.zeros(len(owner), np.uint8),
        )
        self.last = last

    def roll(self, day: int, heads: Array) -> None:
        """Let a day begin: what the days had whose places in the ring it and those before it take goes."""
        if self.last is None:
            self.last = day
        for gone in range(max(self.last, day - self.ring) + 1, day + 1):
            self._empty(gone % self.ring, heads)
        self.last = max(self.last, day)

    def _empty(self, ring: int, heads: Array) -> None:
        panes = self.panes
        if not panes.block[ring]:
            return
        heads[:, ring] = 0
        forget(self.crowded)
        panes.block[ring] = 0
        blocks = np.flatnonzero(panes.owner == ring)
        panes.owner[blocks] = NOBODY
        panes.changed[blocks] = True
        count = int(panes.count[0])
        panes.free[count : count + len(blocks)] = blocks
        panes.count[0] += len(blocks)


@entry
def phones_at(phones: Phones, entries: Entries, panes: Panes, places: Array, found: Array) -> int:
    """Put the phones with an entry at one of the places into `found`, each once; they are touched.

    `places` says of each place's row whether it is wanted. Returns how many there are.
    """
    count = 0
    for block in range(len(panes.owner)):
        ring = panes.owner[block]
        if ring < 0:
            continue
        used = panes.used[ring] if panes.block[ring] == block else BLOCK
        for row in range(block * BLOCK, block * BLOCK + used):
            phone = entries.rows[row, PHONE]
            if places[entries.rows[row, MARK] >> 1] and not phones.hot[phone].flags & LISTED:
                phones.hot[phone].flags = (phones.hot[phone].flags | LISTED | TOUCHED) & ~CALM
                phones.changed[phone >> SLICE] = 1
                found[count] = phone
                count += 1
    for i in range(count):
        phones.hot[found[i]].flags &= ~LISTED
    return count
