"""Every numbered rule as tables of what is given and what is expected (README.md says how to read them)."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from streams.domain.policy import PolicyError
from tests.scenarios import notation
from tests.scenarios.course import Course, Scenario
from tests.scenarios.places import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
RULES = HERE.parent.parent / "docs" / "colour-rules.md"


class Strict(yaml.SafeLoader):
    """YAML in which a key stands once."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's own signature
        keys = [key.value for key, _ in node.value]
        twice = [key for key, times in Counter(keys).items() if times > 1]
        if twice:
            raise UnreadableError(f"{node.start_mark}: keys that stand twice: {twice}")
        return dict(super().construct_mapping(node, deep))


def scenarios() -> Iterator[Scenario]:
    for file in sorted(HERE.glob("*.yaml")):
        for row in yaml.load(file.read_text(encoding="utf-8"), Strict):  # noqa: S506 - a SafeLoader
            scenario = Scenario(**row)
            if not file.name.startswith(f"{scenario.rule[0]}-"):
                raise UnreadableError(
                    f"{file.name}: rule {scenario.rule} belongs into another chapter's file"
                )
            yield scenario


ALL = list(scenarios())


def numbers() -> list[str]:
    """Return the numbers of the rules: those at a line's start that follow on the one before."""
    found = ["0.0"]
    for number in re.findall(r"^(\d\.\d) ", RULES.read_text(encoding="utf-8"), re.MULTILINE):
        chapter, rule = map(int, found[-1].split("."))
        if number in {f"{chapter}.{rule + 1}", f"{chapter + 1}.1"}:
            found.append(number)
    return found[1:]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: f"{scenario.rule} {scenario.name}")
def test_what_is_given_leads_to_what_is_expected(scenario: Scenario, folder: Path) -> None:
    course = Course(scenario, folder)
    assert course.rows(scenario.expect) == scenario.expect
    for time, phones in scenario.colours.items():
        assert {time: {name: course.colour(time, name) for name in phones}} == {time: phones}
    for name, asked in scenario.explained.items():
        assert course.explained(name, asked) == {key: sorted(texts) for key, texts in asked.items()}
    if scenario.warned is not None:
        assert course.warned() == scenario.warned


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: f"{scenario.rule} {scenario.name}")
def test_a_second_fold_gives_the_same_bytes(scenario: Scenario, folder: Path) -> None:
    first, second = Course(scenario, folder), Course(scenario, folder)
    assert first.bytes() == second.bytes()


def test_every_rule_has_a_scenario_and_every_scenario_a_rule() -> None:
    rules, told = numbers(), {scenario.rule for scenario in ALL}
    assert len(rules) > 30
    assert [rule for rule in rules if rule not in told] == []
    assert sorted(told.difference(rules)) == []


def test_no_two_scenarios_have_one_name() -> None:
    names = Counter((scenario.rule, scenario.name) for scenario in ALL)
    assert [name for name, times in names.items() if times > 1] == []


GIVEN: dict[str, Any] = {"seen": "a day 1 08:00-12:00 middle"}
EXPECT: dict[str, Any] = {"time": "day 1 12:00", "phone": "a", "colour": "red", "reasons": ["STAYED A"]}


def a_scenario(given: dict[str, Any] = GIVEN, expect: dict[str, Any] = EXPECT, **more: Any) -> Scenario:
    return Scenario(rule="4.3", name="any", given=[given], expect=[expect], **more)


def run(scenario: Scenario, folder: Path) -> bool:
    return Course(scenario, folder).rows(scenario.expect) == scenario.expect


@pytest.mark.parametrize(
    "slip",
    [
        {"given": {"seen": "a day 1 08:00-12:00 midle"}},
        {"given": {"seen": "a day 1 8:00-12:00 middle"}},
        {"given": {"seen": "a day 1 12:00-08:00 middle"}},
        {"given": {**GIVEN, "clok": "day 1 13:00"}},
        {"given": {"sene": "a day 1 08:00 middle"}},
        {"expect": {**EXPECT, "valid": "day 15 08:00"}},
        {"expect": {"time": "day 1 12:00", "phone": "a", "colour": "red"}},
        {"areas": [{"area": "A", "rings": 1}]},
        {"areas": ["C"]},
        {"areas": [{"area": "C", "shape": "3 rings round middle"}]},
        {"policy": {"stay_minute": 60}},
        {"policy": {"min_days": "three"}},
    ],
)
def test_a_slip_of_the_pen_is_an_error(slip: dict[str, Any], folder: Path) -> None:
    assert run(a_scenario(), folder)
    with pytest.raises((UnreadableError, PolicyError)):
        run(a_scenario(**slip), folder)


@pytest.mark.parametrize(
    "wrong",
    [
        {"colour": "yellow"},
        {"time": "day 1 12:15"},
        {"reasons": []},
        {"reasons": ["STAYED A v2"]},
        {"reasons": ["STAYED A from day 1 08:00 until day 1 12:00 dwell 240"]},
        {"sequence": 2},
        {"valid_until": None},
    ],
)
def test_what_is_wrongly_expected_is_not_what_comes_out(wrong: dict[str, Any], folder: Path) -> None:
    assert not run(a_scenario(expect={**EXPECT, **wrong}), folder)


def test_a_colour_is_not_asked_at_a_clock_that_never_comes(folder: Path) -> None:
    with pytest.raises(UnreadableError):
        Course(a_scenario(), folder).colour("day 2 00:00", "a")


def test_a_time_is_written_as_it_is_read() -> None:
    assert [notation.time_text(notation.seconds(t)) for t in ("day 1 08:00", "day 31 23:59:59")] == [
        "day 1 08:00",
        "day 31 23:59:59",
    ]
