"""The colours of a worker's phones as a table, as Faust's tables are read: by key, at once, no copy (D5).

Its changelog is the journal with the `checkpoints` topic; recovering it is `streams.kafka.recovery`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from streams.domain.slots import start_of
from streams.window.changes import BASES, KIND_CODES
from streams.window.shapes import NEVER

if TYPE_CHECKING:
    from streams.domain.records import Colour, ReasonCode
    from streams.window.window import Window


class Cause(NamedTuple):
    """One reason: its code, and where it names one the area and its version."""

    code: ReasonCode
    area: str | None = None
    area_version: int | None = None


class Standing(NamedTuple):
    """How a phone stands: what its last change said, which may not have been committed yet."""

    colour: Colour
    causes: tuple[Cause, ...]
    """By area as the window numbers them; the order of rule 6.2 is the change's."""
    sequence: int
    """0 where it had no change yet: unknown, NO_SIGNAL (rule 6.1)."""
    looked_at_again: int | None
    """When it is judged next if nothing is seen (seconds), None if it need not be."""


class ColourTable(Mapping[bytes, Standing]):
    """Every phone of the partitions that are live here, by its 16 bytes; others are not in it.

    `windows` says which partitions' states these are at the moment. It is read between two records, that is,
    from the worker's event loop; what is kept of it afterwards is a value.
    """

    def __init__(self, windows: Callable[[], Iterable[Window]]) -> None:
        self._windows = windows

    def __getitem__(self, phone: bytes) -> Standing:
        for window in self._windows():
            row = window.parts.book.row(phone)
            if row is not None:
                return _standing(window, row)
        raise KeyError(phone.hex()[:8])

    def __iter__(self) -> Iterator[bytes]:
        for window in self._windows():
            book = window.parts.book
            yield from (book.pseudonym(row) for row in range(1, book.count + 1))

    def __len__(self) -> int:
        return sum(window.phones for window in self._windows())


def _standing(window: Window, row: int) -> Standing:
    book, known, named = window.parts.book, window.parts.known, window.parts.atlas.named
    number = int(book.phones.hot["keys"][row])
    base, items = known.one(number)
    causes = [Cause(KIND_CODES[item % 4], *named[item // 4]) for item in items]
    causes += [Cause(code) for bit, code in BASES if base & bit]
    due = int(book.phones.due[row])
    return Standing(
        known.colour(number),
        tuple(causes),
        int(book.phones.sequence[row]),
        None if due == NEVER else start_of(due, window.rules.policy.slot_minutes),
    )
