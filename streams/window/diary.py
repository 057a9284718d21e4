"""One phone's diary read out of the panes in plain Python: for what is asked of few phones, and seldom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.domain.plausibility import Plausibility
from streams.domain.slots import slot_of
from streams.domain.standing import unstruck
from streams.window.shapes import BITS, MARK, NEXT, RANGING, WORD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from streams.domain.diary import Marks
    from streams.window.window import Window


def observed(window: Window, phone: bytes) -> dict[int, Marks]:
    """Return the observed slots of a phone's window with what rules 3.1 and 3.2 leave of each.

    Nothing for a phone that was never seen.
    """
    if window.clock is None:
        return {}
    rules, strikes = window.rules, window.cases.of_phone.get(phone, [])
    last = slot_of(window.clock, rules.policy.slot_minutes)
    left = unstruck(marks_of(window, phone), strikes, window.cases.of_hex)
    inside = [slot for slot in left if last - rules.spans.window < slot <= last]
    if not _ranging(window, phone):
        return {slot: left[slot] for slot in inside}
    plausible = Plausibility(rules, left)
    return {slot: marks for slot in inside if (marks := plausible.left(slot))}


def marks_of(window: Window, phone: bytes) -> Mapping[int, Marks]:
    """Return all that is kept of a phone's sightings: by slot its marks, in order (rule 2.1)."""
    row = window.parts.book.row(phone)
    if row is None or window.clock is None:
        return {}
    found: dict[int, list[int]] = {}
    cells = window.parts.atlas.places.cell
    for slot, mark in _pairs(window, row):
        found.setdefault(slot, []).append(int(cells[mark >> 1]) << 1 | mark & 1)
    return {slot: tuple(sorted(marks)) for slot, marks in found.items()}


def _ranging(window: Window, phone: bytes) -> bool:
    """Say whether two of a phone's sightings may conflict (rule 3.2): few are ever seen so far apart."""
    row = window.parts.book.row(phone)
    return row is not None and bool(window.parts.book.phones.hot["flags"][row] & RANGING)


def _pairs(window: Window, row: int) -> Iterator[tuple[int, int]]:
    """Yield (slot, mark) of a phone's row, a mark being a place's row and the coarse bit."""
    day, heads = window.rules.spans.day, window.parts.book.phones.heads
    entries, latest = window.parts.diaries.entries.rows, window.parts.diaries.last
    ring = heads.shape[1]
    for number in range(latest - ring + 1, latest + 1) if latest is not None else ():
        entry = int(heads[row, number % ring])
        while entry:
            for word, bits in enumerate(entries[entry, BITS:].tolist()):
                first = number * day + word * WORD
                yield from (
                    (first + bit, int(entries[entry, MARK])) for bit in range(WORD) if bits >> bit & 1
                )
            entry = int(entries[entry, NEXT])
