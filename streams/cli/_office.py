"""The back office's commands: what a file proposes, and publishing it whole or not at all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from streams.agents.colours import first_policy
from streams.agents.proposal import areas_proposed, policy_proposed
from streams.agents.published import anything_seen, in_force, towers_extent
from streams.domain.policy import Deployment
from streams.files.policy import proposed_policy
from streams.files.proposed import proposed_areas
from streams.kafka.errors import UnusableError
from streams.kafka.publishing import whole_or_nothing
from streams.kafka.wire import wire_of
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.agents.proposal import Proposal
    from streams.settings import Settings

    Propose = Callable[[], Proposal]


def proposing_areas(settings: Settings, file: str) -> Propose:
    """Check a file of areas by itself; return how to hold it against what stands, now or later."""
    first = first_policy(settings)
    found = proposed_areas(file, first.resolution, settings.max_area_hexes)
    wire = wire_of(settings)

    async def held() -> Proposal:
        return areas_proposed(
            found, await in_force(settings, wire), await towers_extent(settings, wire), first
        )

    return lambda: asyncio.run(held())


def proposing_policy(settings: Settings, file: str) -> Propose:
    """Check a policy by itself; return how to hold it against what stands, now or later."""
    deployment = Deployment(settings.retention_days, settings.max_skew)
    found = proposed_policy(file, first_policy(settings), deployment)
    wire = wire_of(settings)

    async def held() -> Proposal:
        return policy_proposed(file, *found, await in_force(settings, wire))

    return lambda: asyncio.run(held())


def publish(settings: Settings, propose: Propose, preview: str, token: str | None = None) -> Proposal:
    """Publish a proposal whole, with the token of its preview or while there is nobody to preview it on.

    Nobody else publishes between the reading of what stands and the end, or this ends without effect.
    """
    names = Names(settings.topic_prefix)
    identity = f"{settings.app_id}-{names.prefix}-office"
    with whole_or_nothing(settings.kafka_brokers, wire_of(settings), identity) as out:
        proposal = propose()
        if not proposal.records():
            return proposal
        if token is None and asyncio.run(anything_seen(settings)):
            raise UnusableError(f"there are phones whose colour may change: see whose with {preview}")
        if token is not None and token != proposal.token():
            raise UnusableError(
                f"the token {token!r} does not fit: the file or what is in force is not what was previewed; "
                f"preview again with {preview}"
            )
        say_doubts(proposal)
        for topic, key, value in proposal.values(names):
            out.send(topic, value, key)
    return proposal


def say_doubts(proposal: Proposal) -> None:
    """Warn of what is legal but probably not meant."""
    for doubt in proposal.doubts:
        click.echo(f"shendeng: warning: {doubt}", err=True)
