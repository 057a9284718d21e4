"""`NO_PHONE` takes two people, and no phone that was seen (rules 12.2, 12.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from streams.people.actors import Actor, Role
from streams.people.aggregates import decided, nothing_known, recorded
from streams.people.commands import Command, Refused
from streams.people.phoneless import RecordNoPhone, RemoveNoPhone, rules

if TYPE_CHECKING:
    from streams.people.aggregates import Known
    from streams.people.phoneless import Phoneless

OLD_MAN = "01" * 16
CLERK, OTHER = Actor("clerk-1", Role.COMMUNITY, "lane-7"), Actor("clerk-2", Role.COMMUNITY, "lane-7")
OFFICER, NEIGHBOUR = Actor("officer-1", Role.OFFICER), Actor("02" * 16, Role.RESIDENT)
RECORD, REMOVE = RecordNoPhone(), RemoveNoPhone()

Step = tuple[Actor, RecordNoPhone | RemoveNoPhone]


def after(*steps: Step, observed: bool = False) -> tuple[list[str], bool]:
    """Return what came of each step, and whether `NO_PHONE` is recorded in the end."""
    said, known = list[str](), nothing_known(rules(lambda _person, _now: observed))
    for number, (actor, body) in enumerate(steps):
        outcome, known = _step(known, Command(f"c-{number}", OLD_MAN, actor, 1_000, body), observed=observed)
        said.append(outcome)
    return said, known.state.recorded


def _step(
    known: Known[Phoneless], command: Command[RecordNoPhone | RemoveNoPhone], *, observed: bool
) -> tuple[str, Known[Phoneless]]:
    table = rules(lambda _person, _now: observed)
    made = decided(table, known, command)
    if isinstance(made, Refused):
        return made.code, known
    for fact in made:
        known = recorded(table, known, fact)
    return type(made[0].body).__name__, known


@pytest.mark.parametrize(
    ("steps", "said", "recorded_now"),
    [
        ([(CLERK, RECORD)], ["NoPhoneProposed"], False),
        ([(CLERK, RECORD), (OTHER, RECORD)], ["NoPhoneProposed", "NoPhoneRecorded"], True),
        ([(CLERK, RECORD), (OFFICER, RECORD)], ["NoPhoneProposed", "NoPhoneRecorded"], True),
        ([(CLERK, RECORD), (CLERK, RECORD)], ["NoPhoneProposed", "two_people_needed"], False),
        ([(NEIGHBOUR, RECORD)], ["wrong_role"], False),
        ([(CLERK, REMOVE)], ["not_recorded"], False),
        (
            [(CLERK, RECORD), (OTHER, RECORD), (OTHER, RECORD), (CLERK, REMOVE)],
            ["NoPhoneProposed", "NoPhoneRecorded", "recorded", "NoPhoneRemoved"],
            False,
        ),
    ],
)
def test_one_proposes_and_another_records_it(steps: list[Step], said: list[str], recorded_now: bool) -> None:  # noqa: FBT001 - a table's column
    assert after(*steps) == (said, recorded_now)


def test_it_is_refused_while_a_phone_of_theirs_is_in_the_window() -> None:
    assert after((CLERK, RECORD), observed=True) == (["phone_observed"], False)


def test_a_phone_seen_after_the_proposal_stops_the_record() -> None:
    _, known = _step(
        nothing_known(rules(lambda _person, _now: False)),
        Command("c-1", OLD_MAN, CLERK, 1_000, RECORD),
        observed=False,
    )
    outcome, known = _step(known, Command("c-2", OLD_MAN, OTHER, 1_000, RECORD), observed=True)
    assert (outcome, known.state.recorded) == ("phone_observed", False)
