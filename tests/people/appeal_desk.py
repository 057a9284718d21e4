"""People's side of one partition without Kafka: commands decided, and what they lead to sent on.

What phones say of persons is worked out from their holders and reasons; a reason whose visit an exclusion
covers is forgotten, as the colours' workers forget it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import count
from typing import TYPE_CHECKING, Any

from streams.domain.areas import prepared
from streams.domain.policy import Policy
from streams.domain.records import AreaVersion, Exclusion, Reason
from streams.people import appeals, declarations, proxies, remedies
from streams.people.actors import Actor, Role
from streams.people.aggregates import Known, decided, nothing_known, numbered, recorded
from streams.people.appealed import AppealUpheld
from streams.people.combined import Combined, combined
from streams.people.commands import Command, Recorded, Refused
from streams.people.contradictions import Published, contradicted
from streams.people.inheritance import ColourWitnessed
from streams.people.manual import PHONES, AgreeToBinding, ConfirmBinding, ProposeBinding
from streams.people.matters import matters
from streams.people.person import Person, Scene
from streams.people.phone_facts import CaseStruck
from streams.people.phones import Phone, follows
from streams.people.referrals import CloseReferral
from streams.people.sources import colour_of
from streams.people.statements import Statement, reasons
from streams.people.upheld import CorrectBinding, StrikeSightings, excluded
from streams.people.vouched import PersonPhone, vouched
from tests.people.gate_course import FIRST
from tests.scenarios import places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.people.aggregates import Rules

RESOLUTION = 8
POLICY = Policy()
VERSIONS = {name: AreaVersion(name, 1, places.geometry(shape), FIRST) for name, shape in places.AREAS.items()}
AREAS = {name: Published(prepared(one, POLICY), FIRST) for name, one in VERSIONS.items()}
SCENE = Scene(VERSIONS, {name: one.area for name, one in AREAS.items()}, POLICY)
TO_PHONES = (StrikeSightings, CorrectBinding, AgreeToBinding, ProposeBinding, ConfirmBinding)
TO_PROXIES = (proxies.GiveConsent, proxies.WithdrawConsent)
TO_APPEALS = (appeals.OpenAppeal, appeals.ProposeUphold, appeals.ConfirmUphold, appeals.RejectAppeal)


@dataclass
class Desk:
    """What is known, and everything that came out; `deliver` may be given commands in any order."""

    phones: dict[bytes, Phone] = field(default_factory=dict)
    seen: dict[bytes, tuple[Reason, ...]] = field(default_factory=dict)
    """By phone: its reasons before anything is struck out."""
    known: dict[tuple[str, str], Known[Any]] = field(default_factory=dict)
    facts: list[Recorded[Any]] = field(default_factory=list)
    exclusions: dict[str, Exclusion] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)
    referred: bool = True
    """Whether a referral of everybody's is known."""
    drawing: Iterator[bytes] = field(default_factory=lambda: drawn("", ""))

    def deliver(self, command: Command[Any]) -> tuple[Recorded[Any], ...] | Refused:
        """Decide a command and all that it leads to; return what came of it alone."""
        made, effects = self.decide(command)
        waiting = deque(effects)
        while waiting:
            _, more = self.decide(waiting.popleft())
            waiting.extend(more)
        return made

    def decide(self, command: Command[Any]) -> tuple[tuple[Recorded[Any], ...] | Refused, list[Command[Any]]]:
        """Return what came of a command, and the commands it leads to."""
        if isinstance(command.body, CloseReferral):
            if command.id not in self.closed:
                self.closed.append(command.id)
            return (), []
        kind, rules = self._rules(command.body)
        key = (kind, command.aggregate)
        known = self.known.get(key) or self._begun(kind, command.aggregate, rules)
        self.drawing = drawn(command.aggregate, command.id)
        made = decided(rules, known, command)
        if isinstance(made, Refused):
            return made, []
        effects = [effect for fact in made for effect in self._take(key, rules, fact)]
        if kind == "phones":
            name, state = bytes.fromhex(command.aggregate), self.phone(bytes.fromhex(command.aggregate))
            more = follows(name, state, None)
            for fact in numbered(
                self.known.get(key, known), command.aggregate, command.id, command.actor, command.at, more
            ):
                self._take(key, rules, fact)
        return made, effects

    def phone(self, name: bytes) -> Phone:
        known = self.known.get(("phones", name.hex()))
        return known.state if known is not None else self.phones.get(name, Phone())

    def of(self, kind: str, name: str) -> Any:
        """Return an aggregate's state."""
        known = self.known.get((kind, name))
        return known.state if known is not None else self._rules_of(kind).initial

    def person(self, name: str) -> Person:
        return Person(
            self._said_of(bytes.fromhex(name)),
            self.of("declarations", name),
            forgotten=self.of("appeals", name).forgotten(),
        )

    def whole(self, name: str, now: int) -> Combined:
        facts = self.person(name).facts(SCENE, now)
        return combined(facts, now, signal_required=True)

    def hidden(self, name: str, now: int) -> list[tuple[str, str, bool]]:
        """Return the contradictions that stand: code, area, answered."""
        said = self.of("declarations", name)
        found = contradicted(said, self.whole(name, now).reasons(), AREAS, now)
        return [(one.code, one.area, one.answered) for one in found]

    def _said_of(self, person: bytes) -> tuple[PersonPhone, ...]:
        every = (vouched(name, self.phone(name), self._colour(name)) for name in sorted(self.seen))
        return tuple(one[person] for one in every if person in one)

    def _colour(self, phone: bytes) -> ColourWitnessed:
        left = tuple(one for one in self.seen[phone] if not self._forgets(phone, one)) or (Reason("CLEAR"),)
        return ColourWitnessed(1, colour_of(left), left, FIRST, None)

    def _forgets(self, phone: bytes, reason: Reason) -> bool:
        return any(
            one.phone in (None, phone)
            and (one.from_ or 0) <= (reason.from_ or 0)
            and (reason.until or 0) <= min(one.until or one.at, one.at)
            for one in self.exclusions.values()
        )

    def _take(
        self, key: tuple[str, str], rules: Rules[Any, Any, Any], fact: Recorded[Any]
    ) -> list[Command[Any]]:
        known = self.known.get(key) or self._begun(*key, rules)
        self.known[key] = recorded(rules, known, fact)
        self.facts.append(fact)
        match fact.body:
            case AppealUpheld():
                self._exclude(remedies.struck(fact))
                return list(remedies.follows(fact))
            case CaseStruck():
                self._exclude(excluded(fact.aggregate, fact.body))
            case proxies.ConsentGiven() | proxies.ConsentWithdrawn():
                return [proxies.follows(fact)]
        return []

    def _exclude(self, one: Exclusion | None) -> None:
        if one is not None:
            self.exclusions.setdefault(one.case, one)

    def _begun(self, kind: str, name: str, rules: Rules[Any, Any, Any]) -> Known[Any]:
        begun = nothing_known(rules)
        known = bytes.fromhex(name) if kind == "phones" else b""
        return replace(begun, state=self.phones[known]) if known in self.phones else begun

    def _rules(self, body: object) -> tuple[str, Rules[Any, Any, Any]]:
        kind = next(
            (
                kind
                for kind, bodies in (("phones", TO_PHONES), ("proxies", TO_PROXIES), ("appeals", TO_APPEALS))
                if isinstance(body, bodies)
            ),
            "declarations",
        )
        return kind, self._rules_of(kind)

    def _rules_of(self, kind: str) -> Rules[Any, Any, Any]:
        around = declarations.Around(judged, RESOLUTION)
        found: dict[str, Rules[Any, Any, Any]] = {
            "phones": PHONES,
            "proxies": proxies.rules(lambda: 5),
            "appeals": appeals.rules(self._around, lambda: next(self.drawing)),
            "declarations": declarations.rules(lambda: around),
        }
        return found[kind]

    def _around(self, name: str, now: int) -> appeals.Around:
        known = self.person(name)
        asked = [(code, area) for code, area, _ in self.hidden(name, now)]
        stands = matters(self.whole(name, now).reasons(), asked, known.phones)
        phones = frozenset(one.phone.hex() for one in known.phones)
        return appeals.Around(known.declared, stands, phones, RESOLUTION, referred=self.referred)


def drawn(aggregate: str, command: str) -> Iterator[bytes]:
    """Yield the names that are drawn for a command's appeals: always the same, so that a test knows them."""
    for number in count():
        yield blake2b(f"{aggregate}/{command}/{number}".encode(), digest_size=appeals.NAME).digest()


def name_of(aggregate: str, command: str) -> str:
    """Return the name of the first appeal that a command about a person opens at this desk."""
    return f"appeal-{next(drawn(aggregate, command)).hex()}"


def judged(statement: Statement, at: int) -> tuple[Reason, ...]:
    return reasons(statement, SCENE.areas.values(), POLICY, at)


def resident(name: str) -> Actor:
    return Actor(name, Role.RESIDENT)
