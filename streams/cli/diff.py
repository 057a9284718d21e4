"""`shendeng diff`: who would change if areas or a policy were published; and publishing just that."""

from __future__ import annotations

import asyncio
import json
import shlex
import sys
from typing import TYPE_CHECKING

import click

from streams import clock
from streams.agents.previewing import previewed
from streams.cli._ending import in_one_line, in_operation
from streams.cli._office import proposing_areas, proposing_policy, publish, say_doubts
from streams.cli._progress import Progress
from streams.domain.colours import SEVERITY
from streams.kafka.errors import UnusableError
from streams.people.disclosure import K, released

if TYPE_CHECKING:
    from collections import Counter

    from streams.agents.proposal import Proposal
    from streams.domain.records import Colour

    Counts = Counter[tuple[Colour, Colour]]

EPILOG = """\b
Example:
  shendeng diff --areas areas.geojson

With the token that it prints, the same with --publish TOKEN publishes just that. Of fewer than 15 phones the
number is not shown; others are rounded down to a multiple of 15."""


@click.command(epilog=EPILOG)
@click.option("--areas", metavar="FILE", help="Key areas as they would be (GeoJSON).")
@click.option("--policy", metavar="FILE", help="A whole policy as it would be (TOML).")
@click.option("--publish", "token", metavar="TOKEN", help="Publish exactly what the preview showed.")
@click.option("--json", "as_json", is_flag=True, help="Print the preview as JSON.")
def command(*, areas: str | None, policy: str | None, token: str | None, as_json: bool) -> None:
    """Preview who would change colour or reasons, folded from the journal; nothing is touched.

    The token printed fits as long as the file and what is in force stay as they are.
    """
    with in_one_line():
        settings, _ = in_operation()
        if areas is not None and policy is None:
            propose, again = proposing_areas(settings, areas), _again("--areas", areas)
        elif policy is not None and areas is None:
            propose, again = proposing_policy(settings, policy), _again("--policy", policy)
        else:
            raise UnusableError("diff: expected either --areas FILE or --policy FILE")
        if token is not None:
            click.echo(f"published {publish(settings, propose, again, token).told()}", err=True)
            return
        proposal = propose()
        progress = Progress(clock.monotonic, shown=sys.stderr.isatty())
        try:
            counts = asyncio.run(previewed(settings, proposal, progress.show))
        finally:
            progress.clear()
    say_doubts(proposal)
    click.echo(as_text(proposal, counts, again) if not as_json else as_object(proposal, counts))


def as_text(proposal: Proposal, counts: Counts, again: str) -> str:
    """Return a preview as a table a person can read."""
    head = f"{'before':<10}" + "".join(f"{f'→ {after}':>11}" for after in SEVERITY)
    rows = [
        f"{before:<10}" + "".join(f"{_shown(counts[before, after]):>11}" for after in SEVERITY)
        for before in SEVERITY
    ]
    return "\n".join(
        (
            f"proposed: {proposal.told()}",
            f"{_shown(counts.total())} phones would change colour, or the reasons behind it:",
            head,
            *rows,
            f"token {proposal.token()}; to publish exactly this: {again} --publish {proposal.token()}",
        )
    )


def as_object(proposal: Proposal, counts: Counts) -> str:
    """Return a preview as one line of JSON; a count under k is null."""
    current = proposal.current
    areas = [
        {
            "id": area.id,
            "version": area.version,
            "withdrawn": area.withdrawn,
            "now": current.areas[area.id].version if area.id in current.areas else None,
        }
        for area in proposal.areas
    ]
    policy = proposal.policy
    return json.dumps(
        {
            "areas": areas,
            "policy": policy and {"version": policy.version, "now": current.policy.version},
            "k": K,
            "changes": [
                {"before": before, "after": after, "phones": released(counts[before, after])}
                for before in SEVERITY
                for after in SEVERITY
            ],
            "phones": released(counts.total()),
            "warnings": list(proposal.doubts),
            "token": proposal.token(),
        },
        ensure_ascii=False,
    )


def _shown(count: int) -> str:
    known = released(count)
    return f"<{K}" if known is None else str(known)


def _again(option: str, file: str) -> str:
    return f"shendeng diff {option} {shlex.quote(file)}"
