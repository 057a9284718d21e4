"""Rules 11.1 to 11.4 as a community worker would tell them (11-declarations.yaml)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.people.declared_course import Course, Scenario
from tests.people.told import told

ALL = [Scenario(**row) for row in told(Path(__file__).parent / "11-declarations.yaml")]


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: f"{scenario.rule} {scenario.name}")
def test_what_is_said_leads_to_what_is_expected(scenario: Scenario) -> None:
    assert Course(scenario).told() == scenario.expect


def test_every_rule_of_the_chapter_is_told() -> None:
    assert {scenario.rule for scenario in ALL} == {"11.1", "11.2", "11.3", "11.4"}
