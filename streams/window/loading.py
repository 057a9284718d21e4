"""A window from a checkpoint's segments: every later event is the one that the window saved would give."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

from streams.domain.rules import Rules
from streams.window.facts import read_facts
from streams.window.packing import NO_ROOM, link, unpack_entries, unpack_phones
from streams.window.saving import ENTRIES_HEAD, PHONES_HEAD
from streams.window.segments import CELLS, GROUP, Kind, SegmentError, payload_of
from streams.window.shapes import BLOCK, SLICE

if TYPE_CHECKING:
    from streams.window.facts import Facts
    from streams.window.segments import Account, Segment
    from streams.window.window import Window


class Loading:
    """Takes a checkpoint's segments in any order into a fresh window of the same deployment and partition."""

    def __init__(self, window: Window, account: Account) -> None:
        self._window, self._account = window, account
        self._book, self._diaries, self._atlas, self._known = window.parts
        self._book.begin(account.phones)
        self._owner, self._used = self._diaries.begin(account.blocks)
        self._cells = np.zeros(account.places, np.int64)
        self._text: dict[int, bytes] = {}

    def take(self, segment: Segment, kept: bytes) -> None:
        """Take one segment's bytes; SegmentError where they are torn, or of another state."""
        payload = payload_of(segment, kept)
        match segment.kind:
            case Kind.PHONES:
                fits = self._take_phones(segment.number, payload)
            case Kind.ENTRIES:
                fits = self._take_entries(segment.number, payload)
            case Kind.PLACES:
                fits = self._take_places(segment.number, payload)
            case Kind.FACTS:
                fits = True
                self._text[segment.number] = payload
        if not fits:
            raise SegmentError("expected what its account says, found another state's")

    def window(self) -> Window:
        """Return the window, once all segments were taken; SegmentError where they do not fit."""
        facts = self._facts()
        window = self._window
        window.versions = {area.id: area for area in facts.areas}
        window.rules = Rules.of(facts.policy, facts.areas, window.deployment)
        for case in facts.cases:
            window.cases.enter(case)
        for base, items in facts.sets:
            self._known.number(base, items)
        self._book.index()
        self._diaries.resume(self._owner, self._used, self._account.last)
        self._atlas.resume(facts.named, self._cells)
        window.resume(self._account.clock)
        return window

    def _facts(self) -> Facts:
        try:
            return read_facts(b"".join(self._text[number] for number in range(len(self._text))))
        except (ValueError, KeyError, TypeError, zlib.error) as error:
            raise SegmentError(f"expected rules, areas and cases, found {type(error).__name__}") from None

    def _take_phones(self, number: int, payload: bytes) -> bool:
        phones, count = self._book.phones, self._account.phones
        part = slice(max(1, number << SLICE), min((number + 1) << SLICE, count + 1))
        now, rows = PHONES_HEAD.unpack_from(payload)
        if rows + 1 != part.stop - part.start:
            return False
        given = np.frombuffer(payload, np.uint8, offset=PHONES_HEAD.size)
        columns = (phones.hot[part], phones.sequence[part], phones.due[part])
        return bool(unpack_phones(given, now, *columns) == len(given))

    def _take_entries(self, number: int, payload: bytes) -> bool:
        blocks, rows = ENTRIES_HEAD.unpack_from(payload)[0], self._diaries.entries.rows
        first = number * GROUP
        if not blocks or first + blocks > self._account.blocks:
            return False
        part = slice(first, first + blocks)
        owner, used = self._owner[part], self._used[part]
        given = np.frombuffer(payload, np.uint8, offset=ENTRIES_HEAD.size)
        size = unpack_entries(
            given,
            self._account.phones,
            self._account.places,
            rows[first * BLOCK : (first + blocks) * BLOCK],
            owner,
            used,
            self._diaries.ring,
        )
        if size in {NO_ROOM, 0} or size != len(given):
            return False
        link(rows, first, owner, used, self._book.phones.heads)
        return True

    def _take_places(self, number: int, payload: bytes) -> bool:
        cells = np.frombuffer(payload, ">i8")
        room = self._cells[number * CELLS : (number + 1) * CELLS]
        if len(cells) != len(room):
            return False
        room[:] = cells
        return True
