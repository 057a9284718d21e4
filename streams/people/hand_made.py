"""The inputs made by hand about people, as counts per office in the public register (rules 16.3, 17.3).

They are bindings, `NO_PHONE` records, exclusions and confirmed corrections. What follows from another act by
itself is none of them: a correction confirmed because an appeal was upheld counts with the appeal.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from streams.people.actors import Role
from streams.people.appealed import AppealUpheld
from streams.people.disclosure import summed
from streams.people.phone_facts import BindingConfirmed
from streams.people.phoneless import NoPhoneRecorded
from streams.people.said import CorrectionReviewed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streams.people.commands import Recorded
    from streams.people.disclosure import Summed

Kind: TypeAlias = Literal["bindings", "no_phone", "exclusions", "corrections"]
KINDS: Final[tuple[Kind, ...]] = ("bindings", "no_phone", "exclusions", "corrections")
UNSTATED: Final = "no office stated"
WEEK: Final = 7 * 86_400
MONDAY: Final = 4 * 86_400
"""1970-01-05, in seconds."""


@dataclass(frozen=True, slots=True)
class Acts:
    """Acts of one kind by some offices; times in unix seconds, `until` excluded: whole weeks from Monday."""

    kind: Kind
    offices: tuple[str, ...]
    from_: int
    until: int
    count: int


def kind_of(fact: Recorded[Any]) -> Kind | None:
    """Return which input by hand a fact is, None where it is none."""
    match fact.body:
        case BindingConfirmed() | AppealUpheld(ground="not_my_phone"):
            return "bindings"
        case NoPhoneRecorded():
            return "no_phone"
        case CorrectionReviewed(confirmed=True) if fact.actor.role is Role.OFFICER:
            return "corrections"
        case AppealUpheld(ground="declaration_mistaken"):
            return "corrections"
        case AppealUpheld():
            return "exclusions"
        case _:
            return None


def acts(facts: Iterable[Recorded[Any]], now: int) -> tuple[Acts, ...]:
    """Return what the register says of inputs by hand at a time of the data's.

    An act is of the office whose word was the last one needed. The week that runs is left out, so further
    acts leave a sum as it is. Facts taken away by an erasure do not: what was published is told anew without
    them, and the difference is that person's (docs/disclosure.md).
    """
    weeks: defaultdict[Kind, defaultdict[int, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    over = _week(now)
    for fact in facts:
        kind, week = kind_of(fact), _week(fact.at // 1000)
        if kind is not None and week < over:
            weeks[kind][week][fact.actor.office or UNSTATED] += 1
    return tuple(one for kind in KINDS for one in _of_kind(kind, weeks[kind], over))


def _of_kind(kind: Kind, weeks: Mapping[int, Counter[str]], over: int) -> list[Acts]:
    first = min(weeks, default=over)
    return [_dated(kind, first, one) for one in summed([weeks.get(n, {}) for n in range(first, over)])]


def _dated(kind: Kind, first: int, one: Summed) -> Acts:
    from_, until = (MONDAY + (first + week) * WEEK for week in (one.first, one.last + 1))
    return Acts(kind, one.offices, from_, until, one.count)


def _week(seconds: int) -> int:
    return (seconds - MONDAY) // WEEK
