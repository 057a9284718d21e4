"""orders.toml: communities' orders, each checked before any is published (rule 12.3).

```toml
[[order]]
id = "market-2020-03"
version = 1
community = "lane-7"
office = "Street office of Lane 7"
names = ["Wang Fang", "Li Na"]
reason = "a crowded market"
from = 2020-03-01T00:00:00+08:00
until = 2020-04-01T00:00:00+08:00
table = { unknown = "register" }
signal_required = true
```
"""

from __future__ import annotations

import difflib
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from streams.files.members import Members, table_of
from streams.files.unusable import UnusableError
from streams.files.versions import Stated, check_alone
from streams.people.orders import Order, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.domain.records import Colour
    from streams.people.strictness import Decision, GatePolicy

KEYS: Final = tuple(each.name.rstrip("_") for each in fields(Order))
LONGEST: Final = 200
"""Characters of an id; of a reason ten times as many."""


class ProposedOrder(Stated[Order]):
    """An order version and the table of the file that says so."""

    __slots__ = ()
    what = "order"


def proposed_orders(path: str, policy: GatePolicy, now: int) -> list[ProposedOrder]:
    """Return a file's orders, one of each id; UnusableError names the order, what is wrong and what to do.

    `now` is in unix seconds: an order that is over would never hold.
    """
    found: dict[str, ProposedOrder] = {}
    for place, entry in enumerate(_entries(path), 1):
        members = Members(_spelled(entry), path, f"[[order]] {place}")
        proposed = ProposedOrder(_order(members), members)
        _check(proposed, policy, now)
        check_alone(proposed, found)
        found[proposed.version.id] = proposed
    return list(found.values())


def _entries(path: str) -> list[dict[str, Any]]:
    table = table_of(path).values
    if more := table.keys() - {"order"}:
        raise UnusableError(path, "", f"expected nothing but [[order]], found {min(more)!r}")
    entries = table.get("order")
    if not isinstance(entries, list) or not entries or not all(isinstance(one, dict) for one in entries):
        raise UnusableError(path, "", "expected one [[order]] or more")
    return entries


def _check(proposed: ProposedOrder, policy: GatePolicy, now: int) -> None:
    order = proposed.version
    refused = refusal(order, policy)
    if refused is not None:
        raise proposed.wrong(refused.told)
    if order.until <= now and not order.withdrawn:
        raise proposed.wrong("until: expected a time to come, it is over already")


def _order(members: Members) -> Order:
    for key in members.values:
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, n=1, cutoff=0.0)[0]
            raise UnusableError(members.file, members.place, f"unknown key {key!r}; the nearest is {near!r}")
    return Order(
        id=_short(members, "id", LONGEST),
        version=members.whole("version", least=1),
        community=_short(members, "community", LONGEST),
        office=members.text("office"),
        names=_names(members),
        reason=_short(members, "reason", 10 * LONGEST),
        from_=_time(members, "from"),
        until=_time(members, "until"),
        table=_decisions(members),
        signal_required=members.flag("signal_required"),
        withdrawn=members.flag("withdrawn"),
    )


def _names(members: Members) -> tuple[str, ...]:
    value = members.values.get("names")
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise members.wrong("names", "the names of the two who sign it")
    return tuple(value)


def _decisions(members: Members) -> Mapping[Colour, Decision]:
    """Return the table as it stands there: `refusal` says what is no colour or no decision."""
    return members.inside("table").values if members.has("table") else {}  # type: ignore[return-value]


def _short(members: Members, key: str, most: int) -> str:
    text = members.text(key)
    if len(text) > most:
        raise members.wrong(key, f"at most {most} characters")
    return text


def _time(members: Members, key: str) -> int:
    found = members.time(key)
    if found < 0:
        raise members.wrong(key, "a time since 1970")
    return found


def _spelled(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an order with TOML's own times as text, so that both spellings are read the same way."""
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in entry.items()}
