"""Rule 17.3 as somebody who reads the published counts would tell it (17-disclosure.yaml)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.people.disclosure_course import Scenario
from tests.people.told import told

ALL = [Scenario(**row) for row in told(Path(__file__).parent / "17-disclosure.yaml")]


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_counts_lead_to_what_is_published(scenario: Scenario) -> None:
    assert scenario.outcome() == scenario.expect
