"""A community's orders: a stricter table for a time, by name and with a reason (rule 12.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from streams.domain.colours import SEVERITY
from streams.people.commands import Refused
from streams.people.strictness import STRICTNESS, GatePolicy, beyond, strictest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streams.domain.records import Colour
    from streams.people.strictness import Decision

_NO_NAME: Final = re.compile(r"[0-9a-f]{12,}|\+?\d[\d -]{6,}\d", re.IGNORECASE | re.ASCII)
"""A pseudonym, a cell or a number in the place of a name: an answer at a gate would show it."""
LONGEST: Final = 100
"""Characters of a name or an office: an answer stands on a small screen."""


@dataclass(frozen=True, slots=True)
class Order:
    """One version of an order; times in unix seconds, `until` excluded."""

    id: str
    version: int
    community: str
    office: str
    """Who orders."""
    names: tuple[str, ...]
    """The two who sign it."""
    reason: str
    from_: int
    until: int
    table: Mapping[Colour, Decision] = field(default_factory=dict)
    """The colours for which it is stricter."""
    signal_required: bool = False
    """Whether nobody's declaration alone is enough, `NO_PHONE` excepted."""
    withdrawn: bool = False


def refusal(order: Order, policy: GatePolicy) -> Refused | None:
    """Return why an order may not stand beside the policy in force, None if it may."""
    if order.withdrawn:
        return None
    return unsound(order) or _milder(order.table, policy)


def unsound(order: Order) -> Refused | None:
    """Return why an order may stand beside no policy, None if it may beside some."""
    if order.withdrawn:
        return None
    return _unsigned(order) or _unfit(order.table) or _empty(order)


def _unsigned(order: Order) -> Refused | None:
    names = [name.strip() for name in order.names]
    if len(names) != 2 or not all(names) or len({name.casefold() for name in names}) != 2:  # noqa: PLR2004 - two names
        return Refused("two_names_needed", "expected the names of two different people who sign it")
    if not order.office.strip():
        return Refused("no_office", "expected the office that orders: each answer names it")
    for text in (*names, order.office):
        if len(text) > LONGEST or _NO_NAME.search(text):
            return Refused("no_name", f"expected at most {LONGEST} characters, no id and no number")
    if not order.reason.strip():
        return Refused("no_reason", "expected a reason: it is public")
    if not order.from_ < order.until:
        return Refused("no_end", "expected an end after the beginning")
    return None


def _unfit(table: Mapping[Colour, Decision]) -> Refused | None:
    for colour, decision in table.items():
        if colour not in SEVERITY or decision not in STRICTNESS:
            return Refused("not_in_table", f"expected a colour, and one of {', '.join(STRICTNESS)}")
        if beyond(colour, decision):
            return Refused("too_strict", f"{colour}: expected no further than register, not {decision}")
    return None


def _milder(table: Mapping[Colour, Decision], policy: GatePolicy) -> Refused | None:
    for colour, decision in table.items():
        if strictest((decision, policy.table[colour])) != decision:
            return Refused("milder", f"{colour}: expected {policy.table[colour]} or stricter, not {decision}")
    return None


def _empty(order: Order) -> Refused | None:
    if order.table or order.signal_required:
        return None
    return Refused("orders_nothing", "expected a stricter decision for a colour, or a signal required")


def in_force(orders: Iterable[Order], now: int) -> tuple[Order, ...]:
    """Return what is in force of one community's orders: the highest version of each, by id."""
    highest: dict[str, Order] = {}
    for order in orders:
        known = highest.get(order.id)
        if known is None or order.version > known.version:
            highest[order.id] = order
    standing = (highest[name] for name in sorted(highest))
    return tuple(order for order in standing if not order.withdrawn and order.from_ <= now < order.until)


def ordered(policy: GatePolicy, orders: Iterable[Order]) -> GatePolicy:
    """Return the policy made stricter by orders in force; never milder, whatever policy came since.

    A harsher colour is decided no more mildly than a milder one: who orders green to register means unknown
    too.
    """
    several = tuple(orders)
    table: dict[Colour, Decision] = {}
    least: Decision = STRICTNESS[0]
    for colour in SEVERITY:
        meant = [order.table[colour] for order in several if colour in order.table]
        table[colour] = least = strictest([least, policy.table[colour], *meant])
    required = policy.signal_required or any(order.signal_required for order in several)
    return GatePolicy(policy.version, table, required)
