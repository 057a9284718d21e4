"""`shendeng appeals evidence PERSON`: what a person may see of what accuses them (rules 16.1, 17.2)."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import click

from streams import clock, codecs
from streams.agents.folding import folded
from streams.cli import _recording
from streams.cli._ending import SOME, in_one_line
from streams.cli._pseudonym import pseudonym
from streams.cli.appeals._reading import WRITER, opened
from streams.codecs.times import text
from streams.domain.explain import cells_held
from streams.kafka.errors import UnusableError
from streams.kafka.looked import texts_of
from streams.people.audit.lookups import Kind, Subject
from streams.people.audit.seen import SHORTENED, seen_by
from streams.people.shown import appeal_of_proxy, appeal_shown, reasons_of_person, reasons_of_proxy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.agents.people_topics import Known, Topics
    from streams.domain.fold import Fold
    from streams.people.shown import ShownReason
    from streams.settings import Settings

MILLISECONDS = 1000
NO_CONSENT = "no_consent"


@click.command(epilog="\b\nExample:\n  shendeng appeals evidence 01000000000000000000000000000002")
@click.argument("person")
@click.option("--proxy", metavar="PROXY", help="Show what this proxy of theirs (32 hex digits) may see.")
@click.option("--purpose", metavar="TEXT", help="What it is looked up for; recorded.")
@click.option("--ticket", metavar="TEXT", help="The matter that it belongs to; recorded.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, times in unix seconds.")
def command(
    person: str, *, proxy: str | None, purpose: str | None, ticket: str | None, as_json: bool
) -> None:
    """Print what stands behind the colour of PERSON (32 hex digits), their appeals, and who looked at them.

    For the person at an office: visits with times and area, cells no finer than resolution 7. A proxy with a
    consent sees codes and appeals, never a visit. It is a look-up, recorded as denied where there is no
    consent. Exit status 3: nothing is known of the person.
    """
    with in_one_line():
        settings, topics = opened()
        subject = Subject(Kind.PERSON, pseudonym("PERSON", person))
        agent = None if proxy is None else pseudonym("--proxy", proxy).hex()
        found = asyncio.run(_looked_up(settings, topics, subject, agent, purpose, ticket))
    if found is None:
        click.echo("nothing is known of this person")
        sys.exit(SOME)
    for line in [json.dumps(found)] if as_json else lines(found):
        click.echo(line)


async def _looked_up(
    settings: Settings,
    topics: Topics,
    subject: Subject,
    proxy: str | None,
    purpose: str | None,
    ticket: str | None,
) -> dict[str, Any] | None:
    """Gather, record the look-up, and only then return what may be shown."""
    [partition] = codecs.partitions_of([subject.id], settings.partitions)
    known = topics.person(subject.id, partition)
    if proxy is not None and proxy not in known.proxies:
        await _recording.record(settings, WRITER, subject, (), purpose, ticket, NO_CONSENT)
        raise UnusableError("--proxy: expected somebody with the person's consent, recorded and standing")
    reasons = reasons_of_proxy(known.told) if proxy is not None else await _own(settings, known)
    looks = texts_of(topics.brokers, topics.names.lookups, subject) if proxy is None else []
    shown = (f"{len(reasons)} reasons", f"{len(known.appeals.every)} appeals")
    await _recording.record(settings, WRITER, subject, shown, purpose, ticket)
    if not (known.phones or known.told.sources or known.appeals.every):
        return None
    seen = seen_by(subject, (one.lookup for one in looks), clock.now() * MILLISECONDS)
    now = topics.clock()
    return {
        "colour": known.told.colour,
        "reasons": [_spelled(one) for one in reasons],
        "contestable": _contestable(known, proxy),
        "appeals": [
            asdict(appeal_shown(one, now) if proxy is None else appeal_of_proxy(one, now))
            for one in known.appeals.every
        ],
        "seen_by": [asdict(one) for one in seen],
    }


def _contestable(known: Known, proxy: str | None) -> list[dict[str, Any]]:
    """Return what an appeal can be against; phones shortened, and without places to a proxy."""
    shown = [replace(one, phone=one.phone[:SHORTENED]) for one in known.contestable()]
    if proxy is not None:
        shown = list(dict.fromkeys(replace(one, area="") for one in shown))
    return [asdict(one) for one in shown]


async def _own(settings: Settings, known: Known) -> tuple[ShownReason, ...]:
    """Return a person's reasons with where they were, each partition of their phones folded once."""
    phones = [one.phone for one in known.phones if one.held is not None]
    places = dict(zip(phones, codecs.partitions_of(phones, settings.partitions), strict=True))
    folds: dict[int, Fold] = {number: await folded(settings, number) for number in set(places.values())}

    def where(phone: bytes, area: str, from_: int, until: int) -> frozenset[int]:
        return cells_held(folds[places[phone]], phone, area, from_, until)

    return reasons_of_person(known.phones, known.told, where)


def _spelled(one: ShownReason) -> dict[str, Any]:
    return asdict(one) | {"cells": [f"{cell:x}" for cell in one.cells]}


def lines(found: dict[str, Any]) -> Iterator[str]:
    """Yield what was found as lines a person can read."""
    yield f"{found['colour']}, because:"
    for one in found["reasons"]:
        yield f"  {_reason(one)}"
    for one in found["contestable"]:
        yield f"can be contested: {' '.join(filter(None, one.values()))}"
    for one in found["appeals"]:
        ground = f" ({one['ground']})" if one["ground"] else ""
        what = " ".join(filter(None, (one["against"], one["code"], one["area"])))
        yield f"{one['appeal']}: {what}, by {one['by']}, due {text(one['due'])}: {one['state']}{ground}"
    for one in found["seen_by"]:
        denied = "" if one["allowed"] else ", denied"
        yield f"looked at by {one['name'] or one['role']} at {text(one['at'] // MILLISECONDS)}{denied}"


def _reason(one: dict[str, Any]) -> str:
    parts = [one["origin"], one["code"], one["area"] or ""]
    if one["phone"]:
        parts.append(f"phone {one['phone']}")
    if one["from_"] is not None and one["until"] is not None:
        parts.append(f"from {text(one['from_'])} until {text(one['until'])}, {one['dwell_minutes']} minutes")
    if one["cells"]:
        parts.append(f"in {' '.join(one['cells'])}")
    return " ".join(filter(None, parts))
