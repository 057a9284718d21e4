"""The phones, numbered by the order in which they were first seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from streams.window.finding import index_again, row_of
from streams.window.growing import Growing
from streams.window.shapes import HOT, NEVER, SEAT, Phones

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.window.shapes import Array


class Book:
    """The phones' columns and the table that finds them; row 0 is none."""

    def __init__(self, ring: int) -> None:
        self._phones = Growing(
            Phones,
            {
                "hot": (HOT, 0),
                "sequence": (np.int32, 0),
                "due": (np.int32, 0),
                "heads": (np.int32, ring),
                "settled": (np.int32, 0),
                "seats": (SEAT, 0),
                "changed": (np.uint8, 0),
            },
        )
        self.table = np.zeros(1 << 11, np.int32)
        self.count = 0

    @property
    def phones(self) -> Phones:
        """Return the phones' columns."""
        return self._phones.view

    def nbytes(self) -> int:
        """Return the bytes that phones take."""
        return self._phones.nbytes() + self.table.nbytes

    def reserve(self, more: int) -> None:
        """Make sure that there is room for so many new phones."""
        wanted = self.count + more + 1
        self._phones.reserve(wanted)
        if wanted * 2 > len(self.table):
            size = len(self.table)
            while wanted * 2 > size:
                size *= 2
            self.table = np.zeros(size, np.int32)
            index_again(self.table, self.phones, self.count)

    def add(self, phones: Sequence[bytes]) -> None:
        """Add phones that are not known yet and have no diary."""
        if not phones:
            return
        self.reserve(len(phones))
        added = slice(self.count + 1, self.count + 1 + len(phones))
        hot = self.phones.hot
        hot["high"][added], hot["low"][added] = halves(phones)
        hot["special"][added] = -NEVER
        self.phones.due[added] = NEVER
        self.count += len(phones)
        self.index()

    def begin(self, count: int) -> None:
        """Make room for the phones of a state to be loaded: so many, in rows 1 and on."""
        self._phones.reserve(count + 1)
        self.count = count

    def index(self) -> None:
        """Let the phones be found that were loaded."""
        size = len(self.table)
        while (self.count + 1) * 2 > size:
            size *= 2
        self.table = np.zeros(size, np.int32)
        index_again(self.table, self.phones, self.count)

    def row(self, phone: bytes) -> int | None:
        """Return a phone's row, None if it was never seen."""
        high, low = halves([phone])
        row = row_of(self.table, self.phones, high[0], low[0])
        return row if row > 0 else None

    def pseudonym(self, row: int) -> bytes:
        """Return the 16 bytes of a phone."""
        hot = self.phones.hot[row]
        return b"".join(int(hot[half]).to_bytes(8, "big", signed=True) for half in ("high", "low"))

    def in_order(self, rows: Array) -> Array:
        """Return rows in the order of their pseudonyms' bytes."""
        hot = self.phones.hot
        high, low = hot["high"][rows].view(np.uint64), hot["low"][rows].view(np.uint64)
        ordered: Array = rows[np.lexsort((low, high))]
        return ordered

    def everybody(self) -> Array:
        """Return the rows of all phones in the order of their pseudonyms' bytes."""
        return self.in_order(np.arange(1, self.count + 1, dtype=np.int64))

    def due(self, until: int) -> Array:
        """Return the rows of the phones to be looked at up to a slot, in no order."""
        due = self.phones.due[: self.count + 1]
        found: Array = np.flatnonzero(due[1:] <= min(until, NEVER - 1)) + 1
        return found


def halves(phones: Sequence[bytes]) -> tuple[Array, Array]:
    """Return the pseudonyms' halves as big-endian numbers."""
    pairs = np.frombuffer(b"".join(phones), ">i8").reshape(-1, 2).astype(np.int64)
    return np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
