"""Every rule of the people's side that is built is told by a scenario; those to come are listed.

A scenario cites its rule in the file of scenarios (`rule: "10.2"`), or in the first line of its module.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml

HERE = Path(__file__).parent
RULES = HERE.parent.parent / "docs" / "people-rules.md"
BUILT = re.compile(r"1[0-9]\.\d")
"""The rules that are to be told by now; the others' part of the house does not stand yet."""
NOT_YET: set[str] = set()
"""Without a scenario yet: whoever writes one takes its rule out of here."""
_CITED = re.compile(r"[Rr]ules? (\d+\.\d(?:(?:, | and | to )\d+\.\d)*)")


def numbers() -> set[str]:
    return set(re.findall(r"^(\d\d\.\d) ", RULES.read_text(encoding="utf-8"), re.MULTILINE))


def cited_in(line: str) -> set[str]:
    """Return the rules a line cites: `rule 10.4`, `rules 12.1, 12.3`, `rules 11.1 to 11.4`."""
    found: set[str] = set()
    for text in _CITED.findall(line):
        for part in re.split(", | and ", text):
            first, _, last = part.partition(" to ")
            chapter, _, number = first.partition(".")
            end = int((last or first).partition(".")[2])
            found.update(f"{chapter}.{n}" for n in range(int(number), end + 1))
    return found


def told() -> set[str]:
    found: set[str] = set()
    for path in HERE.rglob("*.yaml"):
        found |= {row["rule"] for row in yaml.safe_load(path.read_text(encoding="utf-8"))}
    for path in HERE.rglob("test_*.py"):
        if path != Path(__file__):
            found |= cited_in(path.read_text(encoding="utf-8").partition("\n")[0])
    return found


def test_every_rule_has_a_scenario_or_is_listed_as_to_come() -> None:
    due = {rule for rule in numbers() if BUILT.fullmatch(rule)}
    assert len(due) > 15
    assert sorted(due - told() - NOT_YET) == []


def test_what_is_listed_as_to_come_has_not_come() -> None:
    assert sorted(NOT_YET & told()) == []
    assert sorted(NOT_YET - numbers()) == []


def test_no_scenario_cites_a_rule_that_there_is_not() -> None:
    assert sorted({rule for rule in told() if re.match("1[0-9]", rule)} - numbers()) == []


def test_citations_are_read_as_they_are_written() -> None:
    assert cited_in("as told (rules 12.1, 12.3 and 13.4)") == {"12.1", "12.3", "13.4"}
    assert cited_in("Rules 11.1 to 11.3 as told") == {"11.1", "11.2", "11.3"}
