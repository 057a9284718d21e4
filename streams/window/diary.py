"""One phone's diary out of the panes, less what rules 3.1 and 3.2 discount."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.window.limits import chords_of, room
from streams.window.touring import PAIRS, stand

if TYPE_CHECKING:
    from streams.domain.diary import Marks
    from streams.window.window import Window


def observed(window: Window, phone: bytes) -> dict[int, Marks]:
    """Return the observed slots of a phone's window with what rules 3.1 and 3.2 leave of each.

    Nothing for a phone that was never seen.
    """
    row = window.parts.book.row(phone)
    if row is None or window.clock is None:
        return {}
    world, phones, chords = window.world(), window.parts.book.phones, chords_of(window.rules)
    limits, cells, now, seen, pairs = world.limits, world.places.cell, window.now, -1, PAIRS
    edge = now - limits.window
    while seen < 0:
        scratch = room(pairs, 0, limits.day, 0).scratch
        count, seen = stand(phones, world, chords, row, edge - limits.day, now, scratch)
        pairs = count * 2
    marks = [int(cells[mark >> 1]) << 1 | mark & 1 for mark in scratch.marks[:count].tolist()]
    slots, first = scratch.seen[:seen].tolist(), scratch.first[: seen + 1].tolist()
    return {
        slot: tuple(sorted(marks[begin:end]))
        for slot, begin, end in zip(slots, first, first[1:], strict=False)
        if slot > edge
    }
