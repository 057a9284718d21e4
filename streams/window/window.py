"""The window: the state of one journal partition, packed; the twin of `streams.domain.fold.Fold`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from streams.domain import areas as risk
from streams.domain.exclusions import Cases
from streams.domain.headcount import every
from streams.domain.policy import merged
from streams.domain.records import AreaPublished, Excluded, PolicyPublished, Sightings
from streams.domain.refusals import ahead, refusal
from streams.domain.rules import Rules
from streams.domain.slots import slot_of, start_of
from streams.window.assessing import Assessing, Parts
from streams.window.atlas import Atlas
from streams.window.book import Book
from streams.window.changes import Outcome
from streams.window.columns import SightingColumns, columns_of, one_kind
from streams.window.entering import enter
from streams.window.headcount import Counting
from streams.window.panes import Diaries, phones_at
from streams.window.sets import KnownSets
from streams.window.settled import Settled
from streams.window.shapes import CALM, LOST, MOVED, RANGING, SPECIAL, TOUCHED
from streams.window.struck import Struck

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.domain.policy import Deployment, Policy
    from streams.domain.records import AreaVersion, Exclusion, Record
    from streams.window.changes import Changes
    from streams.window.shapes import Array
    from streams.window.world import World


class Window:
    """The state of one journal partition; `apply` takes the next record. Made of what a `Fold` is made of."""

    def __init__(
        self, deployment: Deployment, policy: Policy, areas: Iterable[AreaVersion] = (), partition: int = 0
    ) -> None:
        self.deployment = deployment
        self.partition = partition
        self.versions = risk.highest(areas)
        self.rules = Rules.of(policy, self.versions.values(), deployment)
        self.cases = Cases(policy.slot_minutes)
        self.clock: int | None = None
        self._now = 0
        self._offset: int | None = None
        ring = deployment.retention_days + 2
        self._book = Book(ring)
        self._diaries = Diaries(ring, self.rules.spans.day)
        self._atlas = Atlas()
        self._struck = Struck()
        self._settled = Settled()
        self.parts = Parts(self._book, self._diaries, self._atlas, KnownSets())
        """What the state is made of."""
        self._assessing = Assessing(self.parts, self._struck, self._settled, self.rules)
        self.counting = Counting(self.parts, self._assessing, every(policy.slot_minutes))
        self._prepare()

    @property
    def phones(self) -> int:
        """Return how many phones there are."""
        return self._book.count

    @property
    def now(self) -> int:
        """Return the clock's slot."""
        return self._now

    def world(self) -> World:
        """Return all that phones are judged by, as compiled code reads it; until the next record."""
        return self._assessing.world()

    def resume(self, clock: int | None) -> None:
        """Go on from parts, versions and cases that were loaded, at this clock."""
        self.clock = clock
        if clock is not None:
            self._now = slot_of(clock, self.rules.policy.slot_minutes)
        self._struck.resume(self.cases, self._book, self._atlas)
        self._moved(slice(1, self._book.count + 1))
        self._prepare()
        if clock is not None:
            self._assessing.cover_days(self._now)

    def judge_everybody(self) -> Changes:
        """Judge all phones at the clock, whatever concerns them; return the changes."""
        self._struck.find_phones(self.cases, self._book)
        self._prepare()
        if self.clock is not None:
            self._assessing.judge(self._book.everybody(), self._now, self.clock)
        return self._assessing.changes.told(self.partition, self._offset)

    def nbytes(self) -> int:
        """Return the bytes that the state takes, room to grow included."""
        return self._book.nbytes() + self._diaries.nbytes() + self._atlas.nbytes() + self._settled.nbytes()

    def apply(self, record: Record | SightingColumns, offset: int | None) -> Outcome:
        """Apply one record whole (rule 6.5) and return its changes in the rule's order."""
        if isinstance(record, Sightings):
            record = columns_of(record)
        refused = self._refusal(record)
        if refused is not None:
            return Outcome(refused=refused)
        self._offset = offset
        outcome = Outcome()
        self._advance(record.clock)
        concerned = self._enter(record, outcome)
        if len(concerned) and self.clock is not None:
            self._assessing.judge(self._book.in_order(concerned), self._now, self.clock)
        outcome.changes = self._assessing.changes.told(self.partition, offset)
        outcome.counts = self.counting.taken()
        return outcome

    def _refusal(self, record: Record | SightingColumns) -> str | None:
        policy = self.rules.policy
        if isinstance(record, SightingColumns):
            return ahead(int(record.slots.max()), record.clock, policy) if len(record.slots) else None
        return refusal(record, policy, self.versions, self.cases, self.deployment)

    def _advance(self, clock: int) -> None:
        """Move the clock slot by slot, judging at each boundary the phones it concerns (rule 6.5 (a))."""
        target = slot_of(clock, self.rules.policy.slot_minutes)
        if self.clock is not None:
            if clock <= self.clock:
                return
            if target == self._now:
                self.clock = clock
                return
            self._pass(target)
        self.clock, self._now = clock, target
        self._diaries.roll(target // self.rules.spans.day, self._book.phones.heads)
        self._assessing.cover_days(self._now)

    def _pass(self, target: int) -> None:
        """Judge the phones due up to a slot; count, where they are counted, whenever it may be otherwise."""
        length, day = self.rules.policy.slot_minutes, self.rules.spans.day
        since = self._now + 1
        due = self._book.due(target)
        while len(due):
            slots = self._book.phones.due[due]
            slot = int(slots.min())
            self.counting.take_first(since, slot - 1)
            self._diaries.roll(slot // day, self._book.phones.heads)
            here = self._book.in_order(due[slots == slot])
            self._assessing.judge(here, slot, start_of(slot, length))
            since = slot
            due = due[self._book.phones.due[due] <= target]
        self.counting.take_ends(since, target)

    def _moved(self, rows: Array) -> Array:
        """Return phones; where they were last observed is to be worked out again."""
        self._book.phones.seats["moved"][rows] = MOVED | LOST
        return rows

    def _enter(self, record: Record | SightingColumns, outcome: Outcome) -> Array:
        """Let a record's content in; return the phones to judge (rule 6.5 (b), (c))."""
        match record:
            case SightingColumns():
                return self._enter_sightings(record, outcome)
            case AreaPublished(area=area):
                return self._enter_area(area)
            case PolicyPublished():
                return self._enter_policy(record)
            case Excluded(exclusion=exclusion):
                return self._enter_exclusion(exclusion)
            case _:
                return _NOBODY

    def _enter_sightings(self, record: SightingColumns, outcome: Outcome) -> Array:
        count = len(record.slots)
        if not count:
            return _NOBODY
        book, diaries = self._book, self._diaries
        rows = self._atlas.rows(record.hexes, self.rules, self.cases.of_hex)
        book.reserve(count)
        diaries.reserve(count)
        concerned = np.empty(count, np.int64)
        before = book.count
        book.count, found, late = enter(
            book.table,
            book.phones,
            diaries.entries,
            diaries.panes,
            diaries.crowded,
            self._atlas.places,
            self._assessing.limits,
            self.parts.known.sets,
            self._assessing.days,
            before,
            *map(one_kind, (record.high, record.low, rows << 1 | record.coarse, record.slots)),
            self._now - self.rules.retained,
            self._settled.rows,
            concerned,
        )
        outcome.too_late += late
        if self.cases.of_phone and book.count > before:
            self._struck.find_phones(self.cases, self._book)
        return concerned[:found]

    def _enter_area(self, version: AreaVersion) -> Array:
        known = self.versions.get(version.id)
        if known is not None and version.version <= known.version:
            return _NOBODY
        before = self.rules.areas.get(version.id)
        self.versions[version.id] = version
        self.rules.replaced(version)
        after = self.rules.areas.get(version.id)
        self._prepare()
        cells = frozenset[int]().union(*(area.cells for area in (before, after) if area is not None))
        return self._seen_at(self._atlas.among(cells))

    def _enter_policy(self, record: PolicyPublished) -> Array:
        if record.version <= self.rules.policy.version:
            return _NOBODY
        before = self.rules
        policy = merged(before.policy, record.version, record.thresholds, self.deployment)
        self.rules = Rules.of(policy, self.versions.values(), self.deployment)
        self._prepare()
        self._assessing.cover_days(self._now)
        flags = self._book.phones.hot["flags"][: self._book.count + 1]
        flags &= ~np.int32(CALM)
        self._book.phones.changed[:] = True
        if self.rules.reach_m == before.reach_m and self.rules.spans.jump == before.spans.jump:
            flags[(flags & RANGING) != 0] |= TOUCHED
        else:
            flags[1:] |= TOUCHED | RANGING
        self._seen_at((self._atlas.places.flags & SPECIAL) != 0)
        return self._moved(np.arange(1, self._book.count + 1))

    def _enter_exclusion(self, exclusion: Exclusion) -> Array:
        if not self.cases.enter(exclusion):
            return _NOBODY
        self._settled.rules += 1
        self._struck.find_phones(self.cases, self._book)
        if exclusion.hex is None:
            row = self._book.row(exclusion.phone or b"")
            return _NOBODY if row is None else self._moved(np.array([row]))
        self._struck.find_place(exclusion.hex, self.cases, self._atlas, self.rules)
        return self._moved(self._seen_at(self._atlas.among(frozenset([exclusion.hex]))))

    def _seen_at(self, places: Array) -> Array:
        """Return the phones with an entry at a place of those rows; they are touched from now on."""
        found = np.empty(self._book.count + 1, np.int64)
        diaries = self._diaries
        count = phones_at(self._book.phones, diaries.entries, diaries.panes, places, found)
        return found[:count]

    def _prepare(self) -> None:
        """Take the rules in force as compiled code reads them."""
        self._settled.rules += 1
        self._assessing.prepare(self.rules)
        self._atlas.judge_again(self.rules, self.cases.of_hex)


_NOBODY: Final = np.zeros(0, np.int64)
