"""Recognising a sighting that came before, in bounded memory."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

import numpy as np

PLACES: Final = 1 << 21
"""Sightings remembered, 8 bytes each."""


class Repeats:
    """Remembers fingerprints, each in the one place it can have; a newer one there takes its place.

    So a repetition is recognised for certain while few others lie between, and later less and less often:
    what is counted is a lower bound.
    """

    def __init__(self, places: int = PLACES) -> None:
        self._places = np.zeros(places, dtype=np.uint64)

    def seen(self, phone: bytes, cell: str, seen_ms: int) -> bool:
        """Say whether this very sighting is known to have come before, and remember it."""
        told = phone + seen_ms.to_bytes(8, "big", signed=True) + cell.encode()
        mark = int.from_bytes(blake2b(told, digest_size=8).digest(), "big") or 1
        place = mark % len(self._places)
        before = int(self._places[place])
        self._places[place] = mark
        return before == mark
