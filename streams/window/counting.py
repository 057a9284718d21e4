"""Counting changes by colour and first reason, compiled: what metrics show of each transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.window.compiled import entry
from streams.window.signals import ARRIVED, GREEN, NO_SIGNAL, STALE, TOO_LITTLE

if TYPE_CHECKING:
    from streams.window.shapes import Array

KINDS: Final = 3
"""Kinds of reasons that name an area; they stand before those that name none."""
BITS: Final = (ARRIVED, NO_SIGNAL, STALE, TOO_LITTLE, GREEN)
"""Reasons that name no area, in the order in which they stand (rule 6.2)."""


@entry
def count(rows: Array, reasons: Array, found: Array) -> None:
    """Add changes to `found`, int64, by colour's number and the code's place: kinds, then BITS."""
    begin = 0
    for number in range(len(rows)):
        row = rows[number]
        code = KINDS
        if row.end > begin:
            code = int(reasons[begin].kind)
        else:
            while code < KINDS + len(BITS) - 1 and not row.base & BITS[code - KINDS]:
                code += 1
        found[int(row.colour), code] += 1
        begin = row.end
