"""What people declare, and who may for them: two kinds of aggregates in the topic `declarations` (rule 11).

A person's stand under their pseudonym, a proxy's under `proxy-` and theirs. What a proxy was given is noted
with the person by a command of this side's own, in the transaction of the consent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from streams import codecs
from streams.agents.aggregates import Aggregates, unless_person
from streams.agents.erasing import is_of_an_erasure
from streams.agents.named import Named
from streams.agents.phoneless import is_of_no_phone
from streams.agents.questions import is_of_a_question
from streams.agents.scenery import Scenery
from streams.kafka.journal import MILLISECONDS
from streams.kafka.transactions import Output
from streams.people import declarations, proxies
from streams.people.commands import Recorded, Refused
from streams.people.declarations import (
    AnswerQuestion,
    Around,
    ConfirmCorrection,
    Declare,
    NoteProxy,
    ReviewCorrection,
)
from streams.people.erasure import SYSTEM, ForgetPerson
from streams.people.offices import by_own_office
from streams.people.proxies import GiveConsent, Proxy, WithdrawConsent
from streams.people.said import Declarations, Fact

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from streams.kafka.engine import Engine
    from streams.people.aggregates import Known
    from streams.people.commands import Command
    from streams.people.declarations import Asked
    from streams.people.register import Register

WISHES: Final = (Declare, ReviewCorrection, AnswerQuestion, NoteProxy, ConfirmCorrection)
CONSENTS: Final = (GiveConsent, WithdrawConsent)


class Declaring(Aggregates[Declarations, "Asked", Fact]):
    """The declarations of a partition's people; an aggregate's id is the person's pseudonym in hex."""

    def __init__(self, engine: Engine, partition: int, register: Register) -> None:
        self.scenery = Scenery(engine.names, engine.settings)
        self._resolution = engine.settings.resolution
        names = engine.names
        rules = by_own_office(declarations.rules(self._around), register)
        super().__init__(partition, engine.wire, rules, names.declarations, WISHES)
        # What is new of them `streams.agents.persons` hears, and lets the scenery take.
        self.watched = names.judged_by()

    def _around(self) -> Around:
        policy = self.scenery.people
        return Around(self.scenery.reasons, self._resolution, policy.max_corrections, policy.appeal_hours)

    def remember(self, topic: str, record: Any, *, settled: bool) -> None:
        """Take a person's fact, an area or a policy."""
        if topic in self.watched:
            self.scenery.take(topic, self.wire.read(record.value), record.timestamp // MILLISECONDS)
        elif not any(
            of(record.key) for of in (is_proxys, is_of_no_phone, is_of_a_question, is_of_an_erasure)
        ):
            super().remember(topic, record, settled=settled)

    def decide(self, command: Command[Asked]) -> Sequence[Output] | Refused:
        """Return what a command about a person leads to."""
        return unless_person(command.aggregate) or super().decide(command)


class Consents(Aggregates[Proxy, "proxies.Asked", "proxies.Fact"]):
    """The proxies of a partition."""

    def __init__(self, engine: Engine, partition: int, scenery: Scenery) -> None:
        topic = engine.names.declarations
        rules = proxies.rules(lambda: scenery.people.max_dependants)
        super().__init__(partition, engine.wire, rules, topic, CONSENTS, self._noted)
        self._commands = engine.names.commands
        self._named = Named()

    def remember(self, topic: str, record: Any, *, settled: bool) -> None:
        """Take a proxy's fact, or that one is gone: who is named by it alone is not acted for any more."""
        if not is_proxys(record.key):
            return
        if record.value is not None:
            super().remember(topic, record, settled=settled)
            self._index(record.key.decode().rpartition("/")[0])
            return
        aggregate, _, version = record.key.decode().rpartition("/")
        if aggregate in self.known:
            self._forget(aggregate, {int(version)})

    def _forget(self, aggregate: str, versions: Container[int]) -> None:
        """Drop facts of a proxy; one of whom none is left is nobody's."""
        known = self.known.pop(aggregate)
        state = proxies.forgotten(known.state, versions)
        if state.named:
            self.known[aggregate] = replace(known, state=state)
        self._index(aggregate, known.state)

    def _index(self, aggregate: str, before: Proxy | None = None) -> None:
        """Note whom a proxy's facts name, and whom they do no longer."""
        self._named.note(aggregate, named_by(self.of(aggregate).state), named_by(before or Proxy()))

    def after(self, command: Command[Any]) -> Sequence[Output]:
        """Forget somebody who is erased, as a proxy and as whoever proxies here act for (rule 19.2)."""
        if not isinstance(command.body, ForgetPerson):
            return ()
        person = command.aggregate
        return [*self._not_acting(person, command.at), *self._not_acted_for(person)]

    def _not_acting(self, person: str, at: int) -> list[Output]:
        """Have it noted with those whom somebody acts for that they do no longer, and forget the proxy."""
        aggregate = f"{proxies.PREFIX}{person}"
        known = self.known.get(aggregate)
        if known is None:
            return []
        ended = (
            Recorded(aggregate, known.version + number, "", SYSTEM, at, proxies.ConsentWithdrawn(one))
            for number, one in enumerate(sorted(known.state.people), 1)
        )
        noted = [out for fact in ended for out in self._noted(known, fact)]
        gone = self.erased(aggregate, at // MILLISECONDS)
        self._index(aggregate, known.state)
        return noted + gone

    def _not_acted_for(self, person: str) -> list[Output]:
        """Forget whom proxies of this partition act for, or did."""
        outputs = []
        for aggregate in self._named.take(person.encode()):
            versions = {version for version, named in self.of(aggregate).state.named if named == person}
            outputs += self.tombstones(aggregate, sorted(versions))
            self._forget(aggregate, versions)
        return outputs

    def decide(self, command: Command[proxies.Asked]) -> Sequence[Output] | Refused:
        """Return what a command about a proxy leads to."""
        who = command.aggregate.removeprefix(proxies.PREFIX)
        if who == command.aggregate or codecs.PSEUDONYM.fullmatch(who) is None:
            return Refused("no_proxy", f"expected {proxies.PREFIX} and a person: 32 hex digits")
        return unless_person(command.body.person) or super().decide(command)

    def _noted(self, _known: Known[Proxy], fact: Recorded[proxies.Fact]) -> Sequence[Output]:
        """Ask that the consent be noted with the person, in whichever partition they are."""
        self._named.note(fact.aggregate, [fact.body.person.encode()])
        command = proxies.follows(fact)
        key = codecs.aggregate_key(command.aggregate)
        return [Output(self._commands, key, codecs.encode_command(command))]


def named_by(state: Proxy) -> list[bytes]:
    """Return whom a proxy's facts name: pseudonyms in hex, as they are written."""
    return [person.encode() for _, person in state.named]


def is_proxys(key: bytes | None) -> bool:
    """Say whether a key in `declarations` is of a proxy's fact."""
    return (key or b"").startswith(proxies.PREFIX.encode())
