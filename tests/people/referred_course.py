"""A scenario of referrals, read and run: what a person's colour, questions and address lead to by the hour.

A step is an hour (`at`) and what is so from then on: `phone`, the reasons of the person's one phone; `asked`,
the reasons they are asked about; `lives_in`, their register entry; `nights`, an answer about one phone's
(`30 slots in middle`); or what somebody does: `by` (`wang of lane-7`, `officer li`, `an upheld appeal`, `gate
zhao`) and `does`. Before each step time has come to its hour; day 1 begins with hour 0. Communities lane-7
and lane-8 of county-1 lie 3 rings around `middle` and `middle of B`, two tiny ones share the hex `outside`;
each has one office, called as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from streams.people.actors import Actor, Role
from streams.people.addresses import by_night, of_the_county, registered
from streams.people.aggregates import decided, nothing_known, numbered, recorded
from streams.people.combined import combined
from streams.people.commands import Command, Refused
from streams.people.gate import check
from streams.people.offices import by_own_office
from streams.people.queue import queue
from streams.people.referrals import (
    AcknowledgeReferral,
    CloseReferral,
    RecordContact,
    RecordFinding,
    RecordPlacement,
    rules,
)
from streams.people.referred import ReferralEscalated
from streams.people.referring import REFERRING, appeal, escalations, follows, nights, seen
from streams.people.register import Community, Register, Resident
from streams.people.sources import Facts, Signal
from streams.people.strictness import GatePolicy
from streams.people.vouched import HeldPhone, PersonPhone
from tests.people.gate_course import FIRST, read_reasons
from tests.scenarios import places

PERSON, PHONE = bytes([1, 1]) * 8, bytes([1, 7]) * 8
HOUR: Final = 3600
ACK_HOURS: Final = 4
SHAPES: Final = {
    "lane-7": places.geometry(places.AREAS["A"]),
    "lane-8": places.geometry(places.AREAS["B"]),
    "yard-1": places.geometry("a speck in outside"),
    "yard-2": places.geometry("a speck in outside"),
}
SYSTEM: Final = Actor("appeals", Role.OPERATOR)


def actor(text: str) -> Actor:
    if text == "an upheld appeal":
        return SYSTEM
    words = text.split(" ")
    if words[0] in {"officer", "gate"}:
        return Actor(words[1], Role(words[0]), "county")
    return Actor(words[0], Role.COMMUNITY, words[2])


def wish(text: str) -> Any:
    found = re.fullmatch(r"finds (\w+) (\w+) (confirmed|refuted)( without a ticket)?", text)
    if found is not None:
        return RecordFinding(found[1], found[2], found[3] == "confirmed", "" if found[4] else "T-1")
    return {
        "acknowledges": AcknowledgeReferral(),
        "contacts them": RecordContact("by telephone"),
        "contacts them in silence": RecordContact(" "),
        "places them": RecordPlacement("at home"),
        "closes it": CloseReferral(),
        "closes it for a-1": CloseReferral("a-1"),
    }[text]


@dataclass
class Scenario:
    """One scenario as its file has it; a key that nobody knows is an error."""

    rule: str
    name: str
    steps: list[dict[str, Any]]
    expect: dict[str, Any]
    counties: list[str] = field(default_factory=lambda: ["county-1"])


class Course:
    """A scenario while it runs."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.register = Register()
        for number, (name, shape) in enumerate(SHAPES.items()):
            county = scenario.counties[number % len(scenario.counties)]
            self.register.enter(Community(name, 1, name, county, shape))
        self.rules = by_own_office(rules(self.register.offices_in), self.register)
        self.known = nothing_known(self.rules)
        self.reasons: tuple[Any, ...] = ()
        self.questions: set[tuple[str, str]] = set()
        self.refused: list[str] = []
        self.escalated: list[int] = []
        self.appeals: list[Any] = []
        self.numbers: list[int] = []
        for number, step in enumerate(scenario.steps):
            self._step(dict(step), f"c-{number}")

    def _step(self, step: dict[str, Any], command: str) -> None:
        hour = step.pop("at")
        now = FIRST + hour * HOUR
        for due, body in escalations(self.known.state.open, now):
            self._take([body], due)
        match step:
            case {"by": by, "does": does}:
                self._ask(Command(command, PERSON.hex(), actor(by), now * 1000, wish(does)))
            case {"nights": text}:
                slots, place = re.fullmatch(r"(\d+) slots in (.+)", text).groups()  # type: ignore[union-attr]
                found = by_night(self.register, places.cell(place), int(slots))
                self._take(nights(self.known.state, found), now)
            case {"lives_in": name}:
                self.register.enter(Resident(PERSON, hour + 1, name, "60-69"))
                self._look(now)
            case {"phone": texts}:
                self.reasons = tuple(one for text in texts for one in read_reasons(text))
                self._look(now)
            case {"asked": texts}:
                self.questions = {(one.code, one.area or "") for t in texts for one in read_reasons(t)}
                self._look(now)
            case _:
                assert not step, step
                self._look(now)

    def _facts(self) -> Facts:
        phones = (Signal(self.reasons, FIRST),) if self.reasons else ()
        return Facts(phones, confirmed=self.known.state.confirmed())

    def _look(self, now: int) -> None:
        whole = combined(self._facts(), now, signal_required=True)
        home = registered(self.register, PERSON) or of_the_county(self.register)
        self._take(follows(self.known.state, seen(whole, self.questions), home, now, ACK_HOURS), now)

    def _ask(self, command: Command[Any]) -> None:
        made = decided(self.rules, self.known, command)
        if isinstance(made, Refused):
            self.refused.append(made.code)
            return
        for fact in made:
            self._record(fact)

    def _take(self, bodies: Any, at: int) -> None:
        for fact in numbered(self.known, PERSON.hex(), f"f-{at}", REFERRING, at * 1000, tuple(bodies)):
            self._record(fact)

    def _record(self, fact: Any) -> None:
        self.known = recorded(self.rules, self.known, fact)
        if isinstance(fact.body, ReferralEscalated):
            self.escalated.append((fact.at // 1000 - FIRST) // HOUR)
        held = HeldPhone(FIRST, None, self.reasons, FIRST, lead=False)
        if (opened := appeal(fact, [PersonPhone(PERSON, PHONE, held)])) is not None:
            body = opened.body
            self.appeals.append(f"{body.against} {body.code} {body.area} {body.ticket}")
            assert (opened.aggregate, body.phone) == (PERSON.hex(), PHONE.hex())

    def told(self) -> dict[str, Any]:
        """Return what came out, in the words of what is expected."""
        state = self.known.state
        last = state.last
        now = FIRST + self.scenario.steps[-1]["at"] * HOUR
        answer = check("document", self._facts(), GatePolicy(), [], now)
        [row] = queue({PERSON.hex(): state}, self.register, closed=True) or [None]
        found: dict[str, Any] = {
            "state": None if last is None else last.state,
            "number": 0 if last is None else last.number,
            "with": None if last is None else last.address.community or last.address.county,
            "steps": []
            if last is None
            else [f"{one.state} at {(one.at - FIRST) // HOUR} by {one.by.id}" for one in last.steps],
            "causes": []
            if row is None
            else [f"{c.why} {c.code} {c.area} {stands}" for c, stands in row.causes],
            "suggestion": None if last is None else last.suggestion,
            "due": None if last is None or last.due is None else (last.due - FIRST) // HOUR,
            "escalated": self.escalated,
            "refused": self.refused,
            "appeals": self.appeals,
            "decision": answer.decision,
            "lead": "LEAD" in answer.codes,
            "queues": [
                name for name in (*SHAPES, "county") if queue({PERSON.hex(): state}, self.register, name)
            ],
        }
        return {key: found[key] for key in self.scenario.expect}
