"""A scenario of adoption, read and run: residents by number, their codes, and the gates that checked them.

Residents are numbered on from 1, band by band. Passes, pages and checks are of a span of numbers, each at
noon of a day; passes last three days. Who is `erased` is no resident any more, and their passes are nameless.
The count is as of the beginning of day 15.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from streams.people.actors import Actor, Role
from streams.people.adoption import (
    DAY_MS,
    Adoption,
    Checked,
    Issued,
    adoption,
    passes_of,
    recorded_check,
    recorded_fetch,
    use_of,
)
from streams.people.codes.claims import Colour, Kind
from streams.people.commands import Recorded
from streams.people.gate import Answer
from streams.people.gate_words import STEPS
from streams.people.passes import ASKED, Fact, Passes, PassIssued, PassRevoked, evolve, nameless
from streams.people.register import Resident

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FIRST: Final = 1_583_020_800_000
"""2020-03-01T00:00:00Z, day 1."""
PAPER: Final = 3 * 86_400
COUNTED: Final = 15
_SPAN: Final = re.compile(r"(\d+) to (\d+)(?: by ([\w-]+))?(?: at ([\w-]+))? on day (\d+)(?: by (document))?")
ANSWER: Final = Answer("pass", ("CLEAR",), STEPS["pass"])


def beginning(day: int) -> int:
    return FIRST + (day - 1) * DAY_MS


def name_of(number: int) -> bytes:
    return number.to_bytes(16, "big")


@dataclass
class Scenario:
    """One scenario as its file has it; a key that nobody knows is an error."""

    rule: str
    name: str
    residents: dict[str, int]
    expect: dict[str, dict[str, Any]]
    paper: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)
    target: int = 100

    def outcome(self) -> dict[str, dict[str, Any]]:
        found = adoption(self.register(), self.said(), beginning(COUNTED))
        bands = {f"{one.community} {one.age_band}": one for one in found}
        return {name: self._told(one, self.expect.get(name, {})) for name, one in bands.items()}

    def register(self) -> Iterator[Resident]:
        number, erased = 0, {one for text in self.erased for one, *_ in _each(text)}
        for band, many in self.residents.items():
            community, _, age_band = band.partition(" ")
            for _ in range(many):
                number += 1
                if number not in erased:
                    yield Resident(name_of(number), 1, community, age_band)

    def said(self) -> Iterator[Issued | Checked]:
        yield from passes_of(self.erasing(self.facts()))
        for look in self.looks():
            one = use_of(look)
            if one is not None:
                yield one

    def facts(self) -> Iterator[Recorded[Fact]]:
        for text in self.paper:
            for number, by, _, at, _ in _each(text):
                office = None if by == "proxy" else by
                actor = Actor("somebody", Role.COMMUNITY if office else Role.RESIDENT, office)
                ends = at // 1000 + PAPER
                body = PassIssued(name_of(number), Colour.GREEN, at // 1000, ends, 0, by_proxy=by == "proxy")
                yield Recorded(name_of(number).hex(), 1, f"{number}", actor, at, body)
        for text in self.revoked:
            for number, _, _, at, _ in _each(text):
                holder = Actor(name_of(number).hex(), Role.RESIDENT)
                revoked = PassRevoked(name_of(number), ASKED)
                yield Recorded(holder.id, 2, f"{number}-2", holder, at + 1, revoked)

    def erasing(self, facts: Iterable[Recorded[Fact]]) -> Iterator[Recorded[Fact]]:
        """Yield the facts as they stand once some are erased: of theirs their passes alone, nameless."""
        erased = {name_of(one).hex(): at for text in self.erased for one, _, _, at, _ in _each(text)}
        theirs: defaultdict[str, Passes] = defaultdict(Passes)
        for fact in facts:
            if fact.aggregate not in erased:
                yield fact
            elif fact.at < erased[fact.aggregate]:
                theirs[fact.aggregate] = evolve(theirs[fact.aggregate], fact)
        for name, state in theirs.items():
            for left in nameless(state, erased[name] // 1000):
                yield from left

    def looks(self) -> Iterator[Any]:
        for text in self.pages:
            for number, by, _, at, _ in _each(text):
                kind = Kind.PROXY if by == "proxy" else Kind.LIVE
                yield recorded_fetch(Actor("somebody", Role.RESIDENT), name_of(number), kind, at)
        for text in self.checks:
            for number, _, office, at, document in _each(text):
                gate = Actor("gate", Role.GATE, office)
                shown: Any = "document" if document else "code"
                yield recorded_check(gate, name_of(number), shown, ANSWER, at)

    def _told(self, one: Adoption, expect: dict[str, Any]) -> dict[str, Any]:
        return {key: one.reaches(self.target) if key == "reached" else getattr(one, key) for key in expect}


def _each(text: str) -> Iterator[tuple[int, str | None, str | None, int, bool]]:
    """Yield number, by whom, at which office, when (ms), and whether by document."""
    found = _SPAN.fullmatch(text)
    assert found is not None, text
    first, last, by, office, day, document = found.groups()
    for number in range(int(first), int(last) + 1):
        yield number, by, office, beginning(int(day)) + DAY_MS // 2, document is not None
