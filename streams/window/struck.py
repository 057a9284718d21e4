"""What cases strike out (rule 3.1), by rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from streams.window.limits import strikes_of
from streams.window.shapes import CALM, SLICE, STRUCK, TOUCHED

if TYPE_CHECKING:
    from streams.domain.exclusions import Cases
    from streams.domain.rules import Rules
    from streams.window.atlas import Atlas
    from streams.window.book import Book


class Struck:
    """The strikes of phones and of places."""

    def __init__(self) -> None:
        self.of_phones = strikes_of({})
        self.of_places = strikes_of({})

    def find_phones(self, cases: Cases, book: Book) -> None:
        """Find the rows of the phones that cases name, those only now seen too."""
        flags = book.phones.hot["flags"]
        flags[self.of_phones.of] &= ~np.int32(STRUCK)
        book.phones.changed[self.of_phones.of >> SLICE] = True
        known = {row: s for phone, s in cases.of_phone.items() if (row := book.row(phone)) is not None}
        flags[list(known)] = (flags[list(known)] | STRUCK | TOUCHED) & ~np.int32(CALM)
        self.of_phones = strikes_of(known)
        book.phones.changed[self.of_phones.of >> SLICE] = True

    def find_place(self, cell: int, cases: Cases, atlas: Atlas, rules: Rules) -> None:
        """Take what a case says of a hex, seen or not."""
        atlas.strike(cell, rules, cases.of_hex)
        self._find_places(cases, atlas)

    def resume(self, cases: Cases, book: Book, atlas: Atlas) -> None:
        """Find what cases strike out of a state that was loaded: its flags say it already."""
        rows = ((book.row(phone), several) for phone, several in cases.of_phone.items())
        self.of_phones = strikes_of({row: several for row, several in rows if row is not None})
        self._find_places(cases, atlas)

    def _find_places(self, cases: Cases, atlas: Atlas) -> None:
        self.of_places = strikes_of({atlas.row(one): several for one, several in cases.of_hex.items()})
