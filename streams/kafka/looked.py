"""A subject's look-ups read for them, or erased for them (rules 17.2, 19.2); and the topic to be verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams import codecs
from streams.kafka.lookups import subject_partition
from streams.kafka.reading import extent, standing, whole
from streams.people.audit.chain import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.kafka.publishing import Publisher
    from streams.people.audit.lookups import Subject
    from streams.people.audit.verify import Stood


def stood(brokers: str, topic: str) -> Iterator[Stood]:
    """Yield the topic's committed records, each partition in order."""
    for record in whole(brokers, topic):
        yield codecs.stood(record.partition, record.offset, record.key, record.value)


def texts_of(brokers: str, topic: str, subject: Subject) -> list[Text]:
    """Return the texts that are kept of look-ups of a subject, oldest first in each writer's chain."""
    partitions, _ = extent(brokers, topic)
    found = standing(brokers, topic, subject_partition(subject, partitions)).values()
    told = (codecs.stood(one.partition, one.offset, one.key, one.value).what for one in found)
    return [what for what in told if isinstance(what, Text) and what.lookup.subject == subject]


def erase(out: Publisher, topic: str, subject: Subject, texts: list[Text]) -> None:
    """Mark texts of a subject for removal; the links stay, and tell nothing any more."""
    place = subject_partition(subject, out.partitions(topic))
    for text in texts:
        out.send(topic, None, codecs.lookup_key(text), place)
