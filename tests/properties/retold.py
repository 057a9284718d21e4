"""One history told in ways that must come to the same, and what a fold knows at the end of each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from streams.domain.explain import Explained, explained
from streams.domain.fold import Fold
from streams.domain.records import Excluded, Record, Sightings, TimeAdvanced
from tests.naive.derivation import behind
from tests.properties.seeds import PARTITION
from tests.properties.world import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from random import Random

    from streams.domain.records import ColourChanged
    from tests.properties.histories import History

Row: TypeAlias = tuple[bytes, int, int, bool]
Entry: TypeAlias = tuple[int | None, Record]
Said: TypeAlias = tuple[str, frozenset[tuple[str, str | None, int | None]]]
"""A colour and what stands behind it (rule 6.1)."""

NOTHING_SAID: Final[Said] = ("unknown", frozenset({("NO_SIGNAL", None, None)}))


def started(past: History) -> Fold:
    return Fold(past.deployment, past.policy, past.areas, PARTITION)


def tell(fold: Fold, entries: Iterable[Entry]) -> list[ColourChanged]:
    return [change for offset, record in entries for change in fold.apply(record, offset).changes]


def rows_of(records: Iterable[Entry]) -> list[Row]:
    return [
        row
        for _, r in records
        if isinstance(r, Sightings)
        for row in zip(r.phones, r.hexes, r.slots, r.coarse, strict=True)
    ]


def sightings(clock: int, rows: Sequence[Row]) -> Sightings:
    return Sightings(
        clock,
        tuple(row[0] for row in rows),
        tuple(row[1] for row in rows),
        tuple(row[2] for row in rows),
        tuple(row[3] for row in rows),
    )


def slot_seconds(past: History) -> int:
    return past.policy.slot_minutes * 60


def too_old(past: History, clock: int) -> int:
    """Return the latest slot that is no longer kept at a clock (rule 1.5)."""
    return (clock - (past.deployment.retention_days + 1) * DAY) // slot_seconds(past)


def taken(past: History) -> History:
    """Leave out the records refused and the sightings too late: the rest enters whole."""
    fold, left = started(past), list[Entry]()
    for offset, record in past.records:
        if fold.apply(record, offset).refused is not None or fold.clock is None:
            continue
        if isinstance(record, Sightings):
            edge = too_old(past, fold.clock)
            in_time = [row for row in rows_of([(offset, record)]) if row[2] > edge]
            left.append((offset, sightings(record.clock, in_time)))
        else:
            left.append((offset, record))
    return replace(past, records=tuple(left))


def clocks(past: History) -> list[int]:
    """Return the clock after each record of a history taken whole (rule 1.2)."""
    found: list[int] = []
    for _, record in past.records:
        found.append(max([record.clock, *found[-1:]]))
    return found


def reordered(past: History, random: Random) -> History:
    """Put each sighting into any records that it may stand in and reach in time, once or several times."""
    length = slot_seconds(past)
    places = {
        i: (too_old(past, clock), record.clock // length, list[Row]())
        for i, ((_, record), clock) in enumerate(zip(past.records, clocks(past), strict=True))
        if isinstance(record, Sightings)
    }
    for row in rows_of(past.records):
        fitting = [rows for edge, newest, rows in places.values() if edge < row[2] <= newest]
        for rows in random.choices(fitting, k=random.choice([1, 1, 2, 3])):
            rows.append(row)
    records = list(past.records)
    for i, (_, _, rows) in places.items():
        random.shuffle(rows)
        offset, record = records[i]
        records[i] = offset, sightings(record.clock, rows)
    return replace(past, records=tuple(records))


def slot_by_slot(past: History) -> Iterator[Entry]:
    """Before each record of a history taken whole let time reach its clock one boundary at a time."""
    length, now = slot_seconds(past), None
    for (offset, record), clock in zip(past.records, clocks(past), strict=True):
        if now is not None:
            for slot in range(now // length + 1, clock // length + 1):
                yield offset, TimeAdvanced(slot * length)
        yield offset, record
        now = clock


def ageing(fold: Fold) -> Entry:
    """Return a record at which all that the fold has seen is long out of every window."""
    return 1000, TimeAdvanced((fold.clock or 0) + (fold.deployment.retention_days + 2) * DAY)


def afresh(fold: Fold, rows: Sequence[Row], clock: int) -> Fold:
    """Return a fold that gets to know at a clock, at once, what another came to know."""
    anew = Fold(fold.deployment, fold.rules.policy, fold.versions.values(), fold.partition)
    tell(anew, [(None, Excluded(0, case)) for case in fold.cases.versions.values()])
    tell(anew, [(None, sightings(clock, rows))])
    return anew


def held(fold: Fold) -> dict[bytes, Explained]:
    """Return what holds of every phone, whatever the number of events it took."""
    every = {name: explained(fold, name) for name in sorted(fold.phones)}
    return {name: replace(found, sequence=0) for name, found in every.items() if found is not None}


def said(fold: Fold) -> dict[bytes, Said]:
    """Return what every phone's last event said."""
    return {name: (phone.colour or "unknown", frozenset(phone.keys)) for name, phone in fold.phones.items()}


def says(found: Explained | ColourChanged) -> Said:
    return found.colour, frozenset(behind(found.reasons))


def uncounted(changes: Iterable[ColourChanged]) -> list[ColourChanged]:
    """Leave out how many events and policies there were before."""
    return [
        replace(change, sequence=0, previous=change.previous or "unknown", policy_version=0)
        for change in changes
    ]
