"""What was judged and differs from a phone's last event, told in columns (rules 6.1, 6.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from streams.window.changes import CHANGE, FIRST, REASON, ChangeColumns, Changes
from streams.window.compiled import compiled, entry
from streams.window.naming import names_of
from streams.window.sets import number_of
from streams.window.shapes import MOVED, NEVER, NOTHING

if TYPE_CHECKING:
    from streams.window.sets import KnownSets
    from streams.window.shapes import Array, Phones, Sets
    from streams.window.world import Judged


class Telling:
    """Gathers the changes of one record after another."""

    def __init__(self) -> None:
        self._named: list[tuple[str, int]] = []
        self._areas = names_of(self._named)
        self._rows, self._reasons = np.empty(0, CHANGE), np.empty(0, REASON)
        self._count = self._end = 0
        self._full: list[tuple[Array, Array]] = []

    def tell(
        self,
        phones: Phones,
        known: KnownSets,
        judged: Judged,
        changed: int,
        named: list[tuple[str, int]],
        *,
        slot_minutes: int,
        policy_version: int,
        effective_at: int,
    ) -> None:
        """Take the phones that were judged and changed, and remember what is told as their last event.

        `named` are areas' ids and versions by serial, a list that only grows.
        """
        items = int(judged.start[changed])
        if self._count + changed > len(self._rows) or self._end + items > len(self._reasons):
            self._make_room(judged)
        if named is not self._named or len(named) != len(self._areas.end):
            self._named, self._areas = named, names_of(named)
        known.reserve(changed, items)
        self._end = tell(
            phones,
            known.sets,
            judged,
            changed,
            self._areas.rank,
            self._rows[self._count :],
            self._reasons,
            self._end,
            slot_minutes,
            policy_version,
            effective_at,
        )
        self._count += changed

    def told(self, partition: int, offset: int | None) -> Changes:
        """Return what was told since last asked, as changes of the record at this offset."""
        if not self._count and not self._full:
            return Changes()
        self._put_away()
        full, self._full = self._full, []
        return Changes(ChangeColumns(*one, self._areas, partition, offset) for one in full)

    def _make_room(self, judged: Judged) -> None:
        self._put_away()
        if len(self._rows) < len(judged.phone) or len(self._reasons) < len(judged.items):
            self._rows = np.zeros(len(judged.phone), CHANGE)
            self._reasons = np.zeros(len(judged.items), REASON)

    def _put_away(self) -> None:
        if self._count:
            self._full.append((self._rows[: self._count].copy(), self._reasons[: self._end].copy()))
        self._count = self._end = 0


@compiled
def put_in_order(judged: Judged, begin: int, end: int, rank: Array) -> None:
    """Put a phone's items, in order of their numbers, into that of rule 6.2: by kind, then by area's id."""
    for i in range(begin + 1, end):
        item, first, last = judged.items[i], judged.first[i], judged.last[i]
        at = i
        while at > begin:
            before = judged.items[at - 1]
            if (before % 4, rank[before // 4]) <= (item % 4, rank[item // 4]):
                break
            judged.items[at] = before
            judged.first[at], judged.last[at] = judged.first[at - 1], judged.last[at - 1]
            at -= 1
        judged.items[at], judged.first[at], judged.last[at] = item, first, last


@entry
def tell(
    phones: Phones,
    sets: Sets,
    judged: Judged,
    changed: int,
    rank: Array,
    rows: Array,
    reasons: Array,
    free: int,
    slot_minutes: int,
    policy_version: int,
    effective_at: int,
) -> int:
    """Write the change of each phone that changed, its reasons from `free` on; return where these end.

    There is room for all, and in `sets` for as many new ones.
    """
    for number in range(changed):
        phone, row = judged.phone[number], rows[number]
        hot, base = phones.hot[phone], judged.base[number]
        begin, end = judged.start[number], judged.start[number + 1]
        row.previous = sets.colour[hot.keys] if phones.sequence[phone] else FIRST
        hot.keys = number_of(sets, base, judged.items, begin, end)
        phones.seats[phone].moved |= MOVED
        phones.sequence[phone] += 1
        put_in_order(judged, begin, end, rank)
        for i in range(begin, end):
            reason, first, last = reasons[free], judged.first[i], judged.last[i]
            reason.from_ = first * slot_minutes * 60
            reason.until = (last + 1) * slot_minutes * 60
            reason.dwell = (last - first) * slot_minutes
            reason.kind, reason.area = judged.items[i] % 4, judged.items[i] // 4
            free += 1
        lasts = judged.lasts[number]
        row.high, row.low, row.sequence = hot.high, hot.low, phones.sequence[phone]
        row.policy_version, row.effective_at = policy_version, effective_at
        row.valid_until = NOTHING if lasts == NEVER else lasts * slot_minutes * 60
        row.base, row.colour, row.end = base, sets.colour[hot.keys], free
    return free
