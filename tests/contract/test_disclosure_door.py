"""No count of people is published around `streams.people.disclosure` (rule 17.3)."""

from __future__ import annotations

import ast
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import pytest

import streams
from streams.metrics import Metrics
from streams.people.adoption import Adoption
from streams.people.disclosure import HexCount
from tests.contract.parsing import parsed

ROOT: Final = Path(streams.__file__).parent
SOURCES: Final = {source.relative_to(ROOT).as_posix(): source.read_text() for source in ROOT.rglob("*.py")}
DOOR: Final = "people/disclosure.py"
EXACT: Final = {
    "agents/hex_counts.py",
    "channels.py",
    "topics.py",
}
"""What has to do with the topic of exact counts: who adds them up, and what describes it."""
OPERATORS: Final = {
    *("shendeng_phones", "shendeng_colour_changes_total", "shendeng_sightings_total"),
    *("shendeng_referrals", "shendeng_referrals_overdue"),
}
"""Metrics that count phones or people, or what befell them: operators', of no place (docs/disclosure.md)."""
LABELS: Final = {"partition", "colour", "reason", "carrier", "outcome", "state"}


@pytest.mark.parametrize("record", [HexCount, Adoption])
def test_what_is_published_of_people_can_hold_released_counts_only(record: Any) -> None:
    """A type checker refuses an exact count there: only the door makes a Released."""
    counts = [each.name for each in fields(record) if each.name not in {"hex", "at", "community", "age_band"}]
    assert len(counts) >= 4
    assert {record.__annotations__[name] for name in counts} == {"Released | None"}


def test_only_the_door_makes_a_released_count() -> None:
    makers = {
        name
        for name, text in SOURCES.items()
        for node in ast.walk(parsed(text))
        if isinstance(node, ast.Call)
        if isinstance(node.func, ast.Name) and node.func.id == "Released"
    }
    assert makers == {DOOR}


def test_nobody_but_who_adds_them_up_touches_the_topic_of_exact_counts() -> None:
    assert {name for name, text in SOURCES.items() if "hex_partials" in text} == EXACT


def test_nobody_rounds_counts_elsewhere() -> None:
    """Whatever hides or rounds a count imports the door; K stands once."""
    users = {name for name, text in SOURCES.items() if "streams.people.disclosure import" in text}
    assert {"cli/diff.py", "cli/adoption.py", "people/adoption.py", "columns/hex_counts.py"} <= users
    assert [name for name, text in SOURCES.items() if "K: Final = 15" in text] == [DOOR]


def test_metrics_count_phones_by_no_place_and_there_are_no_others() -> None:
    families = list(Metrics().registry.collect())
    assert {f"{one.name}{'_total' * (one.type == 'counter')}" for one in families} >= OPERATORS
    text = SOURCES["metrics.py"]
    labels = {
        str(node.value)
        for call in ast.walk(parsed(text))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        if call.func.attr in {"_counter", "_gauge"}
        for node in call.args[2:]
        if isinstance(node, ast.Constant)
    }
    assert labels == LABELS
