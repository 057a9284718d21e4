"""`CONTRADICTED` as it is raised and gone with its reason: a question a person is asked (rule 11.2).

The aggregate is the person, by their pseudonym in 32 hex digits. Nobody asks for it: it follows from what is
known (`streams.people.contradictions`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from streams.people.aggregates import Rules
from streams.people.commands import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.people.commands import Command, Recorded
    from streams.people.contradictions import Contradicted


@dataclass(frozen=True, slots=True)
class QuestionRaised:
    """The person's last declaration hides a reason: `code` of rule 5, and the area's id."""

    code: str
    area: str


@dataclass(frozen=True, slots=True)
class QuestionDropped:
    """It hides that reason no longer, or there is no such reason any more."""

    code: str
    area: str


Fact: TypeAlias = QuestionRaised | QuestionDropped


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions that stand, each a reason's code and an area's id."""

    open: frozenset[tuple[str, str]] = frozenset()


def follows(state: Questions, hidden: Iterable[Contradicted]) -> tuple[Fact, ...]:
    """Return what has to be recorded, given what the person's last declaration hides now."""
    now = {(one.code, one.area) for one in hidden}
    raised = [QuestionRaised(*each) for each in sorted(now - state.open)]
    dropped = [QuestionDropped(*each) for each in sorted(state.open - now)]
    return (*raised, *dropped)


def evolve(state: Questions, fact: Recorded[Fact]) -> Questions:
    """Return the questions after a fact."""
    one = (fact.body.code, fact.body.area)
    return Questions(state.open | {one} if isinstance(fact.body, QuestionRaised) else state.open - {one})


def _decide(_state: Questions, _command: Command[Fact]) -> Sequence[Fact] | Refused:
    return Refused("not_asked_for", "a question is raised by what is known, and gone with its reason")


QUESTIONS: Final[Rules[Questions, Fact, Fact]] = Rules(Questions(), _decide, evolve)
"""The aggregate's rules: there is no command of its own."""
