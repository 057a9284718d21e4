"""`CONTRADICTED` of a partition's people, in `declarations` under keys of its own (rule 11.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.agents.aggregates import Aggregates
from streams.kafka.journal import MILLISECONDS
from streams.people.actors import Actor, Role
from streams.people.aggregates import numbered
from streams.people.questions import QUESTIONS, Fact, Questions, follows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from streams.kafka.engine import Engine
    from streams.kafka.transactions import Output
    from streams.people.commands import Recorded
    from streams.people.contradictions import Contradicted

APART: Final = "contradicted-"
"""Before the version in a fact's key: a person's declarations count versions of their own."""
PERSONS: Final = Actor("person-colours", Role.OPERATOR)
"""Who raises a question: nobody asks for it."""


class OpenQuestions(Aggregates[Questions, Fact, Fact]):
    """Who is asked about what; `streams.agents.persons` says what a declaration hides."""

    def __init__(self, engine: Engine, partition: int) -> None:
        super().__init__(partition, engine.wire, QUESTIONS, engine.names.declarations, ())

    def remember(self, topic: str, record: Any, *, settled: bool) -> None:
        """Take a fact about a question."""
        if is_of_a_question(record.key):
            super().remember(topic, record, settled=settled)

    def followed(
        self, aggregate: str, declared: int, hidden: Iterable[Contradicted], now: int
    ) -> list[Output]:
        """Record what is hidden now, and no longer, by the declaration of a version (seconds)."""
        known = self.of(aggregate)
        facts = follows(known.state, hidden)
        cause = f"{aggregate}/{declared}"
        return self.take_down(numbered(known, aggregate, cause, PERSONS, now * MILLISECONDS, facts))

    def key(self, fact: Recorded[Fact]) -> bytes:
        """Return a fact's key: apart from those of the person's declarations."""
        return f"{fact.aggregate}/{APART}{fact.version}".encode()


def is_of_a_question(key: bytes | None) -> bool:
    """Say whether a key in `declarations` is of a fact about a question."""
    return (key or b"").rpartition(b"/")[2].startswith(APART.encode())
