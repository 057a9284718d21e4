"""A check at a gate: facts and tables in, one decision out (rules 12.3, 12.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.domain.colours import ORDER
from streams.people.combined import combined
from streams.people.gate_words import LEAD, STEPS, WAYS
from streams.people.leads import firm
from streams.people.orders import in_force, ordered
from streams.people.sources import Facts
from streams.people.strictness import strictest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.people.combined import Combined
    from streams.people.evidence import Kind
    from streams.people.gate_words import Way, Words
    from streams.people.orders import Order
    from streams.people.strictness import Decision, GatePolicy


@dataclass(frozen=True, slots=True)
class Orderer:
    """Who made a table stricter than the policy's."""

    office: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gate is told, and nothing else: no colour's place, no area, no number, nobody's pseudonym."""

    decision: Decision
    codes: tuple[str, ...]
    """Codes of rule 5 in their order, then `NO_MATCH`, `NOTHING_KNOWN`, `LEAD`, `BY_PROXY`."""
    step: Words
    accepted: tuple[Way, ...] = ()
    """What else is accepted, where the decision is `ask` (rule 12.4)."""
    ordered_by: tuple[Orderer, ...] = ()
    """Without whose orders the decision would be milder."""

    def ways(self) -> tuple[Words, ...]:
        """Return what else is accepted, in words."""
        return tuple(WAYS[way] for way in self.accepted)


@dataclass(frozen=True, slots=True)
class _Judged:
    decision: Decision
    whole: Combined
    lead: bool


def check(
    shown: Kind,
    facts: Facts | None,
    policy: GatePolicy,
    orders: Sequence[Order],
    now: int,
    *,
    by_proxy: bool = False,
) -> Answer:
    """Answer for whoever showed evidence of a kind; `facts` is None where it named nobody.

    `orders` are those of the gate's community, all versions; `by_proxy`: a proxy showed a code of theirs.
    """
    standing = in_force(orders, now)
    judged = _judged(facts or Facts(), ordered(policy, standing), now)
    codes = ("NO_MATCH",) if facts is None else _codes(judged, by_proxy=by_proxy)
    asks = judged.decision == "ask"
    return Answer(
        decision=judged.decision,
        codes=codes,
        step=LEAD if asks and judged.lead else STEPS[judged.decision],
        accepted=tuple(way for way in WAYS if way != shown) if asks else (),
        ordered_by=_orderers(facts or Facts(), policy, standing, now, judged.decision),
    )


def _judged(facts: Facts, policy: GatePolicy, now: int) -> _Judged:
    """Decide by what is firm; a lead that would make it another colour asks, and never holds (rule 10.3)."""
    whole = combined(facts, now, signal_required=policy.signal_required)
    solid = combined(firm(facts), now, signal_required=policy.signal_required)
    lead = whole.colour != solid.colour
    decision = policy.table[solid.colour]
    return _Judged(strictest((decision, "ask")) if lead else decision, whole, lead)


def _codes(judged: _Judged, *, by_proxy: bool) -> tuple[str, ...]:
    sources = judged.whole.sources
    found = {reason.code for source in sources for reason in source.reasons}
    codes: list[str] = sorted(found, key=ORDER.index)
    if not sources:
        codes.append("NOTHING_KNOWN")
    if judged.lead:
        codes.append("LEAD")
    if by_proxy or any(source.by == "proxy" for source in sources):
        codes.append("BY_PROXY")
    return tuple(codes)


def _orderers(
    facts: Facts, policy: GatePolicy, standing: Sequence[Order], now: int, decision: Decision
) -> tuple[Orderer, ...]:
    """Return whose orders lead to a decision that the policy alone would not take."""
    if not standing or _judged(facts, policy, now).decision == decision:
        return ()
    found = [one for one in standing if _by(facts, policy, [one], now) == decision]
    if not found:  # only together: those that cannot be spared
        found = [
            one
            for one in standing
            if _by(facts, policy, [other for other in standing if other is not one], now) != decision
        ]
    return tuple(Orderer(order.office, order.names) for order in found or standing)


def _by(facts: Facts, policy: GatePolicy, orders: Sequence[Order], now: int) -> Decision:
    return _judged(facts, ordered(policy, orders), now).decision
