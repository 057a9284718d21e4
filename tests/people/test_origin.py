"""The origin story from end to end, through the rules as they stand together (origin.yaml)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.people.origin_course import Course, Scenario
from tests.people.told import told

ALL = [Scenario(**row) for row in told(Path(__file__).parent / "origin.yaml")]


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_the_story_goes_as_it_is_told(scenario: Scenario) -> None:
    assert Course(scenario).found == scenario.expected()


def test_no_chapter_is_left_out() -> None:
    assert {scenario.rule for scenario in ALL} >= {"12.2", "15.1", "16.2", "18.1"}
