"""Appeals and what people's side knows of one person, as the topics have it, read once (rule 16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from streams import codecs
from streams.domain.records import TimeAdvanced
from streams.kafka.reading import standing
from streams.people.appealed import Appeals, evolve
from streams.people.combined import Combined
from streams.people.matters import matters
from streams.people.questions import QuestionDropped, QuestionRaised
from streams.people.said import ProxyNoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from streams.kafka.wire import Wire
    from streams.people.appealed import Matter
    from streams.people.commands import Recorded
    from streams.people.vouched import PersonPhone
    from streams.topics import Names

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Known:
    """One person, as their desk has told of them."""

    phones: tuple[PersonPhone, ...]
    told: Combined
    appeals: Appeals
    proxies: frozenset[str]
    asked: frozenset[tuple[str, str]]
    """The questions of `CONTRADICTED` that stand: code and area."""

    def contestable(self) -> list[Matter]:
        """Return what an appeal can be against, as far as it was told."""
        found = matters(self.told.reasons(), self.asked, self.phones)
        return sorted(found, key=lambda one: (one.against, one.code, one.area, one.phone))


@dataclass(frozen=True, slots=True)
class Topics:
    """A deployment's topics of people."""

    brokers: str
    names: Names
    wire: Wire

    def facts(self, topic: str, partition: int | None = None) -> list[Recorded[Any]]:
        """Return the facts that stand in a topic, or in one partition; what cannot be read is left out."""
        values = (value for _, value in self._values(topic, partition))
        return [codecs.decode_recorded(value) for value in values if codecs.is_recorded(value)]

    def person(self, name: bytes, partition: int) -> Known:
        """Return what is known of a person of a partition."""
        who = name.hex()
        appealed = [one for one in self.facts(self.names.appeals, partition) if one.aggregate == who]
        said = [one for one in self.facts(self.names.declarations, partition) if one.aggregate == who]
        phones, told = self._phones(name, partition), self._told(name, partition)
        return Known(phones, told, by_person(appealed).get(who, Appeals()), _proxies(said), _asked(said))

    def clock(self) -> int:
        """Return the data's time as the people's desks were told it last, 0 before the first (seconds)."""
        times = [
            found.clock
            for key, value in self._values(self.names.person_phones)
            if key == codecs.CLOCK_KEY and isinstance(found := codecs.decode_record(value), TimeAdvanced)
        ]
        return max(times, default=0)

    def _phones(self, name: bytes, partition: int) -> tuple[PersonPhone, ...]:
        said = sorted(self._values(self.names.person_phones, partition))
        own = name.hex().encode()
        return tuple(codecs.decode_person_phone(value) for key, value in said if key.startswith(own))

    def _told(self, name: bytes, partition: int) -> Combined:
        told = dict(self._values(self.names.person_colours, partition))
        if name not in told:
            return Combined("unknown", ())
        last = codecs.decode_person_colour(told[name])
        return Combined(last.colour, last.sources)

    def _values(self, topic: str, partition: int | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Yield what stands in a topic, by key."""
        for (_, key), record in standing(self.brokers, topic, partition).items():
            value = self.wire.learnt(record.value)
            if value is not None:
                yield key, value


def states(
    facts: Iterable[Recorded[Any]], initial: S, evolve: Callable[[S, Recorded[Any]], S]
) -> dict[str, S]:
    """Return what each aggregate's facts, in whatever order, make of it."""
    found: dict[str, S] = {}
    for fact in sorted(facts, key=lambda fact: fact.version):
        found[fact.aggregate] = evolve(found.get(fact.aggregate, initial), fact)
    return found


def by_person(facts: Iterable[Recorded[Any]]) -> dict[str, Appeals]:
    """Return everybody's appeals."""
    return states(facts, Appeals(), evolve)


def _proxies(said: Iterable[Recorded[Any]]) -> frozenset[str]:
    noted = [fact.body for fact in sorted(said, key=lambda fact: fact.version)]
    acts = {body.proxy: body.acts for body in noted if isinstance(body, ProxyNoted)}
    return frozenset(proxy for proxy, may in acts.items() if may)


def _asked(said: Iterable[Recorded[Any]]) -> frozenset[tuple[str, str]]:
    """Return what is asked; questions count versions of their own, so they are taken in that order."""
    of_questions = [one for one in said if isinstance(one.body, QuestionRaised | QuestionDropped)]
    found: dict[tuple[str, str], bool] = {}
    for fact in sorted(of_questions, key=lambda fact: fact.version):
        found[fact.body.code, fact.body.area] = isinstance(fact.body, QuestionRaised)
    return frozenset(one for one, stands in found.items() if stands)
