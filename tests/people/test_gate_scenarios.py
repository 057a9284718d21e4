"""Rules 12.1 to 12.4 as a community worker would tell them (12-gate.yaml)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from streams.people.strictness import DEFAULT, faults
from tests.people.gate_course import Scenario
from tests.people.told import told

ALL = [Scenario(**row) for row in told(Path(__file__).parent / "12-gate.yaml")]


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: f"{scenario.rule} {scenario.name}")
def test_what_is_known_leads_to_what_is_decided(scenario: Scenario) -> None:
    assert scenario.outcome() == scenario.expect


def test_every_rule_of_the_chapter_is_told() -> None:
    assert {scenario.rule for scenario in ALL} == {"12.1", "12.2", "12.3", "12.4"}


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ({}, []),
        ({"green": "hold"}, ["green: expected register at most, found hold"]),
        ({"unknown": "hold"}, ["unknown: expected register at most, found hold"]),
        ({"yellow": "pass"}, ["yellow: expected ask or stricter, as for unknown"]),
        ({"blue": "pass"}, ["'blue': expected one of green, unknown, yellow, red"]),
        ({"red": "shout"}, ["red: expected one of pass, ask, register, hold, found 'shout'"]),
    ],
)
def test_a_policys_table_is_whole_bounded_and_in_order(table: Any, found: list[str]) -> None:
    assert faults({**DEFAULT, **table}) == found


def test_a_policy_without_a_colour_is_no_policy() -> None:
    assert faults({"green": "pass", "unknown": "ask", "yellow": "register"}) == ["red: expected a decision"]
