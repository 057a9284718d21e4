"""`shendeng adoption`: who holds a code beside whose code is used, by community and age band (rule 18.1)."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click

from streams import clock
from streams.agents.adoption import counted
from streams.cli._ending import in_one_line, in_operation
from streams.codecs.times import text
from streams.kafka.errors import UnusableError
from streams.people.disclosure import K

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.people.adoption import Adoption
    from streams.people.disclosure import Released

DAY: Final = 86_400
MILLISECONDS: Final = 1000
COUNTS: Final = ("residents", "holders", "by_proxy", "on_paper", "used")
EPILOG: Final = """\b
Example:
  shendeng adoption --target 90

Counts are as of a midnight (UTC) and of the seven days before it. Fewer than 15 are not shown, others are
rounded down to a multiple of 15, shares are of what is shown."""


@click.command(epilog=EPILOG)
@click.option("--at", "day", metavar="DATE", help="As of the beginning of that day (UTC); default: today.")
@click.option("--target", type=click.IntRange(1, 100), metavar="PERCENT", help="A target on holders alone.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def command(*, day: str | None, target: int | None, as_json: bool) -> None:
    """Count who holds a code, by proxy and on paper, and whose code was checked at a gate in seven days.

    A target on holders is shown beside use, so that codes taken for a percentage show.
    """
    with in_one_line():
        at = _midnight(day, clock.now())
        settings, _ = in_operation()
        found = counted(settings, at * MILLISECONDS)
    if as_json:
        click.echo(as_object(found, at, target))
        return
    for line in lines(found, at, target):
        click.echo(line)


def as_object(found: list[Adoption], at: int, target: int | None) -> str:
    """Return adoption as one line of JSON; a count under k is null."""
    return json.dumps(
        {
            "at": text(at),
            "k": K,
            "target": target,
            "bands": [
                {key: value for key, value in asdict(one).items() if key != "at"}
                | {"holders_percent": one.holders_percent, "used_percent": one.used_percent}
                | ({} if target is None else {"reached": one.reaches(target)})
                for one in found
            ],
        },
        ensure_ascii=False,
    )


def lines(found: list[Adoption], at: int, target: int | None) -> Iterator[str]:
    """Yield a table a person can read, and what a target looks like beside use."""
    yield f"adoption as of {text(at)}, codes and checks of the seven days before"
    wide = max((len(one.community) for one in found), default=0)
    names = "".join(f"{name.replace('_', ' '):>11}" for name in (*COUNTS, "holders_%", "used_%"))
    yield f"{'community':<{max(wide, 9)}}  {'age band':<9}{names}"
    for one in found:
        counts = "".join(f"{_count(getattr(one, name)):>11}" for name in COUNTS)
        shares = f"{_share(one.holders_percent):>11}{_share(one.used_percent):>11}"
        yield f"{one.community:<{max(wide, 9)}}  {one.age_band:<9}{counts}{shares}"
    if target is not None:
        reached = [one for one in found if one.reaches(target)]
        yield f"target: {target} % hold a code; reached in {len(reached)} of {len(found)}"
        for one in reached:
            yield f"  {one.community} {one.age_band}: used by {_share(one.used_percent)}"


def _count(count: Released | None) -> str:
    return f"<{K}" if count is None else str(count)


def _share(share: int | None) -> str:
    return "hidden" if share is None else f"{share} %"


def _midnight(day: str | None, now: int) -> int:
    """Return the second at which a day begins; it is one that has begun."""
    if day is None:
        return now - now % DAY
    try:
        at = int(datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC).timestamp())
    except ValueError:
        raise UnusableError(f"--at: expected a date as 2026-11-30, found {day[:40]!r}") from None
    if at > now:
        raise UnusableError(f"--at: expected a day that has begun, found {day}")
    return at
