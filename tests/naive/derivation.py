"""A journal partition in, colour changes out, straight from the text (rules 1, 2.2, 3.1, 3.4 and 6)."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from streams.domain.records import (
    AreaPublished,
    ColourChanged,
    Excluded,
    PolicyPublished,
    Reason,
    Sightings,
    TimeAdvanced,
)
from tests.naive.colour import MILDER_COLOURS, assess
from tests.naive.refusal import refusal
from tests.naive.seen import Sighting, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.domain.policy import Deployment, Policy
    from streams.domain.records import AreaVersion, Colour, Exclusion, Record


def derive(
    deployment: Deployment,
    policy: Policy,
    areas: Iterable[AreaVersion],
    records: Iterable[tuple[int | None, Record]],
    partition: int = 0,
    *,
    tally: Counter[str] | None = None,
    every_phone_at_every_boundary: bool = False,
) -> list[ColourChanged]:
    """Derive all events; `tally` counts what happened on the way.

    Rule 6.5 (a) names the phones to assess at a boundary. `every_phone_at_every_boundary` assesses all,
    and looks for `valid_until` slot by slot: slower, and by 1.3 and 3.4 it must make no difference.
    """
    journal = Journal(deployment, policy, partition, Counter() if tally is None else tally)
    journal.exhaustive = every_phone_at_every_boundary
    for area in areas:
        journal.areas[area.id] = max(journal.areas.get(area.id, area), area, key=lambda a: a.version)
    for offset, record in records:
        journal.apply(record, offset)
    return journal.events


class Journal:
    """One partition: everything ever entered, and the events so far."""

    def __init__(self, deployment: Deployment, policy: Policy, partition: int, tally: Counter[str]) -> None:
        self.deployment, self.policy, self.partition, self.tally = deployment, policy, partition, tally
        self.exhaustive = False
        self.clock: int | None = None
        self.offset: int | None = None
        self.diaries: dict[bytes, set[Sighting]] = defaultdict(set)
        self.areas: dict[str, AreaVersion] = {}
        self.exclusions: dict[str, Exclusion] = {}
        self.last: dict[bytes, ColourChanged] = {}
        self.events: list[ColourChanged] = []

    def standing(self) -> Standing:
        areas = tuple(a for a in self.areas.values() if not a.withdrawn)
        exclusions = tuple(e for e in self.exclusions.values() if not e.withdrawn)
        return Standing(self.policy, areas, exclusions, self.tally)

    def slot_of(self, time: int) -> int:
        return time // (60 * self.policy.slot_minutes)

    def apply(self, record: Record, offset: int | None) -> None:
        """Rule 6.5. A refused record is a dead letter: it moves no clock and does nothing."""
        why = refusal(record, self.policy, self.deployment, self.areas, self.exclusions)
        if why is not None:
            self.tally["refused"] += 1
            self.tally["refused: " + why] += 1
            return
        self.offset = offset
        self.move_clock(record.clock)
        self.enter(record)
        if self.clock is not None:
            self.step(self.concerned(record), self.clock)

    def move_clock(self, time: int) -> None:
        """Rules 1.2 and 6.5 (a)."""
        if self.clock is None:
            self.clock = time
        if time < self.clock:
            self.tally["clock behind"] += 1
        for boundary in range(self.slot_of(self.clock) + 1, self.slot_of(time) + 1):
            before = len(self.events)
            self.step(self.aged_at(boundary), boundary * 60 * self.policy.slot_minutes)
            self.tally["changed at a boundary"] += len(self.events) - before
        self.clock = max(self.clock, time)

    def aged_at(self, boundary: int) -> list[bytes]:
        """Phones that lose a sighting from the window, or may become stale, at the boundary.

        One of the sightings is the latest observed one of 5.5; the others find no difference.
        """
        if self.exhaustive:
            return list(self.diaries)
        window = self.standing().window()
        stale = self.policy.stale_minutes // self.policy.slot_minutes + 1
        return [
            phone
            for phone, diary in self.diaries.items()
            if any(boundary - x.slot in (window, stale) for x in diary)
        ]

    def concerned(self, record: Record) -> list[bytes]:
        """Rule 6.5 (c)."""
        match record:
            case Sightings():
                return list(record.phones)
            case TimeAdvanced():
                return []
            case Excluded() if record.exclusion.phone is not None:
                return [record.exclusion.phone]
            case _:
                return list(self.diaries)

    def enter(self, record: Record) -> None:
        """Rule 6.5 (b); of controls the highest version stands."""
        match record:
            case Sightings():
                self.enter_sightings(record)
            case AreaPublished():
                area, old_area = record.area, self.areas.get(record.area.id)
                self.tally[f"area {how(area, old_area)}"] += 1
                if old_area is None or area.version > old_area.version:
                    self.areas[area.id] = area
            case PolicyPublished():
                taken = record.version > self.policy.version
                self.tally["policy taken" if taken else "policy ignored"] += 1
                if taken:
                    old = self.policy.window_days
                    self.policy = replace(self.policy, version=record.version, **record.thresholds)
                    self.tally["policy longer"] += self.policy.window_days > old
                    self.tally["policy shorter"] += self.policy.window_days < old
            case Excluded():
                case, old_case = record.exclusion, self.exclusions.get(record.exclusion.case)
                self.tally[f"exclusion {how(case, old_case)}"] += 1
                if old_case is None or case.version > old_case.version:
                    self.exclusions[case.case] = case

    def enter_sightings(self, record: Sightings) -> None:
        """Rule 1.5: what is older than what is kept is dropped."""
        oldest = self.slot_of(self.clock or 0) - (self.deployment.retention_days + 1) * self.standing().day()
        for phone, cell, slot, coarse in zip(
            record.phones, record.hexes, record.slots, record.coarse, strict=True
        ):
            sighting = Sighting(cell, slot, coarse)
            if sighting.slot <= oldest:
                self.tally["too late"] += 1
                continue
            self.tally["repeated"] += sighting in self.diaries[phone]
            self.diaries[phone].add(sighting)

    def step(self, phones: Iterable[bytes], effective_at: int) -> None:
        """Rules 6.1, 6.2 and 6.5: one assessment of each phone, in the order of the pseudonym's bytes."""
        n, standing = self.slot_of(effective_at), self.standing()
        for phone in sorted(set(phones)):
            colour, reasons = assess(self.diaries[phone], phone, n, standing)
            last = self.last.get(phone)
            before = (last.colour, last.reasons) if last else ("unknown", (Reason("NO_SIGNAL"),))
            if colour == before[0] and behind(reasons) == behind(before[1]):
                continue
            event = ColourChanged(
                phone=phone,
                sequence=last.sequence + 1 if last else 1,
                previous=last.colour if last else None,
                colour=colour,
                reasons=reasons,
                policy_version=self.policy.version,
                effective_at=effective_at,
                valid_until=self.valid_until(phone, colour, n, standing),
                partition=self.partition,
                offset=self.offset,
            )
            self.last[phone] = event
            self.events.append(event)

    def valid_until(self, phone: bytes, colour: Colour, n: int, standing: Standing) -> int | None:
        """Rule 6.2: try the slot boundaries one by one until the colour is milder.

        Only the loss of a sighting makes red or yellow milder (staleness says nothing beside them).
        """
        if colour not in ("red", "yellow"):
            return None
        window, quiet = standing.window(), replace(standing, tally=Counter())
        for boundary in range(n + 1, n + window + 2):
            loses = any(x.slot == boundary - window for x in self.diaries[phone])
            if (loses or self.exhaustive) and (
                assess(self.diaries[phone], phone, boundary, quiet)[0] in MILDER_COLOURS[colour]
            ):
                return boundary * 60 * self.policy.slot_minutes
        return None


def behind(reasons: tuple[Reason, ...]) -> set[tuple[str, str | None, int | None]]:
    """Rule 6.1: what stands behind a colour."""
    return {(r.code, r.area, r.area_version) for r in reasons}


def how(new: AreaVersion | Exclusion, old: AreaVersion | Exclusion | None) -> str:
    """The kind of control, for the tally."""
    if old is not None and new.version <= old.version:
        return "ignored"
    if new.withdrawn:
        return "withdrawn"
    if old is None:
        return "new"
    return "back" if old.withdrawn else "amended"
