"""Worked by hand: a few hours of one phone, and exactly what must be said of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from streams.accuracy.definition import GREEN, RED, YELLOW
from streams.accuracy.report import figures
from streams.accuracy.scoring import FalseRed
from streams.domain.policy import Policy
from streams.domain.records import AreaPublished, AreaVersion, PolicyPublished
from tests.accuracy.scene import AREA, AWAY, BESIDE, FAR, INSIDE, NEAR, Scene, Spot, at, hours, square

FAR_EAST: Spot = (122.0, 28.5)
FADED = 20 * 24 - 346
"""Hours of a scene after a visit of its first ten hours has left the window."""


def test_a_stay_seen_all_along_is_red_as_long_as_it_truly_is_but_for_a_slot() -> None:
    found = Scene().was(0, 10, INSIDE).was(10, 480, AWAY).sees(0, 9.75, INSIDE).scored()
    # Truly yellow at once, red from 4 to 10 + 336 - 4, yellow till 10 + 336; the last slot seen is 9:45's.
    known = {key: value for key, value in hours(found).items() if key[1] != "unknown"}
    assert known["red", "red"] == 337.75
    assert known["red", "yellow"] == 0.25
    assert known["yellow", "yellow"] == 4 + 3.75
    assert [(e.met, e.delay) for e in found.true if e.colour == RED] == [(True, 0)]
    assert found.false_reds == []


def test_a_stay_of_which_nothing_is_seen_is_missed() -> None:
    found = Scene().was(0, 10, INSIDE).was(10, 480, AWAY).sees(0, 0, AWAY).sees(10, 480, AWAY).scored()
    assert hours(found) == {("yellow", "green"): 8, ("red", "green"): 338, ("green", "green"): FADED}
    assert [(e.met, e.delay) for e in found.true if e.colour == RED] == [(False, None)]
    assert [e for e in found.said if e.colour == RED] == []


def test_a_stay_seen_late_has_its_delay() -> None:
    found = Scene().was(0, 10, INSIDE).was(10, 480, AWAY).sees(0, 0, AWAY).sees(3, 9.75, INSIDE).scored()
    [red] = [e for e in found.true if e.colour == RED]
    assert (red.start, red.delay) == (at(4), 3 * 3600)


def test_red_before_the_truth_turns_is_early() -> None:
    found = Scene().was(0, 2, BESIDE).was(2, 10, INSIDE).was(10, 480, AWAY).sees(0, 9.75, INSIDE).scored()
    assert found.false_reds == [FalseRed(at(4), at(6), "early")]
    assert [e.delay for e in found.true if e.colour == RED] == [-2 * 3600]


def test_red_after_the_truth_has_turned_back_is_late() -> None:
    found = Scene().was(0, 5, INSIDE).was(5, 480, AWAY).sees(0, 9.75, INSIDE).scored()
    assert found.false_reds == [FalseRed(at(5 + 336 - 4), at(9.75 + 336 - 4), "late")]


@pytest.mark.parametrize(
    ("spot", "cause"), [(BESIDE, "beside"), (NEAR, "in reach"), (AWAY, "in reach"), (FAR, "elsewhere")]
)
def test_a_false_red_is_told_by_how_near_one_truly_was(spot: Spot, cause: str) -> None:
    found = Scene().was(0, 480, spot).sees(0, 9.75, INSIDE).scored()
    assert found.false_reds == [FalseRed(at(4), at(341.75), cause)]
    assert [e.met for e in found.said if e.colour == RED] == [False]


def test_less_than_four_hours_inside_is_too_short() -> None:
    found = Scene().was(0, 3, INSIDE).was(3, 480, FAR).sees(0, 9.75, INSIDE).scored()
    assert found.false_reds == [FalseRed(at(4), at(341.75), "too short")]


def test_a_truth_that_begins_after_the_visit_leaves_it_untold() -> None:
    found = Scene().was(20, 480, AWAY).sees(0, 9.75, INSIDE).scored()
    assert found.false_reds == [FalseRed(at(20), at(341.75), "untold")]
    assert hours(found)["unknown", "red"] == 16


def test_a_phone_without_a_truth_is_truly_unknown_and_nothing_else() -> None:
    found = Scene().sees(0, 480, AWAY).scored()
    assert hours(found) == {("unknown", "green"): 480}
    assert (found.stratum, found.true, found.false_reds) == (None, [], [])
    assert not found.said


def test_unknown_is_never_counted_as_green() -> None:
    found = Scene(policy=Policy()).was(0, 480, AWAY).sees(0, 1, AWAY).scored()
    assert hours(found) == {("green", "unknown"): 480}
    assert [e.met for e in found.true] == [False]


def test_absences_under_half_an_hour_are_forgiven_and_longer_ones_not() -> None:
    broken = Scene().was(0, 2, INSIDE).was(2, 2.4, FAR).was(2.4, 6, INSIDE).was(6, 480, AWAY)
    [red] = [e for e in broken.sees(0, 0, AWAY).scored().true if e.colour == RED]
    assert (red.start, red.end) == (at(4), at(6 + 336 - 4))
    longer = Scene().was(0, 2, INSIDE).was(2, 2.5, FAR).was(2.5, 6, INSIDE).was(6, 480, AWAY)
    assert not [e for e in longer.sees(0, 0, AWAY).scored().true if e.colour == RED]


def test_an_amended_area_counts_for_the_past_from_when_it_was_published() -> None:
    before = AreaVersion("market", 1, square(0.05, FAR_EAST), 0)
    grown = AreaPublished(0, replace(AREA, version=2))
    scene = Scene(areas=(before,), course=[(100.0, grown)]).was(0, 10, INSIDE).was(10, 480, AWAY)
    found = scene.sees(0, 9.75, INSIDE).sees(10, 480, AWAY).scored()
    assert [(e.colour, e.start, e.end) for e in found.true if e.colour == RED] == [(RED, at(100), at(342))]
    assert hours(found) == {
        ("green", "green"): 100 + FADED,
        ("red", "red"): 241.75,
        ("red", "yellow"): 0.25,
        ("yellow", "yellow"): 3.75,
        ("yellow", "green"): 0.25,
    }


def test_a_withdrawn_area_is_no_truth_any_more_and_a_lower_version_changes_nothing() -> None:
    gone = AreaPublished(0, replace(AREA, version=3, withdrawn=True))
    lower = AreaPublished(0, replace(AREA, version=2))
    scene = Scene(course=[(100.0, gone), (101.0, lower)]).was(0, 10, INSIDE).was(10, 480, AWAY)
    found = scene.sees(0, 9.75, INSIDE).sees(10, 480, AWAY).scored()
    assert [(e.start, e.end) for e in found.true if e.colour == RED] == [(at(4), at(100))]
    assert hours(found) == {("yellow", "yellow"): 4, ("red", "red"): 96, ("green", "green"): 380}


def test_who_was_away_from_the_jurisdiction_and_came_is_truly_yellow() -> None:
    policy = Policy(min_days=0, jurisdiction=square(0.5, FAR_EAST))
    scene = Scene(areas=(), policy=policy).was(0, 6, INSIDE).was(6, 480, FAR_EAST)
    found = scene.sees(0, 5.75, INSIDE).sees(6, 480, FAR_EAST).scored()
    assert [(e.start, e.end) for e in found.true if e.colour == YELLOW] == [(at(6), at(6 + 336 - 4))]
    assert hours(found)["yellow", "yellow"] == 332 - 0.25
    away_again = Scene(areas=(), policy=policy).was(0, 6, INSIDE).was(6, 8, FAR_EAST).was(8, 480, INSIDE)
    told = away_again.sees(0, 5.75, INSIDE).scored()
    assert [(e.start, e.end) for e in told.true if e.colour == YELLOW] == [(at(6), at(8))]


def test_a_jurisdiction_may_be_drawn_anew_on_the_way() -> None:
    policy = Policy(min_days=0, jurisdiction=square(0.5, FAR_EAST))
    anew = PolicyPublished(0, 1, {"jurisdiction": None})
    scene = Scene(areas=(), policy=policy, course=[(50.0, anew)]).was(0, 6, INSIDE).was(6, 480, FAR_EAST)
    found = scene.sees(0, 5.75, INSIDE).sees(6, 480, FAR_EAST).scored()
    assert [(e.start, e.end) for e in found.true if e.colour == YELLOW] == [(at(6), at(50))]
    assert hours(found)["green", "green"] == 6 + 430


@pytest.mark.parametrize(
    ("area", "colour"),
    [
        (replace(AREA, geometry=((AREA.geometry[0][0], square(0.01)[0][0]),)), GREEN),
        (replace(AREA, geometry=(*square(0.01, FAR_EAST), *square(0.01))), RED),
        (replace(AREA, until=at(3)), YELLOW),
        (replace(AREA, from_=at(7)), YELLOW),
        (replace(AREA, from_=at(10)), GREEN),
    ],
)
def test_holes_several_polygons_and_the_interval_count(area: AreaVersion, colour: int) -> None:
    found = Scene(areas=(area,)).was(0, 10, INSIDE).was(10, 480, AWAY).sees(0, 0, FAR).scored()
    assert max(episode.colour for episode in found.true) == colour


def test_a_phone_of_which_the_truth_tells_nothing_changes_no_figure() -> None:
    told = Scene().was(0, 480, AWAY).sees(0, 470, AWAY).scored()
    untold = Scene().sees(0, 200, INSIDE).scored()
    for colour in (RED, YELLOW, GREEN):
        assert figures([told, untold], colour) == figures([told], colour)
    assert not untold.false_reds
