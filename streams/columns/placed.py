"""Sightings whose place is known: what ingest sorts and the journal's writer is handed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from streams.window.shapes import Array


class Placed(NamedTuple):
    """Sightings in columns (int64) of one length.

    The pseudonym's halves as big-endian numbers, the tower's hex, whether it is coarse (0 or 1), and when it
    was seen, in seconds.
    """

    high: Array
    low: Array
    hexes: Array
    coarse: Array
    seconds: Array
