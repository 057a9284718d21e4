"""Rules 15.1 to 15.3 as a community worker would tell them (15-referrals.yaml)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.people.referred_course import Course, Scenario
from tests.people.told import told

ALL = [Scenario(**row) for row in told(Path(__file__).parent / "15-referrals.yaml")]


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: f"{scenario.rule} {scenario.name}")
def test_what_is_known_and_done_leads_to_what_is_expected(scenario: Scenario) -> None:
    assert Course(scenario).told() == scenario.expect


def test_every_rule_of_the_chapter_is_told() -> None:
    assert {scenario.rule for scenario in ALL} == {"15.1", "15.2", "15.3"}
