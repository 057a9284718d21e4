"""What a declaration says, and the reasons it amounts to by the areas in force (rule 11.1).

Times are unix seconds (UTC); cells are H3 cells of the deployment's resolution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.domain import hexes
from streams.domain.colours import ORDER
from streams.domain.policy import DAY_MINUTES
from streams.domain.records import Reason
from streams.domain.slots import slot_of, start_of
from streams.people.commands import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.domain.areas import Area
    from streams.domain.policy import Policy
    from streams.domain.records import ReasonCode

DAYS: Final = 14
"""What is declared is of so many days, and a declaration is a source for as many (rules 11.1, 12.2)."""
SECONDS: Final = DAYS * DAY_MINUTES * 60
SYMPTOMS: Final = ("fever", "cough", "breathless", "other")
CONTACTS: Final = ("with_a_case", "with_a_traveller")
MOST_PLACES: Final = 100
MOST_CELLS: Final = 1000
"""Cells of one place: a county, not a country."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place somebody says they stayed in or passed: one hex, or all the cells that a place's id means."""

    cells: tuple[int, ...]
    stayed: bool
    from_: int
    until: int
    """Excluded."""

    def meets(self, area: Area) -> bool:
        """Say whether some of the place lies in an area."""
        return not area.cells.isdisjoint(self.cells)


@dataclass(frozen=True, slots=True)
class Statement:
    """One declaration whole; symptoms and contacts are told on, and have no reason in rule 5."""

    places: tuple[Place, ...] = ()
    arrival: int | None = None
    """When they came into the jurisdiction from elsewhere, None if they did not."""
    symptoms: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()


def refusal(statement: Statement, at: int, resolution: int) -> Refused | None:
    """Return why a statement made at `at` cannot be taken, None if it can."""
    if len(statement.places) > MOST_PLACES:
        return Refused("too_many_places", f"expected at most {MOST_PLACES} places")
    for place in statement.places:
        refused = _unusable(place, at, resolution)
        if refused is not None:
            return refused
    if statement.arrival is not None and not at - SECONDS < statement.arrival <= at:
        return Refused("not_in_the_last_days", f"arrival: expected a time in the last {DAYS} days")
    for given, known in ((statement.symptoms, SYMPTOMS), (statement.contacts, CONTACTS)):
        if not set(given) <= set(known):
            return Refused("unknown_word", f"expected some of {', '.join(known)}")
    return None


def _unusable(place: Place, at: int, resolution: int) -> Refused | None:
    if not 1 <= len(place.cells) <= MOST_CELLS:
        return Refused("no_place", f"a place: expected 1 to {MOST_CELLS} cells")
    if not all(hexes.is_cell(cell, resolution) for cell in place.cells):
        return Refused("no_place", f"a place: expected H3 cells of resolution {resolution}")
    if not (place.from_ < place.until and at - SECONDS < place.until and place.from_ <= at):
        return Refused("not_in_the_last_days", f"a place: expected times in the last {DAYS} days")
    return None


def reasons(statement: Statement, areas: Iterable[Area], policy: Policy, now: int) -> tuple[Reason, ...]:
    """Return a statement's reasons at a time, in the order of rule 6.2.

    As in rule 4.3: who stayed in a core is `STAYED`, elsewhere in an area `NEAR_BOUNDARY`; who passed
    through a core is `PASSED_THROUGH`. A place that lies in a core only in part is not in the core.
    """
    found: dict[tuple[ReasonCode, str], Reason] = {}
    for area in areas:
        for place in statement.places:
            for reason in _of(place, area, policy, now):
                known = found.get((reason.code, area.id))
                if known is None or (known.until or 0) < (reason.until or 0):
                    found[reason.code, area.id] = reason
    told = list(found.values())
    edge = now - policy.window_days * DAY_MINUTES * 60
    if policy.jurisdiction is not None and statement.arrival is not None and statement.arrival > edge:
        told.append(Reason("RECENT_ARRIVAL"))
    ranked = sorted(told, key=lambda one: (ORDER.index(one.code), (one.area or "").encode()))
    return tuple(ranked) or (Reason("CLEAR"),)


def _of(place: Place, area: Area, policy: Policy, now: int) -> Iterator[Reason]:
    """Yield the reason of one place for one area, by the slots that both have in the window."""
    if not place.meets(area):
        return
    core = area.core.issuperset(place.cells)
    length = policy.slot_minutes
    present = slot_of(now, length)
    edge = present - policy.window_days * DAY_MINUTES // length
    first = max(slot_of(place.from_, length), area.first, edge + 1)
    last = min(slot_of(place.until - 1, length), area.end - 1, present)
    if first > last or not (place.stayed or core):
        return
    code: ReasonCode = "PASSED_THROUGH"
    if place.stayed:
        code = "STAYED" if core else "NEAR_BOUNDARY"
    until = start_of(int(last) + 1, length)
    dwell = (int(last) - first) * length
    yield Reason(code, area.id, area.version, start_of(first, length), until, dwell)
