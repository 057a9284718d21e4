"""A scenario of declarations, read and run: who says what, what comes of it, and what colour that is.

A step is who acts (`who`, a resident; `office`, a community worker; `officer`; `gate`), for whom (`for`, else
themselves), on which day at noon, and what they do. A place is `stayed in` or `passed` one of the scenarios'
places, or several joined by `and`, `from day N to day M`, midnight to midnight. Areas A and B are those of
the colour rules' scenarios, known and in force from day 1 unless it is said otherwise. The person looked at
in the end is the last anybody acted for; with a signal they hold one phone of those reasons.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from streams.domain.areas import prepared
from streams.domain.policy import Policy
from streams.domain.records import AreaVersion, Reason
from streams.people import declarations, proxies
from streams.people.actors import Actor, Role
from streams.people.aggregates import decided, nothing_known, recorded
from streams.people.combined import combined
from streams.people.commands import Command, Recorded, Refused
from streams.people.contradictions import Published, contradicted
from streams.people.gate import check
from streams.people.said import CorrectionReviewed, Declared, QuestionAnswered
from streams.people.sources import Claim, Facts, Signal
from streams.people.statements import Place, Statement, reasons
from streams.people.strictness import GatePolicy
from tests.people.gate_course import DAY, FIRST, at, read_reasons, spelled
from tests.scenarios import places

if TYPE_CHECKING:
    from streams.people.aggregates import Known, Rules

NOON: Final = DAY // 2
ROLES: Final = {"who": Role.RESIDENT, "office": Role.COMMUNITY, "officer": Role.OFFICER, "gate": Role.GATE}
BY: Final = {"self": "", "proxy": " by proxy", "office": " at an office"}


def person(name: str) -> str:
    return blake2b(name.encode(), digest_size=16).hexdigest()


def place(text: str) -> Place:
    found = re.fullmatch(r"(stayed in|passed) (.+) from (day \d+) to (day \d+)", text)
    assert found is not None, text
    cells = tuple(places.cell(name) for name in found[2].split(" and "))
    return Place(cells, found[1] == "stayed in", at(found[3]), at(found[4]))


@dataclass
class Scenario:
    """One scenario as its file has it; a key that nobody knows is an error."""

    rule: str
    name: str
    steps: list[dict[str, Any]]
    expect: dict[str, Any]
    areas: dict[str, dict[str, Any]] = field(default_factory=lambda: {"A": {}})
    signal: list[str] = field(default_factory=list)
    jurisdiction: bool = False
    day: int | None = None


class Course:
    """A scenario while it runs."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        home = places.geometry("3 rings around middle") if scenario.jurisdiction else None
        self.policy = Policy(jurisdiction=home)
        self.areas = {name: self._published(name, row) for name, row in scenario.areas.items()}
        self.known: dict[tuple[str, str], Known[Any]] = {}
        self.outcomes: list[str] = []
        self.subject, last = "", 1
        for number, step in enumerate(scenario.steps):
            last = max(last, step["day"])
            self.outcomes.append(self._step(dict(step), f"c-{number}"))
        self.now = at(scenario.day or last) + NOON

    def _published(self, name: str, row: dict[str, Any]) -> Published:
        shape = places.geometry(places.AREAS[name])
        version = AreaVersion(name, 1, shape, at(row.get("from", 1)))
        return Published(prepared(version, self.policy), at(row.get("published", 1)))

    def _reasons(self, statement: Statement, now: int) -> tuple[Reason, ...]:
        areas = [one.area for one in self.areas.values() if one.at <= now]
        return reasons(statement, areas, self.policy, now)

    def _state(self, kind: str, name: str, rules: Rules[Any, Any, Any]) -> Any:
        return self.known.setdefault((kind, name), nothing_known(rules)).state

    def _step(self, step: dict[str, Any], command: str) -> str:
        role = next(key for key in ROLES if key in step)
        name = step.pop(role)
        actor = Actor(person(name) if role == "who" else name, ROLES[role])
        now, whose = at(step.pop("day")) + NOON, step.pop("for", name)
        proxy = step.pop("consents_to", None)
        leaves = step.pop("withdraws_from", None)
        around = declarations.Around(self._reasons, self.policy.resolution)
        if proxy or leaves:
            rules: Rules[Any, Any, Any] = proxies.rules(lambda: 5)
            body: Any = (
                proxies.WithdrawConsent(person(whose))
                if leaves
                else proxies.GiveConsent(person(whose), **step)
            )
            key = ("proxy", proxies.PREFIX + person(proxy or leaves))
        else:
            self.subject = whose if role in {"who", "office"} and "confirms" not in step else self.subject
            body, rules = _body(step), declarations.rules(lambda: around)
            key = ("person", person(self.subject))
        made = self._decided(key, rules, Command(command, key[1], actor, now * 1000, body))
        if isinstance(made, Refused):
            return made.code
        if key[0] == "proxy":
            noted = proxies.follows(made[0])
            self._decided(("person", noted.aggregate), declarations.rules(lambda: around), noted)
        return _outcome(made[0])

    def _decided(
        self, key: tuple[str, str], rules: Rules[Any, Any, Any], command: Command[Any]
    ) -> tuple[Recorded[Any], ...] | Refused:
        known = self.known.setdefault(key, nothing_known(rules))
        made = decided(rules, known, command)
        for fact in () if isinstance(made, Refused) else made:
            known = recorded(rules, known, fact)
        self.known[key] = known
        return made

    def told(self) -> dict[str, Any]:
        """Return what came out, in the words of what is expected."""
        rules = declarations.rules(lambda: declarations.Around(self._reasons, 8))
        state = self._state("person", person(self.subject), rules)
        standing = state.standing(self.now)
        declared = None
        if standing is not None:
            said = reasons(
                standing.statement, [one.area for one in self.areas.values()], self.policy, self.now
            )
            declared = Claim(said, standing.at, standing.by)
        phones = tuple(Signal(read_reasons(text), FIRST) for text in self.scenario.signal)
        facts = Facts(phones, declared=declared)
        whole = combined(facts, self.now, signal_required=True)
        every = [one for source in whole.sources for one in source.reasons]
        answer = check("code", facts, GatePolicy(), [], self.now)
        found = {
            "outcomes": self.outcomes,
            "declared": [spelled(one) for one in declared.reasons] if declared else None,
            "colour": whole.colour,
            "contradicted": [
                f"{one.code} {one.area}{' answered' if one.answered else ''}"
                for one in contradicted(state, every, self.areas, self.now)
            ],
            "decision": answer.decision,
            "codes": list(answer.codes),
            "versions": len(state.said),
            "overdue": state.overdue(self.now),
            "as_proxy": [
                f"{one.origin} {one.colour} {' and '.join(map(whole_of, one.reasons))}"
                for one in proxies.as_a_proxy_sees(whole).sources
            ],
        }
        assert "CONTRADICTED" not in answer.codes
        return {key: found[key] for key in self.scenario.expect}


def whole_of(reason: Reason) -> str:
    """Return a reason with all that stands in it."""
    return reason.code if reason == Reason(reason.code) else repr(reason)


def _body(step: dict[str, Any]) -> Any:
    if "declares" in step:
        went = tuple(place(text) for text in step.pop("declares"))
        arrival = step.pop("arrival", None)
        words = {key: tuple(step.pop(key, ())) for key in ("symptoms", "contacts")}
        assert not step, step
        return declarations.Declare(Statement(went, None if arrival is None else at(arrival), **words))
    if "explains" in step:
        code, area = step["explains"].split(" ")
        return declarations.AnswerQuestion(code, area, step.get("text", "my brother had my phone"))
    good = "confirms" in step
    return declarations.ReviewCorrection(
        step["confirms" if good else "rejects"], step.get("ticket", "T-1"), good
    )


def _outcome(fact: Recorded[Any]) -> str:
    match fact.body:
        case Declared(_, by, effect):
            return effect + BY[by]
        case CorrectionReviewed():
            return "confirmed" if fact.body.confirmed else "rejected"
        case QuestionAnswered():
            return "explained"
        case proxies.ConsentGiven():
            return "consented"
        case _:
            return "withdrawn"
