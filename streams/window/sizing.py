"""How large a window will be, by its own types and its own rule of growth."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from streams.window.atlas import Atlas
from streams.window.book import Book
from streams.window.growing import FIRST, after
from streams.window.panes import Diaries
from streams.window.shapes import BLOCK

if TYPE_CHECKING:
    from streams.window.shapes import Array


class Size(NamedTuple):
    """Bytes of a window's state."""

    held: int
    """Room to grow included: what `Window.nbytes` comes to, and the most of it that can be resident."""
    used: int
    """Rows in use only: what has to be kept to begin again."""


def size(phones: int, entries_a_day: int, hexes: int, retention_days: int, day: int) -> Size:
    """Return the size of a window that has kept `retention_days` whole days; `day` is the slots of a day.

    An entry is a phone at a hex on a day. Beside the days kept there is the one that has begun, and a
    window is largest just before its oldest day goes: so a day more is counted whole.
    """
    ring = retention_days + 2
    book, diaries, atlas = Book(ring), Diaries(ring, day), Atlas()
    blocks = (retention_days + 1) * -(-entries_a_day // BLOCK)
    entry, phone, place = row(diaries.entries), row(book.phones), row(atlas.places)
    used = phones * phone + (retention_days + 1) * entries_a_day * entry + hexes * place
    rows = grown(FIRST, phones + 1) * phone + grown(FIRST, (blocks + ring) * BLOCK) * entry
    tables = (_table(len(book.table), phones) + _table(len(book.table), hexes)) * book.table.itemsize
    return Size(rows + grown(FIRST, hexes) * place + tables, used)


def row(columns: tuple[Array, ...]) -> int:
    """Return the bytes of one row of columns."""
    return sum(int(column.nbytes) for column in columns) // len(columns[0])


def grown(rows: int, wanted: int) -> int:
    """Return how many rows columns have that grew from `rows` until so many were wanted."""
    while rows < wanted:
        rows = after(rows)
    return rows


def _table(slots: int, rows: int) -> int:
    """Return the places of a table that is at most half full."""
    while (rows + 1) * 2 > slots:
        slots *= 2
    return slots
