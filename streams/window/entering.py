"""Sightings into panes: phones found or made, slots marked, who is concerned (rules 1.5, 2.1, 6.5 (b))."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.window.compiled import compiled, direct, entry, leaf
from streams.window.crowded import WALKED, crowded_day, find, put_in, within
from streams.window.finding import AHEAD, look_ahead, row_of
from streams.window.settled import UNTIL, margin
from streams.window.shapes import (
    AT_HOME,
    BITS,
    BLOCK,
    CALM,
    LISTED,
    LOST,
    MARK,
    MOVED,
    NEVER,
    NEXT,
    PHONE,
    RANGING,
    SETTLED,
    SLICE,
    SPECIAL,
    STRUCK,
    TOUCHED,
    WORD,
)
from streams.window.signals import TOO_LITTLE
from streams.window.sphere import chord
from streams.window.visiting import day_of

if TYPE_CHECKING:
    from streams.window.shapes import Array, Crowded, Days, Entries, Limits, Panes, Phones, Places, Sets

CLEAR: Final = 1
"""The number of the set of reasons {CLEAR}."""


@leaf
def add(
    phones: Phones,
    entries: Entries,
    panes: Panes,
    places: Places,
    crowded: Crowded,
    phone: int,
    mark: int,
    ring: int,
    bit: int,
) -> bool:
    """Mark a slot of a day; say whether it was not marked yet."""
    word, flag = bit // WORD, 1 << (bit % WORD)
    entry, day = find(phones, entries, panes, places, crowded, phone, mark, ring)
    if entry != 0:
        if entries.rows[entry, BITS + word] & flag:
            return False
        entries.rows[entry, BITS + word] |= flag
        panes.changed[entry // BLOCK] = 1
        return True
    if panes.block[ring] == 0 or panes.used[ring] == BLOCK:
        panes.count[0] -= 1
        block = panes.free[panes.count[0]]
        panes.block[ring], panes.used[ring] = block, 0
        panes.owner[block] = ring
    entry = panes.block[ring] * BLOCK + panes.used[ring]
    panes.used[ring] += 1
    panes.changed[entry // BLOCK] = 1
    entries.rows[entry, PHONE] = phone
    entries.rows[entry, MARK] = mark
    entries.rows[entry, NEXT] = phones.heads[phone, ring]
    entries.rows[entry, BITS:] = 0
    entries.rows[entry, BITS + word] = flag
    phones.heads[phone, ring] = entry
    if day > 0:
        put_in(entries, panes, places, crowded, day, entry)
    return True


@compiled
def may_conflict(
    phones: Phones,
    entries: Entries,
    places: Places,
    crowded: Crowded,
    limits: Limits,
    phone: int,
    place: int,
    slot: int,
) -> bool:
    """Say whether another sighting at about its time lies so far that the two may conflict (rule 3.2)."""
    ring_days = phones.heads.shape[1]
    low, high = slot - limits.jump, slot + limits.jump
    for day in range(low // limits.day, high // limits.day + 1):
        first, last = max(low - day * limits.day, 0), min(high - day * limits.day, limits.day - 1)
        entry, steps = phones.heads[phone, day % ring_days], 0
        while entry != 0:
            if steps == WALKED:
                listed = crowded_day(crowded, phone, day % ring_days)
                if listed > 0 and within(places, crowded, listed, place, limits.reach_chord):
                    break
            steps += 1
            other = entries.rows[entry, MARK] >> 1
            if other != place and chord(places.xyz, place, other) >= limits.reach_chord:
                for bit in range(first, last + 1):
                    if entries.rows[entry, BITS + bit // WORD] >> (bit % WORD) & 1:
                        return True
            entry = entries.rows[entry, NEXT]
    return False


@leaf
def noted(
    phones: Phones,
    entries: Entries,
    places: Places,
    crowded: Crowded,
    limits: Limits,
    phone: int,
    place: int,
    slot: int,
) -> int:
    """Return a phone's flags with a new sighting of it taken into account."""
    flags = phones.hot[phone].flags
    anchor, calm = phones.hot[phone].anchor, phones.hot[phone].special + limits.pingpong
    if places.flags[place] & SPECIAL:
        flags = (flags | TOUCHED) & ~CALM
        phones.hot[phone].special = max(phones.hot[phone].special, slot)
    elif slot <= calm or (limits.jurisdiction and not places.flags[place] & AT_HOME):
        flags &= ~CALM
    if place != anchor and chord(places.xyz, anchor, place) >= limits.half_chord:
        flags |= RANGING
    if flags & RANGING and may_conflict(phones, entries, places, crowded, limits, phone, place, slot):
        flags = (flags | TOUCHED) & ~CALM
    return int(flags)


@leaf
def still_too_little(phones: Phones, sets: Sets, days: Days, phone: int, slot: int, edge: int) -> bool:
    """Say whether a phone that only rule 5.5 concerns was seen on too few days, and now on none that is new.

    Its latest slot is in the window, else other reasons would stand, and its day is one of those. That slot
    is not known where it is to be looked up again (LOST), nor of a phone that was only read about (0).
    `due` is left as it is, which may be earlier than anything can change.
    """
    seat = phones.seats[phone]
    return bool(
        sets.base[phones.hot[phone].keys] == TOO_LITTLE
        and not seat.moved & LOST
        and seat.latest > edge
        and day_of(days, seat.latest) == day_of(days, slot)
    )


@leaf
def take_seat(seat: Array, places: Places, place: int, slot: int) -> None:
    """Note where a phone was seen, for who counts phones by hex."""
    if slot > seat.latest:
        seat.place, seat.latest = place, slot
    elif slot == seat.latest and places.cell[place] < places.cell[seat.place]:
        seat.place = place
    seat.moved |= MOVED


@direct
@entry
def enter(
    table: Array,
    phones: Phones,
    entries: Entries,
    panes: Panes,
    crowded: Crowded,
    places: Places,
    limits: Limits,
    sets: Sets,
    days: Days,
    count: int,
    highs: Array,
    lows: Array,
    marks: Array,
    slots: Array,
    edge: int,
    settled: Array,
    concerned: Array,
) -> tuple[int, int, int]:
    """Enter a record's sightings; return the phones there are, those concerned, and the sightings too late.

    Rows of the phones concerned are put into `concerned`, each once, in no order. `edge` is the latest slot
    no longer kept. There must be room: rows of phones, places in the table, free blocks.
    """
    ring_days = phones.heads.shape[1]
    found = late = 0
    for i in range(len(slots)):
        if i % AHEAD == 0:
            # Fewer are concerned than were entered, so the room of these is free.
            end = min(i + AHEAD, len(slots))
            look_ahead(table, phones, entries, limits, highs, lows, slots, i, end, concerned)
        slot, mark = int(slots[i]), int(marks[i])
        if slot <= edge:
            late += 1
            continue
        place = mark >> 1
        phone = row_of(table, phones, highs[i], lows[i])
        if phone < 0:
            count += 1
            table[-phone - 1] = count
            phone = count
            phones.hot[phone].high, phones.hot[phone].low = highs[i], lows[i]
            phones.due[phone] = NEVER
            phones.hot[phone].anchor, phones.hot[phone].special = place, -NEVER
            phones.seats[phone].place, phones.seats[phone].latest = place, slot
        day = slot // limits.day
        if not add(
            phones, entries, panes, places, crowded, phone, mark, day % ring_days, slot - day * limits.day
        ):
            continue
        if phones.hot[phone].flags & SETTLED and slot <= settled[phones.settled[phone], UNTIL] + margin(
            limits
        ):
            phones.hot[phone].flags &= ~SETTLED
        flags = noted(phones, entries, places, crowded, limits, phone, place, slot)
        if flags & (TOUCHED | STRUCK):
            judge = not flags & CALM
        else:
            judge = phones.hot[phone].keys != CLEAR
            judge = judge and not still_too_little(phones, sets, days, phone, slot, edge)
        if judge and not flags & LISTED:
            flags |= LISTED
            concerned[found] = phone
            found += 1
        phones.hot[phone].flags = flags
        take_seat(phones.seats[phone], places, place, slot)
        phones.changed[phone >> SLICE] = 1
    for i in range(found):
        phones.hot[concerned[i]].flags &= ~LISTED
    return count, found, late
