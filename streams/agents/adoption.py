"""Adoption out of the topics: registers, paper passes, and the look-ups that are checks and codes (18.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams import codecs
from streams.kafka.reading import whole
from streams.kafka.wire import wire_of
from streams.people.adoption import DAY_MS, DAYS, Checked, Issued, adoption, passes_of, use_of
from streams.people.audit.chain import Text
from streams.people.codes.limits import HOUR, MOST_PAPER_HOURS
from streams.people.commands import Recorded
from streams.people.register import Register
from streams.topics import COMMAND_DAYS, Names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.people.adoption import Adoption
    from streams.settings import Settings


def counted(settings: Settings, at: int) -> list[Adoption]:
    """Return the adoption at a time (unix ms), from what had been written by then and is still kept."""
    register = _register(settings, at)
    return adoption(register.residents.values(), (*_passes(settings, at), *_looked(settings, at)), at)


def _register(settings: Settings, at: int) -> Register:
    wire, register = wire_of(settings), Register()
    for record in whole(settings.kafka_brokers, Names(settings.topic_prefix).residents):
        if record.value is None:
            register.erase(record.key or b"")
        elif record.timestamp <= at:
            register.enter(codecs.decode_resident(wire.learnt(record.value)))
    return register


def _passes(settings: Settings, at: int) -> Iterator[Issued]:
    """Yield the paper passes that may have been valid in the days that count, and are not erased."""
    wire, found = wire_of(settings), dict[bytes, Recorded[Any]]()
    since = at - (DAYS + COMMAND_DAYS) * DAY_MS - MOST_PAPER_HOURS * HOUR * 1000
    for record in whole(settings.kafka_brokers, Names(settings.topic_prefix).passes, since=since):
        value = wire.learnt(record.value)
        if value is None:
            found.pop(record.key, None)
        else:
            found[record.key] = codecs.decode_recorded(value)
    return passes_of(found.values())


def _looked(settings: Settings, at: int) -> Iterator[Issued | Checked]:
    """Yield what look-ups of the days that count say, as far as their texts are not erased."""
    found = dict[bytes, Issued | Checked]()
    since = at - DAYS * DAY_MS
    for record in whole(settings.kafka_brokers, Names(settings.topic_prefix).lookups, since=since):
        what = codecs.stood(record.partition, record.offset, record.key, record.value).what
        one = use_of(what.lookup) if isinstance(what, Text) else None
        found.pop(record.key, None)
        if one is not None:
            found[record.key] = one
    yield from found.values()
