"""Commands about referrals in any order and doubled end in the ordered run's state (rule 15.1)."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any, Final

from streams.people.addresses import ANYWHERE
from streams.people.aggregates import Known, decided, nothing_known, recorded
from streams.people.commands import Command, Recorded, Refused
from streams.people.referrals import (
    AcknowledgeReferral,
    CloseReferral,
    RecordContact,
    RecordFinding,
    RecordPlacement,
)
from streams.people.referred import ReferralOpened
from streams.people.referring import HOUR, REFERRING
from tests.people.gate_course import FIRST
from tests.people.test_referral_properties import OFFICER, RULES, A

if TYPE_CHECKING:
    from streams.people.referral import Referrals

PEOPLE = 2_000
STEPS: Final = (
    AcknowledgeReferral(),
    RecordFinding("STAYED", "A", confirmed=True, ticket="T-1"),
    RecordContact("by telephone"),
    RecordFinding("STAYED", "A", confirmed=False, ticket="T-2"),
    RecordPlacement("at home"),
    CloseReferral(),
)


def wished() -> list[Command[Any]]:
    """Return who takes each referral on and sees it through, each step made on the version before."""
    return [
        Command(f"{number}-{step}", f"{number:032x}", OFFICER, (FIRST + step * HOUR) * 1000, body, step + 1)
        for step, body in enumerate(STEPS)
        for number in range(PEOPLE)
    ]


def referred(person: str) -> Recorded[Any]:
    """Return the fact that somebody was referred for being red."""
    return Recorded(person, 1, "f", REFERRING, FIRST * 1000, ReferralOpened(1, (A,), "red", ANYWHERE, FIRST))


def delivered(commands: list[Command[Any]]) -> dict[str, Known[Referrals]]:
    """Deliver commands about people who have turned red; what comes too early is sent again."""
    known: dict[str, Known[Referrals]] = {}
    while commands:
        early = []
        for one in commands:
            state = known.get(one.aggregate)
            if state is None:
                state = recorded(RULES, nothing_known(RULES), referred(one.aggregate))
            made = decided(RULES, state, one)
            if isinstance(made, Refused):
                assert made.code == "version_conflict"
                if (one.expected or 0) > state.version:
                    early.append(one)
            for fact in () if isinstance(made, Refused) else made:
                state = recorded(RULES, state, fact)
            known[one.aggregate] = state
        commands = early
    return known


def test_commands_that_name_their_version_may_come_in_any_order_and_twice() -> None:
    once = delivered(wished())
    assert {known.version for known in once.values()} == {len(STEPS) + 1}
    assert {known.state.last.state for known in once.values() if known.state.last} == {"closed"}
    for seed in range(3):
        shuffled = wished() * 2
        Random(seed).shuffle(shuffled)
        assert delivered(shuffled) == once
