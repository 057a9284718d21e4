"""A scenario of the gate, read and run: facts of one person in words, and what was decided.

A phone is its reasons, `STAYED A and PASSED_THROUGH B`; `by hand: …` is bound by hand and not confirmed.
Kept reasons end `until day N`, a declaration was made `on day N`, `by proxy` or `at an office`. Day 1 is
2020-03-01, and every phone's last change was then. An order has the names Wang and Li, a reason and a month
unless it says otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from streams.domain.colours import ORDER
from streams.domain.records import Reason
from streams.people.combined import combined, signal_colour
from streams.people.gate import Answer, check
from streams.people.orders import Order, refusal
from streams.people.sources import Claim, Facts, Kept, Signal
from streams.people.strictness import DEFAULT, GatePolicy

DAY: Final = 86_400
FIRST: Final = 1_583_020_800
"""2020-03-01T00:00:00Z."""


class UnreadableError(ValueError):
    """A scenario says what nobody can read."""


def at(day: int | str) -> int:
    number = day if isinstance(day, int) else int(day.removeprefix("day "))
    return FIRST + (number - 1) * DAY


def read_reasons(text: str) -> tuple[Reason, ...]:
    return tuple(_reason(part) for part in text.split(" and "))


def _reason(text: str) -> Reason:
    """Read `STAYED A`, a visit of six hours on day 1, or `STAYED A from day 4 to day 6`."""
    word, _, more = text.partition(" ")
    code = next(known for known in ORDER if known == word)
    if not more:
        return Reason(code)
    area, _, times = more.partition(" from ")
    first, _, last = times.partition(" to ")
    from_, until = (at(first), at(last)) if times else (FIRST, FIRST + 6 * 3600)
    return Reason(code, area, 1, from_, until, (until - from_) // 60)


def _phone(text: str) -> Signal:
    return Signal(read_reasons(text.removeprefix("by hand: ")), FIRST, text.startswith("by hand: "))


def _kept(text: str) -> Kept:
    said, _, day = text.partition(" until ")
    return Kept(read_reasons(said), FIRST, at(day))


def _declared(text: str) -> Claim:
    found = re.fullmatch(r"(.+) on (day \d+)( by proxy| at an office)?", text)
    if found is None:
        raise UnreadableError(text)
    by: Any = {None: "self", " by proxy": "proxy", " at an office": "office"}[found[3]]
    return Claim(read_reasons(found[1]), at(found[2]), by)


def _order(row: dict[str, Any]) -> Order:
    row = dict(row)
    made: dict[str, Any] = {
        "version": 1,
        "community": "c-1",
        "office": f"{row['id']} office",
        "names": ("Wang", "Li"),
        "reason": "a crowded place",
    }
    times = {"from_": at(row.pop("from", 1)), "until": at(row.pop("until", 31))}
    return Order(**made | times | row)


@dataclass
class Scenario:
    """One scenario as its file has it; a key that nobody knows is an error."""

    rule: str
    name: str
    expect: dict[str, Any]
    phones: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    declared: str | None = None
    no_phone: bool = False
    confirmed: list[str] = field(default_factory=list)
    nobody: bool = False
    policy: dict[str, Any] = field(default_factory=dict)
    orders: list[dict[str, Any]] = field(default_factory=list)
    shown: Any = "code"
    day: int = 15

    def facts(self) -> Facts:
        return Facts(
            phones=tuple(_phone(text) for text in self.phones),
            kept=tuple(_kept(text) for text in self.kept),
            declared=None if self.declared is None else _declared(self.declared),
            no_phone=self.no_phone,
            confirmed=frozenset((r.code, r.area) for text in self.confirmed for r in read_reasons(text)),
        )

    def gate_policy(self) -> GatePolicy:
        row = dict(self.policy)
        return GatePolicy(1, {**DEFAULT, **row.pop("table", {})}, **row)

    def outcome(self) -> dict[str, Any]:
        """Return what came out, in the words of what is expected."""
        policy, now = self.gate_policy(), at(self.day)
        standing, told = list[Order](), dict[str, Any]()
        for row in self.orders:
            order = _order(row)
            refused = refusal(order, policy)
            if refused is None:
                standing.append(order)
            else:
                told["refused"] = refused.code
        facts = self.facts()
        answer = check(self.shown, None if self.nobody else facts, policy, standing, now)
        whole = combined(facts, now, signal_required=policy.signal_required)
        told |= {"signal": signal_colour(facts, now), "colour": whole.colour} | _told(answer, self.expect)
        told["sources"] = [
            f"{s.origin} {s.colour} {s.age_minutes} minutes {' and '.join(map(spelled, s.reasons))}"
            for s in whole.sources
        ]
        return {key: told.get(key) for key in self.expect}


def spelled(reason: Reason) -> str:
    return reason.code if reason.area is None else f"{reason.code} {reason.area}"


def _told(answer: Answer, expect: dict[str, Any]) -> dict[str, Any]:
    words = answer.step.zh + answer.step.en
    return {
        "decision": answer.decision,
        "codes": list(answer.codes),
        "accepted": list(answer.accepted),
        "ordered_by": [f"{one.office} of {' and '.join(one.names)}" for one in answer.ordered_by],
        "says": [text for text in expect.get("says", []) if text in words],
        "ways": [way.zh for way in answer.ways()],
    }
