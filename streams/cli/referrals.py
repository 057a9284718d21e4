"""`shendeng referrals list`: an office's queue of people, each one shown recorded first (rules 15, 17.1)."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import click

from streams.agents.people_topics import Topics, states
from streams.agents.registers import communities
from streams.cli import _recording
from streams.cli._ending import in_one_line, in_operation
from streams.codecs.times import text
from streams.kafka.wire import wire_of
from streams.people.audit.lookups import Kind, Subject
from streams.people.queue import COUNTY, queue
from streams.people.referral import Referrals, evolve
from streams.topics import Names

if TYPE_CHECKING:
    from streams.people.queue import Queued

WRITER = "referrals"
"""Whose chain of look-ups it is."""


@click.group(epilog="\b\nExample:\n  shendeng referrals list --office lane-7")
def command() -> None:
    """Work through the people who were referred to an office."""


@command.command("list", epilog="\b\nExample:\n  shendeng referrals list --office county --overdue --json")
@click.option("--office", metavar="NAME", help=f"Only this office's; {COUNTY}: those with no community.")
@click.option("--overdue", is_flag=True, help="Only those that nobody acknowledged in time.")
@click.option("--closed", is_flag=True, help="Those that are closed too.")
@click.option("--purpose", metavar="TEXT", help="What they are looked up for; recorded.")
@click.option("--ticket", metavar="TEXT", help="The matter that it belongs to; recorded.")
@click.option("--json", "as_json", is_flag=True, help="Print each as a line of JSON, people whole.")
def list_(
    *,
    office: str | None,
    overdue: bool,
    closed: bool,
    purpose: str | None,
    ticket: str | None,
    as_json: bool,
) -> None:
    """List referrals, the longest open first, people shortened to 8 digits.

    Each person shown is a look-up that stands in the audit first (`shendeng audit`).
    """
    with in_one_line():
        settings, brokers = in_operation()
        topics = Topics(brokers, Names(settings.topic_prefix), wire_of(settings))
        register = communities(brokers, topics.names, topics.wire)
        everybody = states(topics.facts(topics.names.referrals), Referrals(), evolve)
        found = queue(everybody, register, office, overdue=overdue, closed=closed)
        shown = [(Subject(Kind.PERSON, bytes.fromhex(one.person)), shown_of(one)) for one in found]
        asyncio.run(_recording.record_each(settings, WRITER, shown, purpose, ticket))
    for one in found:
        click.echo(json.dumps(told(one)) if as_json else line(one))


def shown_of(one: Queued) -> tuple[str, ...]:
    """Return what the audit says of what was shown; no place."""
    causes = (f"{cause.why} {cause.code} {stands}" for cause, stands in one.causes)
    return (f"referral {one.referral.number} {one.referral.state}", *dict.fromkeys(causes))


def line(one: Queued) -> str:
    """Return a referral in one line a person can read."""
    referral = one.referral
    causes = ", ".join(f"{cause.why} {cause.code} {cause.area} ({stands})" for cause, stands in one.causes)
    waits = "" if referral.due is None else f"; to acknowledge by {text(referral.due)}"
    late = f"; escalated {referral.escalated} times" if referral.escalated else ""
    hint = "; nothing of it stands: close it?" if referral.suggestion == "close" else ""
    head = f"{text(one.since)}  {one.person[:8]}  {referral.state:<12} {_place(one)}"
    return f"{head}  {causes}{waits}{late}{hint}"


def told(one: Queued) -> dict[str, Any]:
    """Return a referral as JSON has it."""
    referral = one.referral
    return {
        "person": one.person,
        "number": referral.number,
        "state": referral.state,
        "steps": [
            {"state": s.state, "by": s.by.id, "office": s.by.office, "at": s.at} for s in referral.steps
        ],
        "community": referral.address.community,
        "county": referral.address.county,
        "by": referral.address.by,
        "causes": [
            {"why": cause.why, "code": cause.code, "area": cause.area, "stands": stands}
            for cause, stands in one.causes
        ],
        "due": referral.due,
        "escalated": referral.escalated,
        "suggestion": referral.suggestion,
    }


def _place(one: Queued) -> str:
    address = one.referral.address
    return address.community or f"{COUNTY} {address.county or ''}".strip()
