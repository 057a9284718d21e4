"""Phones judged by the rules in force, and what changed told (rules 6.1, 6.5 (c))."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from streams.window.headcount import count
from streams.window.judging import judge
from streams.window.limits import CivilDays, chords_of, judged, limits_of, room
from streams.window.telling import Telling
from streams.window.visiting import KINDS
from streams.window.world import World

if TYPE_CHECKING:
    from streams.domain.rules import Rules
    from streams.window.atlas import Atlas
    from streams.window.book import Book
    from streams.window.panes import Diaries
    from streams.window.sets import KnownSets
    from streams.window.settled import Settled
    from streams.window.shapes import Array, Days
    from streams.window.struck import Struck

PAIRS: Final = 4096
"""Sightings of one phone that there is room to judge at first."""
ROWS: Final = 4096
"""Phones whose change is written out at once."""


class Parts(NamedTuple):
    """What a state is made of, for checkpoints (`saving.py`, `loading.py`)."""

    book: Book
    diaries: Diaries
    atlas: Atlas
    known: KnownSets


class Assessing:
    """Judges phones of a state; `changes` are those since they were last taken."""

    def __init__(self, parts: Parts, struck: Struck, settled: Settled, rules: Rules) -> None:
        self._parts, self._struck, self._settled = parts, struck, settled
        self.changes = Telling()
        self._civil = CivilDays()
        self._pairs = PAIRS
        self.prepare(rules)

    def prepare(self, rules: Rules) -> None:
        """Take rules as compiled code reads them."""
        self._rules = rules
        self.limits, self._chords = limits_of(rules), chords_of(rules)
        self._make_room(self._pairs)

    def _make_room(self, pairs: int) -> None:
        self._pairs = pairs
        rules, areas = self._rules, len(self._rules.areas)
        self._room = room(pairs, areas, rules.spans.day, rules.policy.min_days)
        self._judged = judged(ROWS, ROWS + KINDS * areas)

    @property
    def days(self) -> Days:
        """Return the civil days of the slots that are kept."""
        return self._civil.days

    def cover_days(self, now: int) -> None:
        """Know the civil day of each slot that can be counted now (rule 5.5)."""
        rules = self._rules
        self._civil.cover(rules.policy, now - rules.retained - rules.spans.day, now)

    def judge(self, rows: Array, now: int, effective_at: int) -> None:
        """Judge phones; one event exactly when colour or reasons differ from its last (rule 6.1)."""
        parts, policy, done = self._parts, self._rules.policy, 0
        while done < len(rows):
            self._settled.reserve(min(len(rows), ROWS))
            phones = parts.book.phones
            done, changed, needed = judge(phones, self.world(), self._room, rows, done, now, self._judged)
            if changed:
                self.changes.tell(
                    phones,
                    parts.known,
                    self._judged,
                    changed,
                    parts.atlas.named,
                    slot_minutes=policy.slot_minutes,
                    policy_version=policy.version,
                    effective_at=effective_at,
                )
            if needed:
                self._make_room(needed * 2)

    def count(self, now: int, within: Array, counts: Array) -> None:
        """Count the phones by hex and colour as slot `now` begins (`headcount.py`)."""
        book = self._parts.book
        while not count(book.phones, self.world(), self._room, book.count, now, within, counts):
            self._make_room(self._pairs * 2)

    def world(self) -> World:
        """Return all that phones are judged by, as it is now."""
        diaries, atlas = self._parts.diaries, self._parts.atlas
        return World(
            diaries.entries,
            atlas.places,
            atlas.links,
            atlas.areas,
            self._struck.of_phones,
            self._struck.of_places,
            self.limits,
            self._chords,
            self.days,
            self._parts.known.sets,
            self._settled.rows,
            self._settled.count,
            self._settled.rules,
        )
