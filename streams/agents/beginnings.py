"""What stood in force where a journal partition begins now, its first records no longer being kept (D5).

Areas, policies and cases come from their compacted topics, as far as the agent `reference` has copied them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streams import codecs
from streams.agents import reference, refold
from streams.agents.colours import first_policy
from streams.domain.policy import Deployment
from streams.domain.records import AreaPublished, Excluded, PolicyPublished
from streams.kafka import admin
from streams.kafka.clients import bounds, read_range
from streams.kafka.journal import Refused
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from streams.domain.records import Record
    from streams.kafka.wire import Wire
    from streams.settings import Settings

Subject = tuple[str, str]
"""What versions are counted of: an area, the policy, a case."""


@dataclass(slots=True)
class Published:
    """The versions that a part of the journal publishes, by subject: the first offset of each."""

    versions: dict[Subject, dict[int, int]] = field(default_factory=dict)

    def take(self, offset: int, record: Record) -> None:
        """Note what a record publishes, if anything."""
        named = subject_of(record)
        if named is not None:
            self.versions.setdefault(named[0], {}).setdefault(named[1], offset)


@dataclass(frozen=True, slots=True)
class Beginning:
    """Records to be folded before the first one that is kept, and what could not be found, in words."""

    records: list[Record]
    doubts: list[str]


def subject_of(record: Record) -> tuple[Subject, int] | None:
    """Return what a record publishes a version of, and which; None for any other record."""
    match record:
        case AreaPublished(area=area):
            return ("area", area.id), area.version
        case PolicyPublished(version=version):
            return ("policy", ""), version
        case Excluded(exclusion=case):
            return ("case", case.case), case.version
        case _:
            return None


async def history(
    settings: Settings, wire: Wire, partition: int, first: int, end: int
) -> AsyncGenerator[tuple[int, Record | Refused], None]:
    """Yield what a partition holds from `first` to `end`, after what stood in force before it began.

    Folded, it gives the diaries and what is in force as they are, but counts changes from there only.
    """
    if first:
        kept = Published()
        async for offset, record in refold.records(settings.kafka_brokers, settings, partition, first, end):
            if not isinstance(record, Refused):
                kept.take(offset, record)
        for record in (await beginning(settings, wire, kept, end)).records:
            yield first - 1, record
    async for found in refold.records(settings.kafka_brokers, settings, partition, first, end):
        yield found


async def beginning(settings: Settings, wire: Wire, kept: Published, position: int) -> Beginning:
    """Return what stood before the journal as it is kept, which publishes `kept`, folded to `position`."""
    copied = await _copied(settings, wire)
    records, doubts = [], []
    for subject in sorted(copied.keys() | kept.versions.keys()):
        later = kept.versions.get(subject, {})
        before = [version for version in copied.get(subject, {}) if version < min(later, default=version + 1)]
        if before:
            records.append(copied[subject][max(before)])
        elif min(later) > 1 and all(offset >= position for offset in later.values()):
            doubts.append(f"{' '.join(subject).strip()}: no version before {min(later)} is kept")
    return Beginning(records, doubts)


async def _copied(settings: Settings, wire: Wire) -> dict[Subject, dict[int, Record]]:
    """Return what stands in the compacted topics and was put into the journal, by subject and version."""
    names, first = Names(settings.topic_prefix), first_policy(settings)
    deployment = Deployment(settings.retention_days)
    group = f"{settings.app_id}{settings.topic_prefix and '-'}{settings.topic_prefix}"
    found: dict[Subject, dict[int, Record]] = {}
    for topic, read in reference.readers(names, first, deployment).items():
        ends = admin.group_offsets(settings.kafka_brokers, group, topic)
        firsts = await bounds(settings.kafka_brokers, topic, ends) if ends else {}
        for partition, end in ends.items():
            first_kept = firsts[partition][0]
            async for several in read_range(
                settings.kafka_brokers, topic, partition, first_kept, end, committed=True
            ):
                await wire.met(one.value for one in several)
                for one in several:
                    record = _read(one, read, wire, settings.max_skew)
                    named = None if record is None else subject_of(record)
                    if record is not None and named is not None:
                        found.setdefault(named[0], {})[named[1]] = record
    return found


def _read(one: object, read: reference.Reader, wire: Wire, max_skew: int) -> Record | None:
    value, key, timestamp = (getattr(one, name) for name in ("value", "key", "timestamp"))
    if value is None:
        return None
    try:
        record = read(wire.read(value), key)
        reference.check_time(record, timestamp, max_skew)
    except (codecs.CodecError, reference.RefusedError):
        return None
    return record
