"""Where people really were, as columns: one row a place and a time (truth.csv)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Tracks:
    """Rows in the order of phone and time; no two rows of a phone overlap.

    `phones` are the pseudonyms by number; the rows of number p are `first[p]` to `first[p + 1]`. Times are
    unix seconds, `end` excluded; degrees in WGS-84.
    """

    phones: Sequence[bytes]
    first: Ints
    phone: Ints
    start: Ints
    end: Ints
    lon: Floats
    lat: Floats

    def rows(self, phone: int) -> slice:
        """Return the rows of a phone by number."""
        return slice(int(self.first[phone]), int(self.first[phone + 1]))

    def between(self, phone: int, begin: int, until: int) -> slice:
        """Return the rows of a phone that have a second of [begin, until)."""
        rows = self.rows(phone)
        start = rows.start + int(np.searchsorted(self.end[rows], begin, side="right"))
        stop = rows.start + int(np.searchsorted(self.start[rows], until, side="left"))
        return slice(start, max(start, stop))


def tracks_of(phones: Sequence[bytes], phone: Any, start: Any, end: Any, lon: Any, lat: Any) -> Tracks:
    """Order rows by phone and time; `phone` are numbers among `phones`."""
    order = np.lexsort((start, phone))
    number = np.asarray(phone, np.int64)[order]
    return Tracks(
        phones=phones,
        first=np.searchsorted(number, np.arange(len(phones) + 1)),
        phone=number,
        start=np.asarray(start, np.int64)[order],
        end=np.asarray(end, np.int64)[order],
        lon=np.asarray(lon, np.float64)[order],
        lat=np.asarray(lat, np.float64)[order],
    )
