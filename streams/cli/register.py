"""`shendeng register`: the public register of everything that is made by hand (rules 16.2, 16.3)."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

import click

from streams.agents.publicly import PublicRegister, register
from streams.cli._ending import in_one_line
from streams.cli.appeals._reading import opened
from streams.codecs.times import text
from streams.files.scenery import feature, geometry_json
from streams.people.disclosure import K

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.people.appeal_figures import Figures
    from streams.people.hand_made import Acts
    from streams.people.orders import Order


@click.command(epilog="\b\nExample:\n  shendeng register --json")
@click.option("--json", "as_json", is_flag=True, help="Print it whole as JSON, shapes as GeoJSON.")
def command(*, as_json: bool) -> None:
    """Print areas, policies and orders whole; bindings, NO_PHONE, exclusions and corrections as counts.

    Counts are per office, summed over offices or weeks until they may be published; of appeals so many a rule
    and the share upheld. Nobody in it is named but who signed an order.
    """
    with in_one_line():
        _, topics = opened()
        found = register(topics)
    for line in [json.dumps(told(found), ensure_ascii=False)] if as_json else lines(found):
        click.echo(line)


def told(found: PublicRegister) -> dict[str, Any]:
    """Return the register as JSON has it."""
    return {
        "at": text(found.at),
        "areas": {"type": "FeatureCollection", "features": [feature(area) for area in found.areas]},
        "policies": [{"version": version} | _spelled(policy) for version, policy in found.policies],
        "orders": [_order(order) for order in found.orders],
        "acts": [_acts(one) for one in found.acts],
        "appeals": {
            "rules": [asdict(one) for one in found.appeals.rules],
            "overdue": found.appeals.overdue,
        },
    }


def lines(found: PublicRegister) -> Iterator[str]:
    """Yield the register as lines a person can read; shapes are in the JSON alone."""
    yield f"as of {text(found.at)}"
    for area in found.areas:
        until = "" if area.until is None else f" until {text(area.until)}"
        name = f" {area.name}" if area.name else ""
        state = ", withdrawn" if area.withdrawn else f", from {text(area.from_)}{until}"
        yield f"area {area.id} version {area.version}{name}{state}"
    for version, policy in found.policies:
        values = (f"{key} = {value}" for key, value in sorted(policy.items()) if key != "jurisdiction")
        yield f"policy version {version}: {', '.join(values)}"
    for order in found.orders:
        yield _order_line(order)
    for one in found.acts:
        when = f"from {text(one.from_)} until {text(one.until)}"
        yield f"{one.kind} by {', '.join(one.offices)}, {when}: {one.count}"
    for figures in found.appeals.rules:
        yield _figures_line(figures)
    yield f"appeals overdue: {_count(found.appeals.overdue)}"


def _spelled(policy: dict[str, Any]) -> dict[str, Any]:
    """Return thresholds as JSON has them: the jurisdiction as GeoJSON."""
    return {key: geometry_json(value) if isinstance(value, tuple) else value for key, value in policy.items()}


def _order(order: Order) -> dict[str, Any]:
    found = {one.name.rstrip("_"): getattr(order, one.name) for one in fields(order)}
    return found | {"from": text(order.from_), "until": text(order.until), "table": dict(order.table)}


def _order_line(order: Order) -> str:
    table = [f"{colour}: {decision}" for colour, decision in order.table.items()]
    what = ", ".join([*table, *["a signal required"] * order.signal_required])
    state = ", withdrawn" if order.withdrawn else f", from {text(order.from_)} until {text(order.until)}"
    who = f"{order.office} of {' and '.join(order.names)}"
    return (
        f"order {order.id} version {order.version} in {order.community}: {what}; {order.reason}; {who}{state}"
    )


def _acts(one: Acts) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "offices": list(one.offices),
        "from": text(one.from_),
        "until": text(one.until),
        "count": one.count,
    }


def _figures_line(one: Figures) -> str:
    share = "" if one.upheld_percent is None else f" ({one.upheld_percent} %)"
    counts = f"{_count(one.appeals)}, decided {_count(one.decided)}, upheld {_count(one.upheld)}{share}"
    return f"appeals against rule {one.rule}: {counts}"


def _count(count: int | None) -> str:
    return f"<{K}" if count is None else str(count)
