"""The public register as the topics have it: what was made by hand, whole or as counts (rule 16.3)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from streams import codecs
from streams.agents.ordering import standing
from streams.agents.people_topics import Topics, by_person
from streams.domain.areas import highest
from streams.kafka.reading import whole
from streams.people.appeal_figures import Published, published
from streams.people.hand_made import Acts, acts

if TYPE_CHECKING:
    from streams.domain.records import AreaVersion
    from streams.people.orders import Order


@dataclass(frozen=True, slots=True)
class PublicRegister:
    """Everything that was made by hand, at a time of the data's (unix seconds)."""

    at: int
    areas: tuple[AreaVersion, ...]
    policies: tuple[tuple[int, dict[str, Any]], ...]
    """Versions that are kept, with their thresholds, jurisdiction included."""
    orders: tuple[Order, ...]
    acts: tuple[Acts, ...]
    appeals: Published


def register(topics: Topics) -> PublicRegister:
    """Read the register; what cannot be read was no input."""
    names, at = topics.names, topics.clock()
    appealed = topics.facts(names.appeals)
    facts = chain(topics.facts(names.identity_bindings), topics.facts(names.declarations), appealed)
    everybody = by_person(appealed).values()
    orders = standing(topics.brokers, names, topics.wire).orders
    return PublicRegister(
        at,
        _areas(topics),
        _policies(topics),
        tuple(orders[name] for name in sorted(orders)),
        acts(facts, at),
        published((one for state in everybody for one in state.every), at),
    )


def _areas(topics: Topics) -> tuple[AreaVersion, ...]:
    versions = []
    for record in whole(topics.brokers, topics.names.risk_areas):
        try:
            versions.append(codecs.decode_area(topics.wire.learnt(record.value)))
        except codecs.CodecError:
            continue
    found = highest(versions)
    return tuple(found[name] for name in sorted(found))


def _policies(topics: Topics) -> tuple[tuple[int, dict[str, Any]], ...]:
    found: dict[int, dict[str, Any]] = {}
    for record in whole(topics.brokers, topics.names.policies):
        try:
            version, thresholds = codecs.decode_policy(topics.wire.learnt(record.value))
        except codecs.CodecError:
            continue
        found.setdefault(version, thresholds)
    return tuple(sorted(found.items()))
