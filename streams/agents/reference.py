"""The agent `reference`: towers, areas, policies and exclusions, validated, into the journal (D1).

What it puts into the journal carries no time of its own (clock 0): live, time moves by sightings and by
`TimeAdvanced` alone. A version put twice, after a crash in between, is ignored by the fold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams import codecs
from streams.agents import towers
from streams.domain import areas, exclusions, policy
from streams.domain.policy import Deployment, PolicyError
from streams.domain.records import AreaPublished, Excluded, PolicyPublished
from streams.kafka.chunks import chunks
from streams.people.policy import divided, people_policy
from streams.people.sunset import CODE, sunset

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.domain.policy import Policy
    from streams.domain.records import Record
    from streams.kafka.chunks import Chunk
    from streams.kafka.engine import Engine
    from streams.people.policy import PeoplePolicy
    from streams.topics import Names

    Reader = Callable[[bytes | None, bytes | None], Record | None]


class RefusedError(ValueError):
    """The rules refuse a value that could be read; the message says why."""


def attach(app: Any, engine: Engine, first: Policy) -> None:
    """Add the agent to the app; `first` is the policy the deployment begins with."""
    names, deployment = engine.names, Deployment(engine.settings.retention_days)
    by_topic: dict[str, Reader] = {names.cell_towers: tower, **readers(names, first, deployment)}

    @app.agent(engine.chunked(*by_topic), name="reference")  # type: ignore[untyped-decorator]
    async def reference(stream: Any) -> None:
        with engine.ending.fatal():
            async for chunk in chunks(stream):
                await enter(engine, chunk, by_topic[chunk.topic])
                chunk.ack()


def readers(names: Names, first: Policy, deployment: Deployment) -> dict[str, Reader]:
    """Return by topic how its values are read that enter the journal."""
    return {
        names.risk_areas: lambda value, _: area(value, first),
        names.policies: lambda value, _: whole_policy(value, first, deployment),
        names.exclusions: lambda value, _: exclusion(value),
    }


async def enter(engine: Engine, chunk: Chunk, read: Reader) -> None:
    """Put a chunk's records into every journal partition, in order; what cannot enter is a dead letter."""
    records, arrived = list(chunk.rows.each()), chunk.rows.arrived(int(engine.now() * 1000))
    await engine.wire.met(record.value for record in records)
    for record, at in zip(records, arrived.tolist(), strict=True):
        if record.value is None:
            continue
        if sunset(engine.settings.sunset_at, at // 1000) is not None:
            await engine.dead_letters.bury(CODE, chunk.topic, chunk.partition, record.offset, 0)
            continue
        try:
            found = read(engine.wire.read(record.value), record.key)
            check_time(found, at, engine.settings.max_skew)
        except (codecs.CodecError, RefusedError) as error:
            reason = error.reason if isinstance(error, codecs.CodecError) else "refused"
            await engine.dead_letters.bury(reason, chunk.topic, chunk.partition, record.offset, 0)
            continue
        if found is not None:
            await engine.journal.put_everywhere(found)


def check_time(record: Record | None, arrived: int, max_skew: int) -> None:
    """Refuse a decision dated over `max_skew` seconds after it arrived: it is about the past (3.1, 1.4)."""
    if isinstance(record, Excluded) and record.exclusion.at * 1000 > arrived + max_skew * 1000:
        raise codecs.CodecError("future")


def tower(value: bytes | None, key: bytes | None) -> None:
    """Check a tower and that its key names it; ingest follows the topic itself, so no record comes of it."""
    if codecs.decode_tower(value).id != towers.key_of(key):
        raise codecs.CodecError("bad_key")


def area(value: bytes | None, first: Policy) -> AreaPublished:
    """Return an area version as a journal record (rule 2.2)."""
    version = codecs.decode_area(value)
    refused = areas.refusal(version, first.resolution)
    if refused is not None:
        raise RefusedError(refused)
    return AreaPublished(0, version)


def whole_policy(value: bytes | None, first: Policy, deployment: Deployment) -> Record:
    """Return a whole policy as a journal record; people's thresholds are none of the journal's."""
    whole, _ = both_policies(value, first, deployment)
    return PolicyPublished(0, whole.version, whole.thresholds())


def both_policies(value: bytes | None, first: Policy, deployment: Deployment) -> tuple[Policy, PeoplePolicy]:
    """Return a whole policy, of colours and of people.

    What it leaves out of colours is the deployment's first (rule 1.5), of people the default.
    """
    version, thresholds = codecs.decode_policy(value)
    try:
        colours, people = divided(thresholds)
        return policy.merged(first, version, colours, deployment), people_policy(people, version)
    except PolicyError as error:
        raise RefusedError(str(error)) from None


def exclusion(value: bytes | None) -> Record:
    """Return an exclusion as a journal record (rule 3.1)."""
    version = codecs.decode_exclusion(value)
    refused = exclusions.refusal(None, version)
    if refused is not None:
        raise RefusedError(refused)
    return Excluded(0, version)
