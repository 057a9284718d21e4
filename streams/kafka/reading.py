"""Topics read as anybody outside reads them: by kafka-python's consumer, committed records only, no group."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from streams.kafka.errors import UnusableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

POLL_MS: Final = 500
NEAR: Final = 500
"""Offsets ahead that are read through; what is further is sought."""


@contextmanager
def assigned(brokers: str, *topics: str) -> Iterator[tuple[Any, list[TopicPartition]]]:
    """Yield a consumer assigned to all partitions of topics; UnusableError if there is no such topic."""
    try:
        consumer = KafkaConsumer(
            bootstrap_servers=brokers.split(","), isolation_level="read_committed", enable_auto_commit=False
        )
    except KafkaError as error:
        raise UnusableError(f"no Kafka at {brokers}: {type(error).__name__}") from None
    try:
        tps = []
        for topic in topics:
            partitions = consumer.partitions_for_topic(topic)
            if not partitions:
                raise UnusableError(f"topic {topic!r} does not exist; create it with: shendeng topics create")
            tps += [TopicPartition(topic, number) for number in sorted(partitions)]
        consumer.assign(tps)
        yield consumer, tps
    finally:
        consumer.close()


def following(brokers: str, topic: str, *, from_start: bool) -> Iterator[Any]:
    """Yield a topic's records for ever, from its beginning or from now on."""
    with assigned(brokers, topic) as (consumer, tps):
        if from_start:
            consumer.seek_to_beginning(*tps)
        else:
            consumer.seek_to_end(*tps)
        yield from consumer


def whole(
    brokers: str, topic: str, partition: int | None = None, *, since: int | None = None
) -> Iterator[Any]:
    """Yield a topic's records, or one partition's, from the beginning to the end as it is now, in order.

    With `since` (unix ms) those before the first one of that time or later are left out.
    """
    with assigned(brokers, topic) as (consumer, every):
        tps = [tp for tp in every if partition in (None, tp.partition)]
        consumer.assign(tps)
        consumer.seek_to_beginning(*tps)
        ends = consumer.end_offsets(tps)
        found = {} if since is None else consumer.offsets_for_times(dict.fromkeys(tps, since))
        for tp, first in found.items():
            consumer.seek(tp, ends[tp] if first is None else first.offset)
        while any(consumer.position(tp) < end for tp, end in ends.items()):
            for tp, records in consumer.poll(POLL_MS).items():
                yield from (record for record in records if record.offset < ends[tp])


def standing(
    brokers: str, topic: str, partition: int | None = None, *, since: int | None = None
) -> dict[tuple[int, bytes], Any]:
    """Return the last record of each (partition, key) that `whole` yields, none where it is a tombstone."""
    found: dict[tuple[int, bytes], Any] = {}
    for record in whole(brokers, topic, partition, since=since):
        if record.value is None:
            found.pop((record.partition, record.key), None)
        elif record.key is not None:
            found[record.partition, record.key] = record
    return found


def at(brokers: str, topic: str, places: Iterable[tuple[int, int]]) -> Iterator[Any]:
    """Yield the records at (partition, offset) that are still kept, in order; the others are left out."""
    wanted: defaultdict[int, set[int]] = defaultdict(set)
    for partition, offset in places:
        wanted[partition].add(offset)
    with assigned(brokers, topic) as (consumer, tps):
        first, ends = consumer.beginning_offsets(tps), consumer.end_offsets(tps)
        for tp in tps:
            kept = sorted(o for o in wanted[tp.partition] if first[tp] <= o < ends[tp])
            consumer.assign([tp])
            yield from _sought(consumer, tp, kept)


def _sought(consumer: Any, tp: TopicPartition, offsets: list[int]) -> Iterator[Any]:
    due, position = list(reversed(offsets)), -NEAR - 1
    while due:
        if not position <= due[-1] <= position + NEAR:
            consumer.seek(tp, due[-1])
        for record in consumer.poll(POLL_MS).get(tp, ()):
            while due and due[-1] < record.offset:
                due.pop()
            if due and due[-1] == record.offset:
                due.pop()
                yield record
        position = consumer.position(tp)
        while due and due[-1] < position:
            due.pop()


def extent(brokers: str, topic: str) -> tuple[int, int]:
    """Return how many partitions a topic has, and how many offsets it holds as it is now."""
    with assigned(brokers, topic) as (consumer, tps):
        first, ends = consumer.beginning_offsets(tps), consumer.end_offsets(tps)
    return len(tps), sum(ends[tp] - first[tp] for tp in tps)
