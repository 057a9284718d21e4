"""Panes: one a UTC day, of the entries made on it; a day no longer kept gives its blocks back (D2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from streams.window.compiled import entry
from streams.window.entering import BLOCK, WORD
from streams.window.growing import Growing
from streams.window.shapes import BITS, CALM, LISTED, MARK, PHONE, TOUCHED, Entries, Panes

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
        )
        self._last: int | None = None

    @property
    def entries(self) -> Entries:
        """Return the entries' columns."""
        return self._entries.view

    def nbytes(self) -> int:
        """Return the bytes that entries take."""
        return self._entries.nbytes()

    def reserve(self, entries: int) -> None:
        """Make sure that so many new entries, on any days of the ring, find a free block."""
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
        )

    def roll(self, day: int, heads: Array) -> None:
        """Let a day begin: what the days had whose places in the ring it and those before it take goes."""
        if self._last is None:
            self._last = day
        for gone in range(max(self._last, day - self.ring) + 1, day + 1):
            self._empty(gone % self.ring, heads)
        self._last = max(self._last, day)

    def _empty(self, ring: int, heads: Array) -> None:
        panes = self.panes
        if not panes.block[ring]:
            return
        heads[:, ring] = 0
        panes.block[ring] = 0
        blocks = np.flatnonzero(panes.owner == ring)
        panes.owner[blocks] = NOBODY
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
                found[count] = phone
                count += 1
    for i in range(count):
        phones.hot[found[i]].flags &= ~LISTED
    return count
