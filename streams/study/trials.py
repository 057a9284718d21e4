"""Folding a case under a rule, and only what that rule can judge otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from streams.accuracy.said import Said
from streams.accuracy.scoring import scores
from streams.domain.policy import Deployment, policy_from
from streams.domain.records import AreaPublished
from streams.study.case import none_coarse, only
from streams.study.rules import OURS, Point
from streams.window.window import Window

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from streams.accuracy.scoring import Scored
    from streams.domain.records import AreaVersion, Record
    from streams.study.case import Case
    from streams.study.rules import Rule


def tried(case: Case, rule: Rule, records: Sequence[Record], phones: Collection[bytes]) -> list[Scored]:
    """Fold a journal under a rule and score these phones, in the order given."""
    policy = policy_from(dict(rule.thresholds), case.policy.version, case.policy)
    areas = [replace(area, fringe_rings=rule.fringe_rings) for area in case.city.place.areas]
    window, said = Window(Deployment(), policy, areas), Said()
    for offset, record in enumerate(records if rule.coarse else none_coarse(records)):
        said.take(record, window.apply(_with_fringe(record, rule.fringe_rings), offset).changes)
    return scores(case.truth, said, case.begin, case.until, phones)


def _with_fringe(record: Record, rings: int) -> Record:
    if isinstance(record, AreaPublished):
        area: AreaVersion = replace(record.area, fringe_rings=rings)
        return replace(record, area=area)
    return record


def of_rule(case: Case, rule: Rule) -> list[Scored]:
    """Score the phones that a rule can judge otherwise than ours does."""
    if rule.whole:
        return tried(case, rule, case.records, case.phones)
    return tried(case, rule, case.near, list(case.longest))


def of_rest(case: Case) -> list[Scored]:
    """Score the phones never seen in an area: under any rule of the grid their colours are ours."""
    rest = [phone for phone in case.phones if phone not in case.longest]
    return tried(case, OURS, only(case.records, frozenset(rest)), rest)


def along_stays(case: Case, fringe: int, rings: int, stays: Iterable[int]) -> dict[Point, list[Scored]]:
    """Score the phones seen in an area at each stay_minutes, in rising order.

    A phone whose every visit is shorter than the last value cannot change at the next: it is not folded.
    """
    found: dict[Point, list[Scored]] = {}
    last: dict[bytes, Scored] = {}
    records, reached = case.near, 0
    for stay in stays:
        phones = [phone for phone, longest in case.longest.items() if longest >= reached]
        records = only(records, frozenset(phones))
        point = Point(stay, fringe, rings)
        last |= {one.phone: one for one in tried(case, point.rule(), records, phones)}
        found[point] = [last[phone] for phone in case.longest]
        reached = stay
    return found
