"""Rule 18.1 as somebody who has to reach a target would not like it told (18-adoption.yaml)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.people.adoption_course import Scenario
from tests.people.told import told

ALL = [Scenario(**row) for row in told(Path(__file__).parent / "18-adoption.yaml")]


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_codes_and_checks_lead_to_what_is_published(scenario: Scenario) -> None:
    assert scenario.outcome() == scenario.expect
