"""Rules 16.1 to 16.3 as an officer would tell them (16-appeals.yaml)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.people.appeal_course import Course, Scenario
from tests.people.told import told

ALL = [Scenario(**row) for row in told(Path(__file__).parent / "16-appeals.yaml")]


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: f"{scenario.rule} {scenario.name}")
def test_what_is_contested_leads_to_what_is_expected(scenario: Scenario) -> None:
    assert Course(scenario).told() == scenario.expect


def test_every_rule_of_the_chapter_is_told() -> None:
    assert {scenario.rule for scenario in ALL} == {"16.1", "16.2", "16.3"}
