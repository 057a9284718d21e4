"""What compiled code is handed: named tuples of arrays; rows' numbers stand for phones, places and areas."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

Array = Any
"""A numpy array; which type and width each has is said where it is made."""

TOUCHED: Final = 1
"""A phone's flag: more than rules 5.5 and 5.6 may concern it."""
RANGING: Final = 2
"""A phone's flag: it was seen so far from its anchor that two of its sightings may conflict (rule 3.2)."""
STRUCK: Final = 4
"""A phone's flag: a decided case names it. A place's flag: a decided case names its hex (rule 3.1)."""
LISTED: Final = 8
"""A phone's flag: it stands among the phones concerned by the record being entered."""
CALM: Final = 16
"""A phone's flag: it was judged since anything special was seen, and is not unknown. One more sighting,
itself nothing special, at a slot that the last special one does not reach contests no slot (rule 3.3)."""
SETTLED: Final = 32
"""A phone's flag: it has a row of what is settled (`settled.py`)."""
IN_AREA: Final = 1
"""A place's flag: it lies in some area."""
ABSENT: Final = 2
"""A place's flag: it is away from the jurisdiction and its fringe (rule 5.4)."""
AT_HOME: Final = 8
"""A place's flag: it lies in the jurisdiction."""

SPECIAL: Final = IN_AREA | ABSENT | STRUCK
"""The place's flags of which one makes a phone seen there touched."""

INSIDE: Final = 1
"""A link's flag: the place lies in S of the area; without it the place is only near and in another area."""
CORE: Final = 2
DEEP: Final = 4
"""A link's flag: nothing there is contested, since the outside is too far away (rule 3.3)."""

NEVER: Final = (1 << 31) - 1
"""No slot: later than all."""
NOTHING: Final = -(1 << 62)
"""No slot: earlier than all."""


HOT: Final = np.dtype(
    [
        *(("high", np.int64), ("low", np.int64)),
        *(("keys", np.int32), ("flags", np.int32), ("anchor", np.int32), ("special", np.int32)),
    ]
)
"""What every sighting of a phone touches, side by side: half a line of a processor's cache.

`high` and `low` are the pseudonym's halves as big-endian numbers (unsigned, in the order of its bytes);
`keys` the number of the set of reasons behind its last event; `anchor` the place where it was first seen;
`special` the latest slot with a sighting at a special place, or a later one where a conflict is settled only
then (rule 3.2), less than every slot for none.
"""
SEAT: Final = np.dtype([(name, np.int32) for name in ("place", "latest", "counted", "moved")])
"""Where a phone is counted (`headcount.py`).

`latest` is the latest slot it was seen in, and `place` where, the lowest hex of several; `counted` the hex
and colour it stands under in the sums, 0 for none; `moved` MOVED and LOST, where that may be otherwise now.
"""
MOVED: Final = 1
"""It was seen, or its colour changed, since it was last counted."""
LOST: Final = 2
"""Its place and latest slot are to be looked up in its diary."""
SLICE: Final = 12
"""Phones are written to checkpoints in slices of so many bits' rows."""
PHONE: Final = 0
MARK: Final = 1
NEXT: Final = 2
BITS: Final = 3
"""An entry's columns: the phone's row; the place's row shifted left by one, with the coarse bit (rule 2.1);
the phone's next entry of that day, 0 for none; from BITS on the slots of the day, 32 a word."""


BLOCK: Final = 2048
"""Entries that a day takes at once."""
WORD: Final = 32
"""Slots of an entry's word."""


class Phones(NamedTuple):
    """A phone a row, from row 1 on."""

    hot: Array
    sequence: Array
    due: Array
    """The slot at which it is to be looked at with nothing seen, NEVER for none; no change comes earlier."""
    heads: Array
    """By day of the ring: the first of its entries, 0 for none."""
    settled: Array
    """The row of what is settled of it (`settled.py`), 0 for none; can be worked out anew at any time."""
    seats: Array
    changed: Array
    """By slice of phones (row >> SLICE): whether one of them changed since the last checkpoint."""


class Entries(NamedTuple):
    """A phone at a place on a day, a row; row 0 is none. They lie row by row, as they are walked."""

    rows: Array


class Panes(NamedTuple):
    """A day of the ring, a row: the block of entries it is filling, and how many of that are used."""

    block: Array
    used: Array
    free: Array
    """Blocks that no day has, as a stack."""
    count: Array
    """One number: how many are on the stack."""
    owner: Array
    """By block: the day of the ring that has it, -1 for none."""
    changed: Array
    """By block: whether it changed since the last checkpoint."""


class Crowded(NamedTuple):
    """The days on which a phone was at more places than a list is walked for (`crowded.py`)."""

    table: Array
    """By hash: the row of an entry, or minus the row of a day; 0 for none."""
    days: Array
    """The phone's row and the day of the ring, a row, from row 1 on."""
    boxes: Array
    """By day: the least and the most of x, y and z of its places on the unit sphere."""
    count: Array
    """How much of the table is taken, how many days there are, what is kept free, and what was wanted."""


class Places(NamedTuple):
    """A hex that was seen, a row."""

    cell: Array
    flags: Array
    latitude: Array
    longitude: Array
    """Of the centre, in radians."""
    xyz: Array
    """Of the centre, on the unit sphere."""
    first_link: Array
    links: Array
    """Where the place's links to areas begin, and how many there are."""


class Links(NamedTuple):
    """A place and an area that it lies in, or near, a row."""

    area: Array
    flags: Array
    first: Array
    end: Array
    """The part of `beside` that are the hexes outside S within pingpong_rings of the place, in order."""
    beside: Array


class Areas(NamedTuple):
    """An area in force, a row."""

    serial: Array
    """The number of its id and version, never given twice."""
    first: Array
    end: Array
    """The slots of its interval, `end` excluded (rule 2.3)."""


class Strikes(NamedTuple):
    """What cases strike out (rule 3.1): of a phone's or a place's row, slots from `first` to before `end`."""

    of: Array
    first: Array
    end: Array


class Limits(NamedTuple):
    """The policy in force as compiled code reads it: lengths in slots, distances in metres."""

    window: int
    day: int
    jump: int
    support: int
    pingpong: int
    gap: int
    stay: int
    absence: int
    stale: int
    least_slots: int
    least_days: int
    jurisdiction: bool
    span: bool
    """Rule 4.4's way of joining visits."""
    jump_min_m: float
    jump_speed: float
    """Metres a second."""
    slot_seconds: int
    near_chord: float
    """The square of a chord of the unit sphere a little longer than jump_min_km's arc."""
    reach_chord: float
    """The square of a chord a little shorter than the arc below which two hexes never conflict."""
    half_chord: float
    """The same for half that arc."""


class Chords(NamedTuple):
    """By slots apart: squares of chords below which two sightings never conflict, and over which they do."""

    least: Array
    sure: Array


class Days(NamedTuple):
    """The civil day in which each slot from `first` on starts (rule 4.4)."""

    first: int
    day: Array


class Sets(NamedTuple):
    """Sets of reasons, a row; `items` from `start` on are area serial * 4 + kind, in order."""

    base: Array
    start: Array
    count: Array
    items: Array
    colour: Array
    table: Array
    """By a set's hash: its number, -1 for none."""
    taken: Array
    """How many sets there are, and how many items of theirs."""


class Kept(NamedTuple):
    """What is settled of phones, a row (`settled.py` has the columns)."""

    rows: Array
