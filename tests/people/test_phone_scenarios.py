"""Rules 10.1 to 10.3 as a community worker would tell them (10-phones.yaml)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.people.phones_course import Course, Scenario
from tests.people.told import told
from tests.scenarios.places import UnreadableError

ALL = [Scenario(**row) for row in told(Path(__file__).parent / "10-phones.yaml")]


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: f"{scenario.rule} {scenario.name}")
def test_what_is_told_leads_to_what_is_expected(scenario: Scenario) -> None:
    course = Course().play(scenario.given)
    assert course.told(scenario.expect) == scenario.expect
    assert course.rebuilt() == course.known


def test_every_rule_of_phones_is_told() -> None:
    assert {scenario.rule for scenario in ALL} == {"10.1", "10.2", "10.3"}


def test_a_word_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(UnreadableError):
        Course().play([{"at": "day 1 00:00", "carier": "li has a"}])
