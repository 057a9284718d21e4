"""The origin story, read and run: from what towers saw to what a gate says, each step by the data's time.

`people` have a `phone` each, or none, and where they are registered (`lives_in`); lane-7 lies around
`outside`, lane-8 around `middle of B`, and A is a key area. `residents` are numbered on from 1, band by band.
A step is one of

- `seen`: sightings as in the scenarios of the colour rules (`c day 1 00:00-day 7 23:00 every 1h outside`);
- on a `day` at noon, `who` (a resident), or `by` (`officer one`, `ma of lane-7`) and `for` whom, what they
  do: `contests`, `proposes`, `confirms` as in appeal_course.py; `declares` as in declared_course.py; or
  `does`, as in referred_course.py, besides `says they have no phone` and `prints them a pass`;
- a `gate` in an office, to which somebody (`for`) shows `shown`; a paper pass is read without a network;
- by an office's worker, passes that are `printed` for residents `1 to 135`; at a gate, codes `scanned`;
- nothing but a day and whom to look at (`of`), or which community's band's `adoption`, with a `target`.

`then` says what is so after it. What is refused says so (`refused`), or the story is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count, groupby
from typing import TYPE_CHECKING, Any, Final

from streams.agents.appealing import Appealing
from streams.agents.passes import PaperPasses
from streams.domain.policy import Policy
from streams.domain.records import AreaVersion, Sightings
from streams.people.actors import Actor, Role
from streams.people.adoption import adoption, passes_of, recorded_check, use_of
from streams.people.bindings import Binding
from streams.people.codes.keys import PublicKey, key_set
from streams.people.codes.limits import Limits
from streams.people.codes.text import text_of
from streams.people.commands import Command
from streams.people.declarations import Declare
from streams.people.gate import check
from streams.people.passes import IssuePass, PassIssued, code_of, withdrawn
from streams.people.phoneless import RecordNoPhone
from streams.people.register import Community, Resident
from streams.people.statements import Statement
from streams.people.strictness import GatePolicy
from streams.people.verify import verify
from tests.people.adoption_course import name_of
from tests.people.appeal_course import asked, phone_of
from tests.people.codes.issuing import CHECK, DIGITS, OURS
from tests.people.declared_course import NOON, person, place
from tests.people.gate_course import DAY, FIRST, at
from tests.people.referred_course import actor, wish
from tests.people.standing import Standing
from tests.people.town import MILLISECONDS, Town
from tests.scenarios import notation, places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.people.audit.lookups import LookUp

POLICY: Final = Policy()
LANES: Final = {"lane-7": "3 rings around outside", "lane-8": "3 rings around middle of B"}
DOES: Final = {"says they have no phone": RecordNoPhone(), "prints them a pass": IssuePass()}


@dataclass
class Scenario:
    """One chapter as its file has it; a key that nobody knows is an error."""

    rule: str
    name: str
    story: list[dict[str, Any]]
    people: dict[str, dict[str, str]] = field(default_factory=dict)
    residents: dict[str, int] = field(default_factory=dict)

    def expected(self) -> list[tuple[int, dict[str, Any]]]:
        return [(number, step.get("then", {})) for number, step in enumerate(self.story, 1)]


class Course:
    """A chapter while it runs."""

    def __init__(self, scenario: Scenario) -> None:
        self.town = Town(FIRST)
        self.checks: list[LookUp] = []
        self.phones = {
            name: phone_of(row["phone"]) for name, row in scenario.people.items() if "phone" in row
        }
        self.standing = Standing(self.town, list(scenario.people), self.phones, [*LANES, "county"])
        self._settled(scenario)
        self.found = [self._step(number, dict(step)) for number, step in enumerate(scenario.story, 1)]

    def _settled(self, scenario: Scenario) -> None:
        town = self.town
        town.publish(AreaVersion("A", 1, places.geometry(places.AREAS["A"]), FIRST))
        for name, shape in LANES.items():
            town.enter(Community(name, 1, name, "county-1", places.geometry(shape)))
        for name, row in scenario.people.items():
            whose = bytes.fromhex(person(name))
            if "lives_in" in row:
                town.enter(Resident(whose, 1, row["lives_in"], "60-69", CHECK.value(DIGITS)))
            if "phone" in row:
                town.bind(Binding(self.phones[name], 1, whose, "mobile", FIRST, check=CHECK.value(DIGITS)))
        numbers = count(1)
        for band, many in scenario.residents.items():
            community, _, age_band = band.partition(" ")
            for _ in range(many):
                town.enter(Resident(name_of(next(numbers)), 1, community, age_band, CHECK.value(DIGITS)))

    def _step(self, number: int, step: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        then, found = step.pop("then", {}), dict[str, Any]()
        if "seen" in step:
            self.town.see(_sightings(step.pop("seen")))
        else:
            self.town.pass_time(at(step.pop("day")) + NOON)
        about = step.pop("of", None) or step.get("for") or step.get("who")
        if "adoption" in step:
            found = self._adoption(step.pop("adoption"), step.pop("target"), then)
        elif "gate" in step:
            found = self._gate(Actor("keeper", Role.GATE, step.pop("gate")), step)
        elif "who" in step or "by" in step:
            found = self._asked(f"c-{number}", step)
        assert not step, step
        if about is not None:
            found = self.standing.of(about) | found
        assert found.get("refused") == then.get("refused"), (number, found)
        return number, {key: found[key] for key in then}

    def _asked(self, command: str, step: dict[str, Any]) -> dict[str, Any]:
        who = step.pop("who", None)
        by = actor(step.pop("by")) if who is None else Actor(person(who), Role.RESIDENT)
        if "printed" in step:
            names = [one.hex() for one in _numbered(step.pop("printed"))]
        else:
            names = [person(step.pop("for", who))]
        body = self._body(step, names[0])
        for number, name in enumerate(names):
            refused = self.town.ask(Command(f"{command}-{number}", name, by, self.town.now * 1000, body))
            if refused is not None:
                return {"refused": refused}
        return {}

    def _body(self, step: dict[str, Any], name: str) -> Any:
        if "declares" in step:
            return Declare(Statement(tuple(place(text) for text in step.pop("declares"))))
        if not {"contests", "proposes", "confirms", "rejects"}.isdisjoint(step):
            return asked(step, self.town.kind(Appealing).of(name).state.every)
        text = step.pop("does", "prints them a pass")
        return DOES.get(text) or wish(text)

    def _gate(self, gate: Actor, step: dict[str, Any]) -> dict[str, Any]:
        shown = step.pop("shown", "code")
        if "scanned" in step:
            people = list(_numbered(step.pop("scanned")))
        elif shown == "paper_pass":
            people = [self._read(person(step.pop("for")))]
        else:
            people = [bytes.fromhex(person(step.pop("for")))]
        for whose in people:
            facts = self.town.persons.roll.facts(whose, self.town.now)
            answer = check(shown, facts, GatePolicy(), [], self.town.now)
            self.checks.append(recorded_check(gate, whose, shown, answer, self.town.now * MILLISECONDS))
        return {"decision": answer.decision, "codes": list(answer.codes), "accepted": list(answer.accepted)}

    def _read(self, name: str) -> bytes:
        """Read a person's last pass as a gate without a network does; return whose it is."""
        now, passes = self.town.now, self.town.kind(PaperPasses)
        issued = [one.body for one in self.town.facts(self.town.names.passes, name)]
        text = text_of(code_of(next(one for one in reversed(issued) if isinstance(one, PassIssued))), OURS)
        keys = key_set(now - DAY, PublicKey(OURS.private.public_key(), 0))
        revoked = withdrawn([one.state for one in passes.known.values()], now, Limits())
        verdict = verify(text, keys=keys, now=now, revocations=revoked)
        assert verdict.code is not None
        assert (verdict.refused, verdict.complete) == (None, True)
        pass_id = verdict.code.pass_id
        return bytes.fromhex(
            next(who for who, known in passes.known.items() if pass_id in known.state.issued)
        )

    def _adoption(self, band: str, target: int, then: dict[str, Any]) -> dict[str, Any]:
        town = self.town
        names = town.kind(PaperPasses).known
        facts = [fact for name in names for fact in town.facts(town.names.passes, name)]
        said = [*passes_of(facts), *(one for one in map(use_of, self.checks) if one is not None)]
        every = adoption(town.persons.roll.register.residents.values(), said, town.now * MILLISECONDS)
        [one] = [each for each in every if f"{each.community} {each.age_band}" == band]
        return {key: one.reaches(target) if key == "reached" else getattr(one, key) for key in then}


def _numbered(text: str) -> Iterator[bytes]:
    first, _, last = text.partition(" to ")
    yield from map(name_of, range(int(first), int(last) + 1))


def _sightings(rows: list[str]) -> Iterator[Sightings]:
    """Yield a record a slot; phones are those of the people who hold them."""
    seen = [_held(one) for row in rows for one in notation.sightings(row, POLICY)]
    for second, group in groupby(sorted(seen), key=lambda one: one.second):
        some = list(group)
        slot = second // (60 * POLICY.slot_minutes)
        yield Sightings(
            second,
            [one.phone for one in some],
            [one.cell for one in some],
            [slot] * len(some),
            [one.coarse for one in some],
        )


def _held(one: notation.Seen) -> notation.Seen:
    return one._replace(phone=phone_of(notation.phone_name(one.phone)))
