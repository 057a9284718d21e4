"""What is left of a person: in topics, in a worker's memory, on a broker's disk; for the tests of erasure."""

from __future__ import annotations

import secrets
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from streams import codecs
from streams.agents.identities import Identities
from streams.agents.persons import Persons
from streams.domain.records import TimeAdvanced
from streams.kafka.lookups import recorder
from streams.people.actors import Actor, Role
from streams.people.appeals import ConfirmUphold, OpenAppeal, ProposeUphold
from streams.people.audit.chain import SALT
from streams.people.audit.lookups import LookUp
from streams.people.commands import Command
from streams.people.declarations import Declare
from streams.people.passes import IssuePass
from streams.people.phoneless import RecordNoPhone
from streams.people.proxies import PREFIX, GiveConsent
from streams.people.referred import ReferralClosed
from streams.people.statements import Statement
from tests.agents.stage import PARTITIONS, Stage, until
from tests.agents.test_person_colours import DAY, LI, NOW, ONE, WANG, ask, at, named, recorded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.app import App
    from streams.kafka.local import LocalBroker
    from streams.people.audit.lookups import Subject

CHEN = named(5, 0)
OFFICERS = Actor("officer-1", Role.OFFICER, "county"), Actor("officer-2", Role.OFFICER, "city")
MEMORY = ("known", "last", "_dues", "seen")
ROLL = ("phones", "holders", "confirmed", "passes", "register")
FAST = {
    "segment.ms": "200",
    "min.cleanable.dirty.ratio": "0.001",
    "delete.retention.ms": "100",
    "min.compaction.lag.ms": "0",
    "max.compaction.lag.ms": "1000",
}
"""A topic's settings under which it is compacted within seconds of a record that closes a segment."""


def kept(stage: Stage) -> tuple[str, ...]:
    """Return the topics from which a person is erased."""
    names = stage.names
    facts = (names.declarations, names.referrals, names.appeals, names.passes)
    return (
        *facts,
        names.identity_bindings,
        names.residents,
        names.person_colours,
        names.person_phones,
        names.lookups,
    )


def standing(stage: Stage, topic: str) -> dict[tuple[int, bytes], bytes]:
    """Return what stands in a topic by partition and key: the last value of each, tombstones left out."""
    found = {(one.partition, one.key): one.value for one in stage.read(topic)}
    return {place: value for place, value in found.items() if value is not None}


def naming(stage: Stage, person: bytes) -> list[tuple[str, bytes]]:
    """Return what stands and names somebody, in its key or in its value."""
    spelled = (person, person.hex().encode())
    return [
        (topic.removeprefix(stage.names.prefix), key)
        for topic in kept(stage)
        for (_, key), value in standing(stage, topic).items()
        if any(word in part for word in spelled for part in (key, value))
    ]


async def look_at(stage: Stage, *subjects: Subject) -> None:
    """Look somebody up as a reader does."""
    who = Actor("wang.fang", Role.OFFICER, "county-1")
    async with recorder(stage.settings, "web-1", lambda: secrets.token_bytes(SALT), time.time) as chain:
        for subject in subjects:
            await chain.record(LookUp(who, subject, "a referral", NOW * 1000, ("colour green",)))


def tick(stage: Stage, person: bytes, seconds: int) -> None:
    value = codecs.encode_record(TimeAdvanced(seconds))
    stage.send(stage.names.person_phones, [(codecs.CLOCK_KEY, value)], at(person))


def everything_of_li(stage: Stage) -> None:
    """Ask for what leaves a trace of Li in every topic; Chen is to be a proxy of theirs."""
    ask(stage, "c-1", LI, Declare(Statement()))
    ask(stage, "c-2", LI, IssuePass())
    proxy = f"{PREFIX}{CHEN.hex()}"
    consent = Command("c-3", proxy, Actor(LI.hex(), Role.RESIDENT), NOW * 1000, GiveConsent(LI.hex()))
    stage.send(stage.names.commands, [(proxy.encode(), codecs.encode_command(consent))])
    ask(stage, "c-4", WANG, RecordNoPhone(), ONE)


async def upheld(stage: Stage, phone: bytes) -> None:
    """Uphold an appeal of Li's over a boundary, whose phone says that they stayed where they did not."""
    ask(stage, "a-1", LI, OpenAppeal("reason", "STAYED", "A", phone.hex()))
    await until(lambda: recorded(stage, stage.names.appeals))
    name = recorded(stage, stage.names.appeals)[0].appeal
    span = {"from_": NOW - 4 * DAY, "until": NOW - DAY}
    ask(stage, "a-2", LI, ProposeUphold(name, "boundary", "T-1", phone.hex(), **span), OFFICERS[0])
    ask(stage, "a-3", LI, ConfirmUphold(name, 2), OFFICERS[1])
    await until(lambda: ReferralClosed in map(type, recorded(stage, stage.names.referrals)))


def desks_naming(app: App, person: bytes) -> list[str]:
    """Return where a worker's desks still know somebody."""
    words = (person.hex(), repr(person)[2:-1])
    return [
        f"{type(kind).__name__}.{name}"
        for desk in app.desks.live()
        for kind in desk.deciding.kinds  # type: ignore[attr-defined]
        for name, value in remembered(kind)
        if any(word in repr(value) for word in words)
    ]


def remembered(kind: Any) -> Iterator[tuple[str, Any]]:
    """Yield what a kind of aggregates keeps in memory."""
    for name in MEMORY:
        yield name, getattr(kind, name, None)
    if isinstance(kind, Persons):
        yield from ((name, getattr(kind.roll, name)) for name in ROLL)
    if isinstance(kind, Identities):
        yield "named", list(kind._named.people())  # noqa: SLF001 - it is to be looked into


def clock_of(app: App, person: bytes) -> int:
    """Return the time that the desk of a person has heard of."""
    desk = app.desks.of(at(person))
    kinds = [] if desk is None else desk.deciding.kinds  # type: ignore[attr-defined]
    return max((kind.clock or 0 for kind in kinds if isinstance(kind, Persons)), default=0)


def colours_now(stage: Stage, person: bytes) -> list[bytes]:
    """Return what stands of somebody's colour."""
    return [key for _, key in standing(stage, stage.names.person_colours) if key == person]


def hasten(stage: Stage) -> None:
    """Have the topics compacted within seconds."""
    admin = KafkaAdminClient(bootstrap_servers=stage.brokers)
    settings = [ConfigResource(ConfigResourceType.TOPIC, topic, configs=FAST) for topic in kept(stage)]
    settings.append(ConfigResource(ConfigResourceType.BROKER, "1", configs={"log.cleaner.backoff.ms": "500"}))
    admin.alter_configs(settings)
    admin.close()


def on_disk(broker: LocalBroker, stage: Stage, person: bytes) -> Iterator[tuple[str, str]]:
    """Yield topic and file of each segment of a broker's disk that holds somebody's pseudonym."""
    for topic in kept(stage):
        for path in sorted((broker.folder / "data").glob(f"{topic}-*/*.log")):
            with suppress(FileNotFoundError):
                data = path.read_bytes()
                if person in data or person.hex().encode() in data:
                    yield topic.removeprefix(stage.names.prefix), path.name


def compacted(broker: LocalBroker, stage: Stage, person: bytes) -> bool:
    """Close a segment of every partition, and say whether nothing of somebody is left on disk."""
    tombstone = (f"{bytes(16).hex()}/web-1/1".encode(), None)
    clock = (codecs.CLOCK_KEY, codecs.encode_record(TimeAdvanced(NOW)))
    for topic in kept(stage):
        for partition in range(PARTITIONS):
            stage.send(topic, [clock if topic == stage.names.person_phones else tombstone], partition)
    return not list(on_disk(broker, stage, person))
