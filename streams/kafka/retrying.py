"""Dead letters of carriers' sightings made sightings again, from the source as long as that is kept."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams import codecs
from streams.kafka.reading import at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.codecs import DeadLetter
    from streams.kafka.wire import Wire
    from streams.topics import Names

SENT: Final = "sent again"
GONE: Final = "no longer kept"
UNREADABLE: Final = "unreadable still"
OTHER: Final = "no sighting"


@dataclass(frozen=True, slots=True)
class Retried:
    """A sighting to be sent to its topic again, as a LocationEvent keyed by its phone."""

    topic: str
    phone: bytes
    value: bytes
    outcome: str = SENT


@dataclass(frozen=True, slots=True)
class Left:
    """A dead letter that stays one, and why."""

    outcome: str


def retry_of(
    brokers: str, names: Names, wire: Wire, letters: Iterable[DeadLetter]
) -> Iterator[Retried | Left]:
    """Yield what becomes of each dead letter, a place that several letters name once."""
    sources: defaultdict[str, set[tuple[int, int, int]]] = defaultdict(set)
    for letter in letters:
        if names.carrier(letter.topic) is None:
            yield Left(OTHER)
        else:
            sources[letter.topic].add((letter.partition, letter.offset, letter.index))
    for topic, places in sources.items():
        yield from _of_topic(brokers, wire, topic, places)


def _of_topic(
    brokers: str, wire: Wire, topic: str, places: set[tuple[int, int, int]]
) -> Iterator[Retried | Left]:
    indexes: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for partition, offset, index in sorted(places):
        indexes[partition, offset].append(index)
    for record in at(brokers, topic, indexes):
        for index in indexes.pop((record.partition, record.offset)):
            yield _again(wire, topic, record.value, index)
    yield from (Left(GONE) for several in indexes.values() for _ in several)


def _again(wire: Wire, topic: str, value: bytes | None, index: int) -> Retried | Left:
    try:
        events = codecs.decode_events(wire.learnt(value))
    except codecs.CodecError:
        return Left(UNREADABLE)
    phone = events.phones[index]
    return Retried(topic, phone, codecs.encode_event(phone, events.cells[index], events.seen_at[index]))
