"""What a diary amounts to under the rules in force: observed slots, visits, absences (rules 3 to 5).

`refresh(since)` works out again only what sightings from slot `since` on can have changed: what is
discounted depends on a sighting's neighbours within a day (rules 1.3, 3.4), never on the window's edge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.domain import arrivals, visits
from streams.domain.contested import nearest
from streams.domain.exclusions import struck
from streams.domain.plausibility import Plausibility
from streams.domain.slots import civil_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.domain.diary import Diary, Marks
    from streams.domain.exclusions import Cases, Strike
    from streams.domain.rules import Rules

ALWAYS = -(1 << 62)
"""Before every slot."""


class Standing:
    """A phone's observed slots, visits and absences, each kept for the whole diary."""

    __slots__ = ("absences", "last_of_day", "observed", "touched", "visits")

    def __init__(self) -> None:
        self.observed: dict[int, Marks] = {}
        """What 3.1 and 3.2 leave; the diary's own marks where they discount nothing."""
        self.visits: dict[str, list[visits.Visit]] = {}
        self.absences: list[arrivals.Absence] = []
        self.last_of_day: dict[int, int] = {}
        """The latest observed slot of each civil day (rule 5.5)."""
        self.touched = False
        """Rules 5.1 to 5.4 or 3 may concern this phone: `observe` does not do."""

    @property
    def latest(self) -> int | None:
        """Return the latest observed slot."""
        return max(self.last_of_day.values(), default=None)

    def observe(self, rules: Rules, slot: int) -> None:
        """Take a plausible sighting that touches no area and is no absence."""
        policy = rules.policy
        day = civil_day(slot, policy.slot_minutes, policy.timezone)
        if slot > self.last_of_day.get(day, ALWAYS):
            self.last_of_day[day] = slot

    def refresh(self, rules: Rules, cases: Cases, phone: bytes, diary: Diary, since: int = ALWAYS) -> None:
        """Work out again what sightings from slot `since` on can have changed."""
        strikes = cases.of_phone.get(phone, [])
        discounting = diary.wide or bool(strikes) or not cases.of_hex.keys().isdisjoint(diary.last_seen)
        if discounting:
            since = self._discount(rules, cases, strikes, diary, since)
        elif self.observed is not diary.marks:
            self.observed, since = diary.marks, ALWAYS
        self._count_days(rules, diary, since)
        self._follow(rules, diary, since - rules.spans.pingpong - 1)
        self.touched = discounting or bool(self.absences) or not all(map(rules.is_plain, diary.last_seen))

    def _discount(self, rules: Rules, cases: Cases, strikes: list[Strike], diary: Diary, since: int) -> int:
        """Apply rules 3.1 and 3.2; return the first slot whose observations may have changed."""
        left = unstruck(diary.marks, strikes, cases.of_hex) if strikes or cases.of_hex else diary.marks
        if self.observed is diary.marks:
            self.observed = {}
            since = ALWAYS
        else:
            since -= rules.spans.jump + rules.spans.support
        for slot in slots_from(self.observed, since, diary.latest):
            del self.observed[slot]
        plausibility = Plausibility(rules, left)
        for slot in slots_from(left, since, diary.latest):
            if marks := plausibility.left(slot):
                self.observed[slot] = marks
        return since

    def _count_days(self, rules: Rules, diary: Diary, since: int) -> None:
        policy = rules.policy
        days = {day: last for day, last in self.last_of_day.items() if last < since}
        for slot in slots_from(self.observed, since, diary.latest):
            days[civil_day(slot, policy.slot_minutes, policy.timezone)] = slot
        for day in self.last_of_day.keys() - days.keys():
            if (last := self._last_of(rules, day, since)) is not None:
                days[day] = last
        self.last_of_day = days

    def _last_of(self, rules: Rules, day: int, before: int) -> int | None:
        """Return the latest observed slot of a civil day before a slot of it: no day is as long as two."""
        policy = rules.policy
        for slot in range(before - 1, before - 2 * rules.spans.day, -1):
            if slot in self.observed and civil_day(slot, policy.slot_minutes, policy.timezone) == day:
                return slot
        return None

    def _follow(self, rules: Rules, diary: Diary, cut: int) -> None:
        """Follow the visits of every area touched, and the absences, from the slots after `cut` on."""
        after = slots_from(self.observed, cut + 1, diary.latest)
        touching = {area.id: area for cell in diary.last_seen for area in rules.by_hex.get(cell, ())}
        found: dict[str, list[visits.Visit]] = {}
        for name, area in touching.items():
            kept = visits.until(self.visits.get(name, []), cut) if cut > ALWAYS else []
            if known := visits.extend(rules, area, self.observed, after, kept):
                found[name] = known
        self.visits = found
        if rules.jurisdiction is None:
            self.absences = []
            return
        previous = nearest(self.observed, cut + 1, -1, rules.retained)
        self.absences = arrivals.extend(
            rules, self.observed, after, arrivals.until(self.absences, cut), previous
        )

    def forget(self, edge: int) -> None:
        """Drop what lies at or before `edge`, which no window reaches any more (rule 1.5)."""
        for slot in [slot for slot in self.observed if slot <= edge]:
            del self.observed[slot]
        self.visits = {name: v for name, old in self.visits.items() if (v := _later(old, edge))}
        self.absences = [absence for absence in self.absences if absence[-1] > edge]
        self.last_of_day = {d: s for d, s in self.last_of_day.items() if s > edge}


def slots_from(marks: Mapping[int, Marks], since: int, latest: int) -> list[int]:
    """Return the slots from `since` to `latest` in order, by the shorter of two ways."""
    if latest - since < len(marks):
        return [slot for slot in range(since, latest + 1) if slot in marks]
    return sorted(slot for slot in marks if slot >= since)


def unstruck(
    marks: Mapping[int, Marks], strikes: list[Strike], of_hex: Mapping[int, list[Strike]]
) -> dict[int, Marks]:
    """Return what rule 3.1 leaves of a diary."""
    left: dict[int, Marks] = {}
    for slot, here in marks.items():
        if struck(strikes, slot):
            continue
        kept = tuple(mark for mark in here if not struck(of_hex.get(mark >> 1, []), slot))
        if kept:
            left[slot] = kept
    return left


def _later(old: list[visits.Visit], edge: int) -> list[visits.Visit]:
    return [visit for visit in old if visit.held[-1] > edge]
