"""`shendeng appeals list`: what waits for officers, the next deadline first."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from streams.agents.people_topics import by_person
from streams.cli import _recording
from streams.cli._ending import in_one_line
from streams.cli.appeals._reading import WRITER, opened
from streams.codecs.times import text
from streams.people.audit.lookups import Kind, Subject
from streams.people.audit.seen import SHORTENED

if TYPE_CHECKING:
    from streams.people.appealed import Appeal


@click.command(epilog="\b\nExample:\n  shendeng appeals list --purpose 'the morning round'")
@click.option("--purpose", metavar="TEXT", help="What it is looked up for; recorded.")
@click.option("--ticket", metavar="TEXT", help="The matter that it belongs to; recorded.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON, persons whole.")
def command(*, purpose: str | None, ticket: str | None, as_json: bool) -> None:
    """List the appeals that nobody has decided, by their deadlines.

    It is a look-up of each person who is listed: who ran it stands in the audit (`shendeng audit`).
    """
    with in_one_line():
        settings, topics = opened()
        everybody, now = by_person(topics.facts(topics.names.appeals)), topics.clock()
        found = sorted(
            ((one, person) for person, state in everybody.items() for one in state.pending()),
            key=lambda each: (each[0].due, each[0].name),
        )
        told = [_told(one, person, now) for one, person in found]
        waiting = Counter(person for _, person in found)
        looks = [
            (Subject(Kind.PERSON, bytes.fromhex(person)), (f"{number} appeals that wait",))
            for person, number in waiting.items()
        ]
        asyncio.run(_recording.record_each(settings, WRITER, looks, purpose, ticket))
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for each in told:
        click.echo(line(each))


def _told(one: Appeal, person: str, now: int) -> dict[str, Any]:
    proposal = one.proposal
    return {
        "appeal": one.name,
        "person": person,
        **asdict(one.matter),
        "by": one.by,
        "at": text(one.at),
        "due": text(one.due),
        "overdue": one.due < now,
        "proposal": None if proposal is None else proposal.version,
        "ground": None if proposal is None else proposal.remedy.ground,
    }


def line(told: dict[str, Any]) -> str:
    """Return an appeal in one line; person and phone shortened."""
    matter = [told["against"], told["code"], told["area"], told["phone"][:SHORTENED]]
    waits = "" if told["ground"] is None else f", proposed {told['ground']} as {told['proposal']}"
    late = " OVERDUE" if told["overdue"] else ""
    what = " ".join(filter(None, matter))
    head = f"{told['due']}{late}  {told['appeal']}  {told['person'][:SHORTENED]}"
    return f"{head}  {what}, by {told['by']}{waits}"
