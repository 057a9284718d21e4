"""What the story reads back: committed records of the topics, decoded, each with its place."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from streams import codecs
from streams.kafka.journal import MILLISECONDS
from streams.kafka.reading import assigned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streams.kafka.wire import Wire
    from streams.topics import Names

POLL_MS: Final = 50


@dataclass(frozen=True, slots=True)
class Read:
    """A record, the topic without its prefix; `at` is the record's own time in unix seconds."""

    topic: str
    partition: int
    offset: int
    at: int
    key: bytes
    value: Any

    def place(self) -> str:
        """Return where it stands: topic, partition and offset."""
        return f"{self.topic} {self.partition}@{self.offset}"

    def what(self) -> str:
        """Return in a word what it says, and of nobody."""
        for name in ("colour", "reason"):
            if isinstance(said := getattr(self.value, name, None), str):
                return said
        return type(getattr(self.value, "body", self.value)).__name__


def decoders(names: Names) -> dict[str, Callable[[bytes | None], Any]]:
    """Return how each topic's values are read."""
    return {
        names.risk_areas: codecs.decode_area,
        names.communities: codecs.decode_community,
        names.residents: codecs.decode_resident,
        names.colour_changes: codecs.decode_change,
        names.identity_bindings: _told_of_a_phone,
        names.person_colours: codecs.decode_person_colour,
        names.person_phones: _said_of_a_person,
        names.declarations: codecs.decode_recorded,
        names.referrals: codecs.decode_recorded,
        names.passes: codecs.decode_recorded,
        names.exclusions: codecs.decode_exclusion,
        names.orders: codecs.decode_order,
        names.commands: codecs.decode_command,
        names.dead_letters: codecs.decode_dead_letter,
    }


class Reading:
    """All that was read of the topics so far; `taken` is given each record as it is read."""

    def __init__(
        self, names: Names, wire: Wire, consumer: Any, tps: Any, taken: Callable[[Read], None]
    ) -> None:
        self._consumer, self._tps, self._wire, self._taken = consumer, tps, wire, taken
        self._prefix, self._decoders = names.prefix, decoders(names)
        self._records: dict[str, list[Read]] = {
            topic.removeprefix(names.prefix): [] for topic in self._decoders
        }

    def of(self, topic: str) -> list[Read]:
        """Return what was read of a topic (without prefix), each partition in order."""
        return self._records[topic]

    def look(self) -> None:
        """Read what there is now, waiting a moment for something."""
        for tp, records in self._consumer.poll(POLL_MS).items():
            self._wire.learn(record.value for record in records)
            for record in records:
                self._take(tp.topic, record)

    def all_there_is(self) -> None:
        """Read up to the ends as they are now."""
        ends = self._consumer.end_offsets(self._tps)
        while any(self._consumer.position(tp) < end for tp, end in ends.items()):
            self.look()

    def _take(self, topic: str, record: Any) -> None:
        if record.key == codecs.CLOCK_KEY:
            return
        value = self._decoders[topic](self._wire.read(record.value))
        name, at = topic.removeprefix(self._prefix), record.timestamp // MILLISECONDS
        read = Read(name, record.partition, record.offset, at, record.key, value)
        self._records[name].append(read)
        self._taken(read)


@contextmanager
def reading(brokers: str, names: Names, wire: Wire, taken: Callable[[Read], None]) -> Iterator[Reading]:
    """Yield what reads the topics from their beginning."""
    with assigned(brokers, *decoders(names)) as (consumer, tps):
        consumer.seek_to_beginning(*tps)
        yield Reading(names, wire, consumer, tps, taken)


def _told_of_a_phone(value: bytes | None) -> Any:
    fact = value is not None and codecs.is_recorded(value)
    return codecs.decode_recorded(value) if fact else codecs.decode_binding(value)


def _said_of_a_person(value: bytes | None) -> Any:
    return None if value is None else codecs.decode_person_phone(value)
