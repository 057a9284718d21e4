"""The fold: a journal partition in, colour changes out (rules 6.1 to 6.6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streams.domain import areas as risk
from streams.domain import colours, exclusions
from streams.domain.deadlines import Deadlines
from streams.domain.diary import Diary, mark_of
from streams.domain.policy import merged
from streams.domain.records import (
    AreaPublished,
    ColourChanged,
    Excluded,
    PolicyPublished,
    Sightings,
    TimeAdvanced,
)
from streams.domain.refusals import refusal
from streams.domain.rules import Rules
from streams.domain.slots import slot_of, start_of
from streams.domain.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.domain.policy import Deployment, Policy
    from streams.domain.records import AreaVersion, Colour, Record


@dataclass(slots=True)
class Outcome:
    """What applying one record did."""

    changes: Sequence[ColourChanged] = field(default_factory=list)
    refused: str | None = None
    """Why the record was refused (a dead letter's detail), None if it was taken or ignored."""
    too_late: int = 0
    """Sightings dropped because they were older than what is kept (rule 1.5)."""


class Phone:
    """One phone: its diary, what that amounts to, and its last event (rule 6.6)."""

    __slots__ = ("colour", "diary", "keys", "sequence", "standing")

    def __init__(self) -> None:
        self.diary = Diary()
        self.standing = Standing()
        self.sequence = 0
        self.colour: Colour | None = None
        self.keys = colours.NO_SIGNAL.keys


class Fold:
    """The state of one journal partition; `apply` takes the next record."""

    def __init__(
        self, deployment: Deployment, policy: Policy, areas: Iterable[AreaVersion] = (), partition: int = 0
    ) -> None:
        self.deployment = deployment
        self.partition = partition
        self.versions = risk.highest(areas)
        self.rules = Rules.of(policy, self.versions.values(), deployment)
        self.cases = exclusions.Cases(policy.slot_minutes)
        self.phones: dict[bytes, Phone] = {}
        self.clock: int | None = None
        self._now = 0
        self._deadlines = Deadlines()
        self._offset: int | None = None

    def apply(self, record: Record, offset: int | None) -> Outcome:
        """Apply one record whole (rule 6.5) and return its changes in the rule's order."""
        refused = refusal(record, self.rules.policy, self.versions, self.cases, self.deployment)
        if refused is not None:
            return Outcome(refused=refused)
        self._offset = offset
        changes: list[ColourChanged] = []
        outcome = Outcome(changes)
        self._advance(record.clock, changes)
        for phone in sorted(self._enter(record, outcome)):
            self._assess(phone, self._clock, changes)
        return outcome

    @property
    def _clock(self) -> int:
        if self.clock is None:
            raise ValueError("the clock stands only after the first record")
        return self.clock

    def _advance(self, clock: int, changes: list[ColourChanged]) -> None:
        """Move the clock slot by slot, judging at each boundary the phones it concerns (rule 6.5 (a))."""
        length = self.rules.policy.slot_minutes
        target = slot_of(clock, length)
        if self.clock is None:
            self.clock, self._now = clock, target
            return
        if clock <= self.clock:
            return
        day = self.rules.spans.day
        midnight = target // day != self._now // day
        while (slot := self._deadlines.next(target)) is not None:
            self._now = slot
            for phone in self._deadlines.take(slot):
                self._assess(phone, start_of(slot, length), changes)
        self.clock, self._now = clock, target
        if midnight:
            self._forget()

    def _enter(self, record: Record, outcome: Outcome) -> set[bytes]:
        """Let a record's content in; return the phones to assess (rule 6.5 (b), (c))."""
        match record:
            case Sightings():
                return self._enter_sightings(record, outcome)
            case AreaPublished(area=area):
                return self._enter_area(area)
            case PolicyPublished():
                return self._enter_policy(record)
            case Excluded(exclusion=exclusion):
                concerned = self._concerned(exclusion.phone, exclusion.hex)
                return self._refresh(concerned) if self.cases.enter(exclusion) else set()
            case TimeAdvanced():
                return set()

    def _enter_sightings(self, record: Sightings, outcome: Outcome) -> set[bytes]:
        rules, phones = self.rules, self.phones
        edge = self._now - rules.retained
        struck_phones, struck_hexes = self.cases.of_phone, self.cases.of_hex
        stale: dict[bytes, int] = {}
        concerned: set[bytes] = set()
        for name, cell, slot, coarse in zip(
            record.phones, record.hexes, record.slots, record.coarse, strict=True
        ):
            if slot <= edge:
                outcome.too_late += 1
                continue
            phone = phones.get(name)
            if phone is None:
                phone = phones[name] = Phone()
                phone.standing.observed = phone.diary.marks
            diary, standing = phone.diary, phone.standing
            if not diary.enter(slot, cell, mark_of(cell, coarse=coarse), rules.reach_m):
                continue
            if (
                standing.touched
                or diary.wide
                or name in struck_phones
                or cell in struck_hexes
                or not rules.is_plain(cell)
            ):
                standing.touched = True
                stale[name] = min(slot, stale.get(name, slot))
                concerned.add(name)
            else:
                standing.observe(rules, slot)
                # A sighting that touches nothing can only keep a green phone green.
                if phone.colour != "green":
                    concerned.add(name)
        for name, since in stale.items():
            phone = phones[name]
            phone.standing.refresh(rules, self.cases, name, phone.diary, since)
        return concerned

    def _enter_area(self, version: AreaVersion) -> set[bytes]:
        known = self.versions.get(version.id)
        if known is not None and version.version <= known.version:
            return set()
        before = self.rules.areas.get(version.id)
        self.versions[version.id] = version
        self.rules.replaced(version)
        after = self.rules.areas.get(version.id)
        cells = frozenset().union(*(area.cells for area in (before, after) if area is not None))
        return self._refresh(
            {name for name, p in self.phones.items() if not cells.isdisjoint(p.diary.last_seen)}
        )

    def _enter_policy(self, record: PolicyPublished) -> set[bytes]:
        if record.version <= self.rules.policy.version:
            return set()
        policy = merged(self.rules.policy, record.version, record.thresholds, self.deployment)
        self.rules = Rules.of(policy, self.versions.values(), self.deployment)
        for phone in self.phones.values():
            if phone.diary.marks:
                phone.diary.measure(self.rules.reach_m)
        return self._refresh({name for name, p in self.phones.items() if p.diary.marks})

    def _concerned(self, name: bytes | None, cell: int | None) -> set[bytes]:
        if name is not None:
            return {name} & self.phones.keys()
        return {n for n, phone in self.phones.items() if cell in phone.diary.last_seen}

    def _refresh(self, names: set[bytes]) -> set[bytes]:
        for name in names:
            phone = self.phones[name]
            phone.standing.refresh(self.rules, self.cases, name, phone.diary)
        return names

    def _assess(self, name: bytes, effective_at: int, changes: list[ColourChanged]) -> None:
        """Judge a phone; one event exactly when colour or reasons differ from its last (rule 6.1)."""
        phone, rules = self.phones[name], self.rules
        found = colours.assess(rules, phone.standing, self._now)
        self._deadlines.put(name, found.due)
        if found.keys == phone.keys:
            return
        phone.sequence += 1
        changes.append(
            ColourChanged(
                phone=name,
                sequence=phone.sequence,
                previous=phone.colour,
                colour=found.colour,
                reasons=colours.reasons(rules, found, self._now),
                policy_version=rules.policy.version,
                effective_at=effective_at,
                valid_until=None if found.lasts is None else start_of(found.lasts, rules.policy.slot_minutes),
                partition=self.partition,
                offset=self._offset,
            )
        )
        phone.colour, phone.keys = found.colour, found.keys

    def _forget(self) -> None:
        """Drop what is no longer kept (rules 1.5, 6.6): once a day, since no window reaches it anyhow."""
        edge = self._now - self.rules.retained
        for phone in self.phones.values():
            if phone.diary.forget(edge, self.rules.reach_m):
                phone.standing.forget(edge)
