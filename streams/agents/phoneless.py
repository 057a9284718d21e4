"""`NO_PHONE` of a partition's people: its facts stand in `declarations`, under keys of their own (12.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from streams.agents.aggregates import Aggregates, unless_person
from streams.people import phoneless
from streams.people.offices import by_own_office
from streams.people.phoneless import Phoneless, RecordNoPhone, RemoveNoPhone

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.kafka.engine import Engine
    from streams.kafka.transactions import Output
    from streams.people.commands import Command, Recorded, Refused
    from streams.people.register import Register

WISHES: Final = (RecordNoPhone, RemoveNoPhone)
APART: Final = "no-phone-"
"""Before the version in a fact's key: a person's declarations count versions of their own."""


class NoPhones(Aggregates[Phoneless, "phoneless.Asked", "phoneless.Fact"]):
    """Who is recorded to have no phone; `observed` says of a person and a second whether one was seen."""

    def __init__(
        self, engine: Engine, partition: int, register: Register, observed: Callable[[str, int], bool]
    ) -> None:
        rules = by_own_office(phoneless.rules(observed), register)
        super().__init__(partition, engine.wire, rules, engine.names.declarations, WISHES)

    def remember(self, topic: str, record: Any, *, settled: bool) -> None:
        """Take a fact about `NO_PHONE`."""
        if is_of_no_phone(record.key):
            super().remember(topic, record, settled=settled)

    def decide(self, command: Command[phoneless.Asked]) -> Sequence[Output] | Refused:
        """Return what a command leads to; refused while a phone of theirs was observed in the window."""
        return unless_person(command.aggregate) or super().decide(command)

    def key(self, fact: Recorded[phoneless.Fact]) -> bytes:
        """Return a fact's key: apart from those of the person's declarations."""
        return f"{fact.aggregate}/{APART}{fact.version}".encode()


def is_of_no_phone(key: bytes | None) -> bool:
    """Say whether a key in `declarations` is of a fact about `NO_PHONE`."""
    return (key or b"").rpartition(b"/")[2].startswith(APART.encode())
