"""What changed of a state since it was last asked, copied between two records and packed later (D5)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from streams.domain.slots import slot_of
from streams.window.facts import Facts, FactsWriter, facts_of
from streams.window.packing import A_PHONE, an_entry, pack_entries, pack_phones
from streams.window.segments import CELLS, GROUP, PIECE, Account, Kind, Segment, framed
from streams.window.shapes import BITS, BLOCK, SLICE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.window.shapes import Array
    from streams.window.window import Window

PHONES_HEAD: Final = struct.Struct(">qH")
"""The slot that slots are counted from, and how many phones less one."""
ENTRIES_HEAD: Final = struct.Struct(">B")
"""How many blocks."""


class Copies(NamedTuple):
    """Parts of a state as they were at one moment."""

    now: int
    phones: list[tuple[int, Array, Array, Array]]
    entries: list[tuple[int, Array, Array, Array]]
    places: list[tuple[int, Array]]
    facts: Facts | None


class Saver:
    """Follows one window; what it hands out once it hands out again only when it has changed.

    `places` is how many places the checkpoint has that the window was loaded from, 0 for none.
    """

    def __init__(self, window: Window, places: int = 0) -> None:
        self._window, self._places = window, places
        self._writer = FactsWriter()
        self._ahead = 0

    def account(self) -> Account:
        """Return the account of the state as it is now."""
        window, parts = self._window, self._window.parts
        policy = window.rules.policy
        return Account(
            window.partition,
            window.deployment.retention_days,
            policy.slot_minutes,
            policy.resolution,
            policy.coarse_range_m,
            window.clock,
            parts.diaries.last,
            parts.book.count,
            len(parts.diaries.panes.owner),
            parts.atlas.count,
        )

    def segments(self) -> set[Segment]:
        """Return which segments of phones, entries and places the state consists of now."""
        parts = self._window.parts
        owned = np.flatnonzero(np.add.reduceat(parts.diaries.panes.owner >= 0, self._groups()))
        slices = (parts.book.count >> SLICE) + 1 if parts.book.count else 0
        return {
            *(Segment(Kind.PHONES, number) for number in range(slices)),
            *(Segment(Kind.ENTRIES, number) for number in owned.tolist()),
            *(Segment(Kind.PLACES, number) for number in range(-(-parts.atlas.count // CELLS))),
        }

    def ahead(self, most: int) -> Copies | None:
        """Copy up to about `most` bytes of entries of days before today that changed, None where none did.

        Such entries seldom change again: copied first, in steps, they are not among what `rest` copies at
        once. Each is copied once until None was returned.
        """
        window, panes = self._window, self._window.parts.diaries.panes
        today = (window.parts.diaries.last or 0) % window.parts.diaries.ring
        busy = np.maximum.reduceat(panes.changed.astype(np.bool_), self._groups())
        busy &= ~np.maximum.reduceat(panes.owner == today, self._groups())
        size = GROUP * BLOCK * window.parts.diaries.entries.rows.strides[0]
        busy[: self._ahead] = False
        some = np.flatnonzero(busy)[: max(1, most // size)].tolist()
        self._ahead = some[-1] + 1 if some else 0
        return Copies(self._now(), [], self._entries(some), [], None) if some else None

    def rest(self) -> Copies:
        """Copy all that changed, and the facts."""
        book, panes = self._window.parts.book, self._window.parts.diaries.panes
        slices = np.flatnonzero(book.phones.changed[: (book.count >> SLICE) + 1]).tolist()
        groups = np.flatnonzero(np.maximum.reduceat(panes.changed, self._groups())).tolist()
        return Copies(
            self._now(), self._phones(slices), self._entries(groups), self._cells(), facts_of(self._window)
        )

    def _now(self) -> int:
        window = self._window
        return 0 if window.clock is None else slot_of(window.clock, window.rules.policy.slot_minutes)

    def _groups(self) -> Array:
        return np.arange(0, len(self._window.parts.diaries.panes.owner), GROUP)

    def _phones(self, slices: list[int]) -> list[tuple[int, Array, Array, Array]]:
        book = self._window.parts.book
        phones, found = book.phones, []
        for number in slices:
            part = slice(max(1, number << SLICE), min((number + 1) << SLICE, book.count + 1))
            found.append(
                (number, *(column[part].copy() for column in (phones.hot, phones.sequence, phones.due)))
            )
            phones.changed[number] = False
        return [one for one in found if len(one[1])]

    def _entries(self, groups: list[int]) -> list[tuple[int, Array, Array, Array]]:
        diaries = self._window.parts.diaries
        panes, rows, found = diaries.panes, diaries.entries.rows, []
        used = diaries.used()
        for number in groups:
            part = slice(number * GROUP, min((number + 1) * GROUP, len(used)))
            entries = rows[part.start * BLOCK : part.stop * BLOCK].copy()
            found.append((number, entries, panes.owner[part].copy(), used[part]))
            panes.changed[part] = False
        return found

    def _cells(self) -> list[tuple[int, Array]]:
        atlas = self._window.parts.atlas
        first, self._places = self._places // CELLS if self._places < atlas.count else None, atlas.count
        if first is None:
            return []
        cells = atlas.places.cell[1 : atlas.count + 1]
        numbers = range(first, -(-atlas.count // CELLS))
        return [(number, cells[number * CELLS : (number + 1) * CELLS].copy()) for number in numbers]

    def packed(self, copies: Copies) -> Iterator[tuple[Segment, bytes]]:
        """Yield the segments of what was copied; it may run beside the window's work."""
        for number, hot, sequence, due in copies.phones:
            out = np.empty(len(hot) * A_PHONE, np.uint8)
            size = pack_phones(hot, sequence, due, copies.now, out)
            head = PHONES_HEAD.pack(copies.now, len(hot) - 1)
            yield _framed(Kind.PHONES, number, head + out[:size].tobytes())
        for number, rows, owner, used in copies.entries:
            if not (owner >= 0).any():
                continue
            out = np.empty(int(used.sum()) * an_entry(rows.shape[1] - BITS) + 8 * GROUP, np.uint8)
            size = pack_entries(rows, owner, used, out)
            yield _framed(Kind.ENTRIES, number, ENTRIES_HEAD.pack(len(owner)) + out[:size].tobytes())
        for number, cells in copies.places:
            yield _framed(Kind.PLACES, number, cells.astype(">i8").tobytes())
        if copies.facts is not None:
            text = self._writer.write(copies.facts)
            for number, begin in enumerate(range(0, len(text), PIECE)):
                yield _framed(Kind.FACTS, number, text[begin : begin + PIECE])


def _framed(kind: Kind, number: int, payload: bytes) -> tuple[Segment, bytes]:
    segment = Segment(kind, number)
    return segment, framed(segment, payload)
