"""A course of one phone's story: each step as a community worker would tell it, and what came of it all.

Steps, each with `at` (`day 3 08:00`, as in tests/scenarios) and one of:

- `carrier`: `li has a` or `nobody has a`; `version` (one more than the last), `from` (`at`), `until`; in a
  rotation `li/li.2 has a/a.2`, both pseudonyms of each.
- `seen`: a colour (`red`) with `reasons` (`STAYED A from day 2 08:00 until day 2 12:00`) and `valid_until`.
- `officer`: who; `proposes`: `li has a`, with `from`, `reason` (document_seen), `ticket` (T-1), `guardian`;
  `confirms`: who; or `rejects`.
- `agrees`: a person, who says the phone is theirs. `as` gives any actor another role.

Expected, any of: `holder` at the end (`nobody`; ` lead`, ` by hand`, `, guardian …` behind a name), `struck`
(what is out of the diary at the end), `entered` (every exclusion as it came), `kept` (reasons by whom),
`refused` (codes, in order), `queue` (phones in review).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from streams.domain.records import Reason
from streams.people.actors import Actor, Role
from streams.people.aggregates import Known, decided, nothing_known, numbered, recorded, replayed
from streams.people.bindings import Binding
from streams.people.commands import Command, Recorded, Refused
from streams.people.inheritance import BEGINNING, ColourWitnessed, kept
from streams.people.manual import (
    PHONES,
    AgreeToBinding,
    ConfirmBinding,
    ProposeBinding,
    RejectBinding,
)
from streams.people.phone_facts import SightingsStruck
from streams.people.phones import Phone, entered, follows
from streams.people.review import queue
from tests.scenarios.notation import phone, phone_name, seconds, time_text
from tests.scenarios.places import UnreadableError

PHONE = phone("a")
_REASON = re.compile(r"(?P<code>[A-Z_]+)(?: (?P<area>\S+) from (?P<since>day .+?) until (?P<until>day .+))?")
KEYS = {
    *("at", "carrier", "version", "from", "until", "seen", "reasons", "valid_until", "officer", "as"),
    *("proposes", "confirms", "rejects", "agrees", "reason", "ticket", "guardian", "command", "expected"),
}


@dataclass(frozen=True)
class Scenario:
    rule: str
    name: str
    given: list[dict[str, Any]]
    expect: dict[str, Any]


@dataclass
class Course:
    """The phone `a` after the steps, by the rules that the agent uses."""

    known: Known[Phone] = field(default_factory=lambda: nothing_known(PHONES))
    colour: ColourWitnessed | None = None
    first_seen: int | None = None
    facts: list[Recorded[Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    now: int = 0

    def play(self, steps: list[dict[str, Any]]) -> Course:
        for number, step in enumerate(steps, 1):
            if unknown := step.keys() - KEYS:
                raise UnreadableError(f"unknown words {unknown}")
            self.now = seconds(step["at"])
            if "carrier" in step:
                self._bind(step)
            elif "seen" in step:
                self._see(step)
            else:
                self._ask(step, step.get("command", f"c-{number}"))
        return self

    def _bind(self, step: dict[str, Any]) -> None:
        names, phones = (part.split("/") for part in step["carrier"].split(" has "))
        people = [] if names == ["nobody"] else [phone(name) for name in names]
        version = step.get("version", self.known.state.latest() + 1)
        binding = Binding(
            phone=phone(phones[0]),
            version=version,
            person=people[0] if people else None,
            carrier="mobile",
            from_=seconds(step.get("from", step["at"])),
            until=seconds(step["until"]) if "until" in step else None,
            other_phone=phone(phones[1]) if phones[1:] else None,
            other_person=people[1] if people[1:] else None,
        )
        state = entered(self.known.state, binding)
        if state is not self.known.state:
            self.known = Known(state, self.known.version, self.known.commands)
            self._follow(f"binding/{version}", Actor("mobile", Role.CARRIER))

    def _see(self, step: dict[str, Any]) -> None:
        reasons = tuple(_reason(text) for text in step["reasons"])
        sequence = 1 if self.colour is None else self.colour.sequence + 1
        until = seconds(step["valid_until"]) if "valid_until" in step else None
        self.colour = ColourWitnessed(sequence, step["seen"], reasons, self.now, until)
        self.first_seen = self.now if self.first_seen is None else self.first_seen

    def _ask(self, step: dict[str, Any], name: str) -> None:
        actor, body = _wish(step, self.now)
        command = Command(name, PHONE.hex(), actor, self.now * 1000, body, step.get("expected"))
        outcome = decided(PHONES, self.known, command)
        if isinstance(outcome, Refused):
            self.refused.append(outcome.code)
            return
        self._take(outcome)
        self._follow(name, actor)

    def _follow(self, cause: str, actor: Actor) -> None:
        bodies = follows(PHONE, self.known.state, self.colour)
        self._take(numbered(self.known, PHONE.hex(), cause, actor, self.now * 1000, bodies))

    def _take(self, facts: tuple[Recorded[Any], ...]) -> None:
        for fact in facts:
            self.known = recorded(PHONES, self.known, fact)
            self.facts.append(fact)

    def told(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Return what came of it, of what is asked for."""
        asked = {
            "holder": self._holder,
            "struck": lambda: sorted(_strike(name, *span) for name, span in self._strikes()),
            "entered": self._entered,
            "kept": self._kept,
            "refused": lambda: self.refused,
            "queue": self._queue,
        }
        return {key: asked[key]() for key in wanted}

    def rebuilt(self) -> Known[Phone]:
        """Return the phone from its facts and bindings alone."""
        known = replayed(PHONES, self.facts)
        return Known(entered_all(known.state, self.known.state), known.version, known.commands)

    def _strikes(self) -> list[tuple[str, tuple[int, int]]]:
        return [(phone_name(name), (span.from_, span.until)) for name, span in self.known.state.strikes]

    def _holder(self) -> str:
        found = self.known.state.holder(self.now)
        if found is None:
            return "nobody"
        told = "/".join(sorted(map(phone_name, found.names)))
        told += " by hand" if found.manual else ""
        told += " lead" if found.lead else ""
        return told if found.guardian is None else f"{told}, guardian {phone_name(found.guardian)}"

    def _entered(self) -> list[str]:
        strikes = [fact.body for fact in self.facts if isinstance(fact.body, SightingsStruck)]
        return [
            ("withdrawn: " if one.withdrawn else "") + _strike(phone_name(one.phone), one.from_, one.until)
            for one in strikes
        ]

    def _kept(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        witnessed = [*self.known.state.witnessed, *([self.colour] if self.colour else [])]
        for one in kept(self.known.state.held(), witnessed):
            who = min(map(phone_name, one.holder.names))
            found.setdefault(who, []).append(
                " ".join(filter(None, (one.reason.code, one.reason.area)))
                + f" until {time_text(one.valid_until)}"
            )
        return found

    def _queue(self) -> list[str]:
        seen = {} if self.first_seen is None else {PHONE: self.first_seen}
        return [
            f"{phone_name(one.phone)} since {time_text(one.since)}" + (", proposed" if one.proposal else "")
            for one in queue(seen, {PHONE: self.known.state}, self.now)
        ]


def entered_all(state: Phone, other: Phone) -> Phone:
    """Return a phone with the bindings of another."""
    for binding in other.bindings.values():
        state = entered(state, binding)
    return state


def _strike(name: str, since: int, until: int) -> str:
    begin = "" if since == BEGINNING else f" from {time_text(since)}"
    return f"{name}{begin} before {time_text(until)}"


def _reason(text: str) -> Reason:
    found = _REASON.fullmatch(text)
    if found is None:
        raise UnreadableError(f"expected a reason as 'STAYED A from day … until day …', found {text!r}")
    if found["area"] is None:
        return Reason(found["code"])  # type: ignore[arg-type]
    since, until = seconds(found["since"]), seconds(found["until"])
    return Reason(found["code"], found["area"], 1, since, until, (until - since) // 60)  # type: ignore[arg-type]


def _wish(step: dict[str, Any], now: int) -> tuple[Actor, Any]:
    if "agrees" in step:
        return Actor(phone(step["agrees"]).hex(), Role(step.get("as", "resident"))), AgreeToBinding()
    actor = Actor(step["officer"], Role(step.get("as", "officer")), "county")
    if "confirms" in step:
        return actor, ConfirmBinding(phone(step["confirms"]))
    if "rejects" in step:
        return actor, RejectBinding()
    person, _, _ = step["proposes"].partition(" has ")
    since = seconds(step["from"]) if "from" in step else now
    guardian = phone(step["guardian"]) if "guardian" in step else None
    reason, ticket = step.get("reason", "document_seen"), step.get("ticket", "T-1")
    return actor, ProposeBinding(phone(person), since, reason, ticket, guardian)
