"""What is published of appeals: how many a rule, the share upheld, how many overdue (rules 16.1, 16.2)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.people.disclosure import percent, released

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.people.appealed import Appeal, Matter

RULES: Final = {
    "STAYED": "5.1",
    "PASSED_THROUGH": "5.2",
    "NEAR_BOUNDARY": "5.2",
    "RECENT_ARRIVAL": "5.4",
    "NO_SIGNAL": "5.5",
    "STALE": "5.5",
    "TOO_LITTLE": "5.5",
    "CLEAR": "5.6",
}
"""The rule behind each reason's code."""
OTHERS: Final = {"contradiction": "11.2", "binding": "10.3"}


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one rule, as far as it may be published (17.3): None where it is too few.

    `upheld_percent` is of those decided, from the released counts alone.
    """

    rule: str
    appeals: int | None
    decided: int | None
    upheld: int | None
    upheld_percent: int | None


@dataclass(frozen=True, slots=True)
class Published:
    """What is published of all appeals at a time of the data's."""

    rules: tuple[Figures, ...]
    overdue: int | None


def rule_of(matter: Matter) -> str:
    """Return the rule that an appeal contests."""
    return OTHERS.get(matter.against) or RULES.get(matter.code, "5")


def published(appeals: Iterable[Appeal], now: int) -> Published:
    """Return what is published of appeals, by the rules' numbers.

    A rule is not listed before its count may be released: that it is there would tell of one person.
    """
    made, decided, upheld = Counter[str](), Counter[str](), Counter[str]()
    overdue = 0
    for one in appeals:
        rule = rule_of(one.matter)
        made[rule] += 1
        decided[rule] += one.decided_at is not None
        upheld[rule] += one.upheld is not None
        overdue += one.decided_at is None and one.due < now
    figures = (_figures(rule, made[rule], decided[rule], upheld[rule]) for rule in sorted(made))
    return Published(tuple(one for one in figures if one.appeals is not None), released(overdue))


def _figures(rule: str, made: int, decided: int, upheld: int) -> Figures:
    some, of = released(upheld), released(decided)
    return Figures(rule, released(made), of, some, percent(some, of))
