"""Rules 19.1 and 19.2 as a community worker would tell them (19-end.yaml)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.people.end_course import ForgettingCourse, Scenario
from tests.people.told import told

ALL = [Scenario(**row) for row in told(Path(__file__).parent / "19-end.yaml")]


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: f"{scenario.rule} {scenario.name}")
def test_what_is_asked_for_leads_to_what_is_expected(scenario: Scenario) -> None:
    assert scenario.outcome() == scenario.expect


@pytest.mark.parametrize("scenario", [one for one in ALL if one.given], ids=lambda scenario: scenario.name)
def test_a_phone_is_rebuilt_from_what_is_left_of_its_facts(scenario: Scenario) -> None:
    course = ForgettingCourse().through(scenario.given)
    gone = {int(end.removeprefix("decided-")) for end in course.gone if end.startswith("decided-")}
    course.facts = [fact for fact in course.facts if fact.version not in gone]
    assert course.rebuilt().state == course.known.state


def test_every_rule_of_the_chapter_is_told() -> None:
    assert {scenario.rule for scenario in ALL} == {"19.1", "19.2"}
