"""What is folded of a case is enough, and the rules tried are the rules they are said to be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from streams.accuracy.said import Said
from streams.accuracy.scoring import Scored, scores
from streams.domain.fold import Fold
from streams.domain.hexes import cells_of
from streams.domain.policy import Deployment, policy_from
from streams.domain.records import AreaPublished, Sightings
from streams.study.case import Case, Made
from streams.study.rules import ANY, CARD, OURS, Point, Rule
from streams.study.running import run
from streams.study.trials import along_stays, of_rest, of_rule, tried
from tests.city.conftest import START

MADE = Made(3, 150, 5, START)


@pytest.fixture(scope="module")
def case() -> Case:
    return Case.of(MADE)


def whole(case: Case, rule: Rule) -> dict[bytes, Scored]:
    return {one.phone: one for one in tried(case, rule, case.records, case.phones)}


def same(one: Scored, other: Scored) -> bool:
    return (one.seconds == other.seconds).all() and (one.true, one.said, one.false_reds) == (
        other.true,
        other.said,
        other.false_reds,
    )


@pytest.mark.parametrize(("fringe", "rings"), [(0, 0), (1, 2), (2, 3)])
def test_folding_only_what_can_differ_gives_what_folding_all_gives(
    case: Case, fringe: int, rings: int
) -> None:
    rest = {one.phone: one for one in of_rest(case)}
    assert rest
    assert len(rest) + len(case.longest) == len(case.phones)
    for point, scored in along_stays(case, fringe, rings, (120, 240, 480)).items():
        expected = whole(case, point.rule())
        found = {one.phone: one for one in scored} | rest
        assert found.keys() == expected.keys()
        assert all(same(found[phone], expected[phone]) for phone in expected), point


def test_the_national_card_touches_nobody_who_was_never_in_an_area(case: Case) -> None:
    expected = whole(case, CARD)
    assert all(same(one, expected[one.phone]) for one in (*of_rule(case, CARD), *of_rest(case)))


def test_any_sighting_is_red_by_one_sighting_in_a_cell_of_an_area_and_by_nothing_else(case: Case) -> None:
    city = case.city
    inside = frozenset().union(*(cells_of(area.geometry, 8) for area in city.place.areas))
    # The amended area would add cells half-way: without it what is inside is plain.
    records = [one for one in case.records if not isinstance(one, AreaPublished)]
    expected = {
        phone
        for one in records
        if isinstance(one, Sightings)
        for phone, cell in zip(one.phones, one.hexes, strict=True)
        if cell in inside
    }
    found = {one.phone for one in tried(case, ANY, records, case.phones) if one.seconds[:, 3].any()}
    assert found == expected != set()


def test_a_point_of_the_grid_changes_three_thresholds_and_the_built_in_one_none(case: Case) -> None:
    changed = Point(300, 2, 1).rule()
    policy = policy_from(dict(changed.thresholds), 1, case.policy)
    assert policy == replace(case.policy, stay_minutes=300, pingpong_rings=1)
    assert changed.fringe_rings == 2
    ours = policy_from(dict(Point(240, 1, 2).rule().thresholds), 1, case.policy)
    assert (ours, OURS.fringe_rings) == (case.policy, 1)


def test_a_case_is_folded_as_it_stands(case: Case) -> None:
    fold, said = Fold(Deployment(), case.policy, case.city.place.areas), Said()
    for offset, record in enumerate(case.records):
        said.take(record, fold.apply(record, offset).changes)
    expected = whole(case, OURS)
    found = scores(case.truth, said, case.begin, case.until)
    assert all(same(one, expected[one.phone]) for one in found)


def test_any_number_of_processes_gives_the_same(case: Case) -> None:
    made = MADE._replace(phones=40, days=3)
    one, several = (run([(made, (OURS, CARD), False)], workers, lambda _: None) for workers in (1, 2))
    assert [result.rules.keys() for result in one] == [{OURS.name, CARD.name}]
    for found, other in zip(one[0].rules.values(), several[0].rules.values(), strict=True):
        assert all(same(a, b) for a, b in zip(found, other, strict=True))
    assert len(case.phones) == 150
