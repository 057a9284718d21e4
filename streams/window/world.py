"""All that a phone is judged by, and where what was found goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from streams.window.shapes import (
        Areas,
        Array,
        Chords,
        Days,
        Entries,
        Limits,
        Links,
        Places,
        Sets,
        Strikes,
    )


class Judged(NamedTuple):
    """Phones whose colour or reasons changed, a row; the reasons that name an area stand in `items`."""

    phone: Array
    base: Array
    lasts: Array
    """The first slot at which the colour is milder with nothing seen, NEVER for none."""
    start: Array
    """Where the items begin."""
    items: Array
    first: Array
    last: Array
    """The first and last slot of the visit behind each item."""


class World(NamedTuple):
    """All that phones are judged by."""

    entries: Entries
    places: Places
    links: Links
    areas: Areas
    of_phones: Strikes
    of_places: Strikes
    limits: Limits
    chords: Chords
    days: Days
    sets: Sets
    settled: Array
    settled_count: Array
    """Rows of what is settled of phones, and one number: how many are taken."""
    rules: int
    """The number of the rules in force."""
