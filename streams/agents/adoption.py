"""Adoption out of the topics: registers, paper passes, and the look-ups that are checks and codes (18.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams import codecs
from streams.agents.registers import residents
from streams.kafka.reading import standing
from streams.kafka.wire import wire_of
from streams.people.adoption import DAY_MS, DAYS, Checked, Issued, adoption, passes_of, use_of
from streams.people.audit.chain import Text
from streams.people.codes.limits import HOUR, MOST_PAPER_HOURS
from streams.topics import COMMAND_DAYS, Names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.kafka.wire import Wire
    from streams.people.adoption import Adoption
    from streams.settings import Settings


def counted(settings: Settings, at: int) -> list[Adoption]:
    """Return the adoption at a time (unix ms), from what had been written by then and is still kept."""
    brokers, names, wire = settings.kafka_brokers, Names(settings.topic_prefix), wire_of(settings)
    register = residents(brokers, names, wire, at)
    used = (*_passes(brokers, names, wire, at), *_looked(brokers, names, at))
    return adoption(register.residents.values(), used, at)


def _passes(brokers: str, names: Names, wire: Wire, at: int) -> Iterator[Issued]:
    """Return the paper passes that may have been valid in the days that count, and are not erased."""
    since = at - (DAYS + COMMAND_DAYS) * DAY_MS - MOST_PAPER_HOURS * HOUR * 1000
    found = standing(brokers, names.passes, since=since).values()
    return passes_of(codecs.decode_recorded(wire.learnt(record.value)) for record in found)


def _looked(brokers: str, names: Names, at: int) -> Iterator[Issued | Checked]:
    """Yield what look-ups of the days that count say, as far as their texts are not erased."""
    for one in standing(brokers, names.lookups, since=at - DAYS * DAY_MS).values():
        what = codecs.stood(one.partition, one.offset, one.key, one.value).what
        found = use_of(what.lookup) if isinstance(what, Text) else None
        if found is not None:
            yield found
