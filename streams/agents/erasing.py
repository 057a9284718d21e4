"""Erasing people: who wishes it, when it is due, and what is tombstoned where (rule 19.2).

The facts of an erasure stand in `declarations` under keys of their own until its last step is done. What is
kept by person in this partition goes in one transaction; every partition is told to forget what it keeps of
them by phone and as a proxy, and answers; texts of look-ups are looked for beside (`erased_texts`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from streams import codecs
from streams.agents.aggregates import Aggregates, unless_person
from streams.kafka.journal import MILLISECONDS
from streams.kafka.transactions import Output
from streams.people import erasure
from streams.people.aggregates import numbered
from streams.people.commands import Refused
from streams.people.erasure import (
    SYSTEM,
    EraseAlso,
    ErasePerson,
    EraseTexts,
    Erasure,
    Fact,
    NoteForgotten,
    PersonErased,
)
from streams.people.offices import by_own_office

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.agents.scenery import Scenery
    from streams.domain.records import Reason
    from streams.kafka.engine import Engine
    from streams.people.commands import Command
    from streams.people.erasure import Asked
    from streams.people.register import Register

WISHES: Final = (ErasePerson, EraseAlso, NoteForgotten, EraseTexts)
APART: Final = "erasure-"
"""Before the version in a fact's key: a person's declarations count versions of their own."""


class Erasures(Aggregates[Erasure, "Asked", Fact]):
    """The erasures under way of a partition's people; `kept` are the kinds whose aggregates are a person.

    A kind of which a person is the aggregate is erased with them by standing there, and by nothing else.
    """

    def __init__(
        self,
        engine: Engine,
        partition: int,
        register: Register,
        scenery: Scenery,
        kept: Sequence[Aggregates[Any, Any, Any]],
    ) -> None:
        rules = by_own_office(erasure.rules(lambda: scenery.policy.window_days), register)
        super().__init__(partition, engine.wire, rules, engine.names.declarations, WISHES)
        self._kept, self._names, self._partitions = kept, engine.names, engine.settings.partitions

    def remember(self, topic: str, record: Any, *, settled: bool) -> None:
        """Take a fact about an erasure."""
        if is_of_an_erasure(record.key):
            super().remember(topic, record, settled=settled)

    def decide(self, command: Command[Asked]) -> Sequence[Output] | Refused:
        """Return what a command about an erasure leads to; with its last step its own facts go."""
        name = command.aggregate
        before = self.of(name).state
        outcome = unless_person(name) or super().decide(command)
        if isinstance(outcome, Refused):
            return outcome
        outputs = list(outcome)
        if isinstance(command.body, EraseTexts) and before.carried_out:
            outputs += self._texts(name, command.body)
        if self.of(name).state.finished():
            outputs += self.erased(name, 0)
        return outputs

    def _texts(self, name: str, body: EraseTexts) -> list[Output]:
        """Return the tombstones of texts of look-ups; they stand in the partition of whom they are about."""
        own = (key.encode() for key in body.texts if key.startswith(f"{name}/"))
        return [Output(self._names.lookups, key, None, self.partition) for key in own]

    def key(self, fact: Any) -> bytes:
        """Return a fact's key: apart from those of the person's declarations."""
        return f"{fact.aggregate}/{APART}{fact.version}".encode()

    def gone(self, person: bytes) -> bool:
        """Say whether somebody was erased and others are still at it: nothing is told of them."""
        return bool(self.known) and self.of(person.hex()).state.carried_out

    def due(self, person: bytes) -> int | None:
        """Return by when somebody is erased in any case (seconds), None for who has not asked for it."""
        return self.of(person.hex()).state.due if self.known else None

    def asked_at(self, person: bytes) -> int:
        """Return when somebody asked for it (seconds), 0 for who has not: their time is no earlier."""
        return self.of(person.hex()).state.at // MILLISECONDS if self.known else 0

    def ready(self, person: bytes, reasons: Iterable[Reason], now: int) -> bool:
        """Say whether somebody is to be erased now (seconds), given the reasons that hold."""
        return bool(self.known) and self.of(person.hex()).state.ready(reasons, now)

    def carried_out(self, person: bytes, now: int) -> list[Output]:
        """Erase what is kept by person here, and tell every partition."""
        name, known = person.hex(), self.of(person.hex())
        state, cause = known.state, f"{name}/{APART}{known.version}"
        outputs = [out for kind in self._kept for out in kind.erased(name, now)]
        fact = PersonErased(self._partitions)
        outputs += self.take_down(numbered(known, name, cause, SYSTEM, state.at, [fact]))
        for part in range(self._partitions):
            command = codecs.encode_command(erasure.telling(name, state, part))
            outputs.append(Output(self._names.commands, person, command, part))
        return outputs

    def without_texts(self) -> dict[str, int]:
        """Return those whose look-ups' texts are not erased yet, each with what it is dated (ms)."""
        states = ((name, known.state) for name, known in self.known.items())
        return {name: state.at for name, state in states if state.carried_out and not state.texts}


def is_of_an_erasure(key: bytes | None) -> bool:
    """Say whether a key in `declarations` is of a fact about an erasure."""
    return (key or b"").rpartition(b"/")[2].startswith(APART.encode())
