"""Adoption, honestly: who holds a code beside who was ever asked for it, by community and age band (18.1).

A holder is somebody for whom a code was issued in the last seven days, or whose pass was valid in them, or
who showed one. *Used* are those whose code was checked online at a gate in them, by another office than any
that had issued a code of theirs which was valid then: an office that scans what it has printed itself is no
use. A gate that names no office counts for nothing, as it may be the one that issued.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from streams.people.actors import Role
from streams.people.audit.lookups import Kind as Looked
from streams.people.audit.lookups import LookUp, Subject
from streams.people.codes.claims import Kind
from streams.people.disclosure import percent, released
from streams.people.passes import APART, PassIssued

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from streams.people.actors import Actor
    from streams.people.commands import Recorded
    from streams.people.disclosure import Released
    from streams.people.evidence import Kind as Evidence
    from streams.people.gate import Answer
    from streams.people.passes import Fact
    from streams.people.register import Resident

DAY_MS: Final = 86_400_000
DAYS: Final = 7
_CHECK, _FETCH = "check ", "code "
"""What purposes of look-ups begin with, those from which adoption is counted."""
_SHOWN: Final[tuple[Evidence, ...]] = ("code", "paper_pass")
"""The evidence that is a code: a document or a phone with digits is none."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A code was issued to a person by an office (None: they or a proxy fetched it); times in unix ms."""

    person: bytes
    kind: Kind
    office: str | None
    at: int
    until: int
    by_proxy: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """A code of a person's was checked online at a gate of an office; `at` in unix ms."""

    person: bytes
    office: str | None
    at: int


@dataclass(frozen=True, slots=True)
class Adoption:
    """One community's one age band at a time (unix ms), as it may be published (rule 17.3)."""

    community: str
    age_band: str
    at: int
    residents: Released | None
    holders: Released | None
    by_proxy: Released | None
    on_paper: Released | None
    used: Released | None

    @property
    def holders_percent(self) -> int | None:
        """Return holders in per cent of residents, of released counts."""
        return percent(self.holders, self.residents)

    @property
    def used_percent(self) -> int | None:
        """Return those whose code was used in per cent of residents, of released counts."""
        return percent(self.used, self.residents)

    def reaches(self, target: int) -> bool:
        """Say whether so many per cent of the residents hold a code: alone it says nothing of use."""
        return (self.holders_percent or 0) >= target


def recorded_check(gate: Actor, person: bytes, shown: Evidence, answer: Answer, at: int) -> LookUp:
    """Return how a check at a gate is recorded, as the look-up that it is (rules 12.3, 17.1); `at` in ms."""
    told = (f"decision {answer.decision}", *answer.codes)
    return LookUp(gate, Subject(Looked.PERSON, person), f"{_CHECK}{shown}", at, told)


def recorded_fetch(actor: Actor, person: bytes, kind: Kind, at: int) -> LookUp:
    """Return how it is recorded that a page with a code was opened; one that renews itself is not again."""
    return LookUp(actor, Subject(Looked.PERSON, person), f"{_FETCH}{kind.value}", at, ("code",))


def use_of(lookup: LookUp) -> Issued | Checked | None:
    """Return what a look-up says of adoption, None for any other and for one that was denied."""
    if lookup.denied is not None or lookup.subject.kind is not Looked.PERSON:
        return None
    person, at = lookup.subject.id, lookup.at
    if lookup.actor.role is Role.GATE and lookup.purpose in {f"{_CHECK}{shown}" for shown in _SHOWN}:
        return Checked(person, lookup.actor.office, at)
    for kind in (Kind.LIVE, Kind.PROXY):
        if lookup.actor.role is Role.RESIDENT and lookup.purpose == f"{_FETCH}{kind.value}":
            return Issued(person, kind, None, at, at, by_proxy=kind is Kind.PROXY)
    return None


def passes_of(facts: Iterable[Recorded[Fact]]) -> Iterator[Issued]:
    """Yield what facts of passes, each person's in order, say of adoption; a revoked pass ends with that.

    Those of erased holders, who are no residents any more, say nothing (rule 19.2).
    """
    found: dict[bytes, Issued] = {}
    for fact in facts:
        body = fact.body
        if fact.aggregate.startswith(APART):
            continue
        if isinstance(body, PassIssued):
            person, until = bytes.fromhex(fact.aggregate), body.expires * 1000
            office, by_proxy = fact.actor.office, body.by_proxy
            found[body.pass_id] = Issued(person, Kind.PAPER, office, fact.at, until, by_proxy)
        elif body.pass_id in found:
            issued = found[body.pass_id]
            found[body.pass_id] = replace(issued, until=min(issued.until, fact.at))
    yield from found.values()


@dataclass(slots=True)
class _Person:
    issued: list[Issued] = field(default_factory=list)
    checked: list[Checked] = field(default_factory=list)

    def used(self) -> bool:
        return any(one.office is not None and one.office not in self._own(one.at) for one in self.checked)

    def _own(self, at: int) -> set[str | None]:
        return {one.office for one in self.issued if one.at <= at < one.until}


def adoption(
    residents: Iterable[Resident], said: Iterable[Issued | Checked], at: int, days: int = DAYS
) -> list[Adoption]:
    """Return each community's age bands, in order, as of a fixed time `at` (unix ms).

    Those with fewer than k residents are left out: that such people are there is not told either.
    """
    people = _by_person(said, at - days * DAY_MS, at)
    bands: defaultdict[tuple[str, str], list[_Person]] = defaultdict(list)
    for entry in residents:
        bands[entry.community, entry.age_band].append(people.get(entry.person) or _Person())
    found = [_band(*name, at, bands[name]) for name in sorted(bands)]
    return [one for one in found if one.residents is not None]


def _by_person(said: Iterable[Issued | Checked], since: int, at: int) -> Mapping[bytes, _Person]:
    """Return what counts of what was said: codes that were valid, or issued, after `since`, and checks."""
    people: defaultdict[bytes, _Person] = defaultdict(_Person)
    for one in said:
        if one.at > at:
            continue
        if isinstance(one, Issued) and max(one.at, one.until) > since:
            people[one.person].issued.append(one)
        elif isinstance(one, Checked) and one.at > since:
            people[one.person].checked.append(one)
    return people


def _band(community: str, age_band: str, at: int, people: list[_Person]) -> Adoption:
    holders = [one for one in people if one.issued or one.checked]
    return Adoption(
        community,
        age_band,
        at,
        released(len(people)),
        released(len(holders)),
        released(sum(any(code.by_proxy for code in one.issued) for one in holders)),
        released(sum(any(code.kind is Kind.PAPER for code in one.issued) for one in holders)),
        released(sum(one.used() for one in holders)),
    )
