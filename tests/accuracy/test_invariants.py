"""What holds of any truth: its colours by trying each moment, perfect sightings, rows that add up."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.accuracy.definition import ABSENCE, FORGIVEN, GREEN, RED, STAY, UNKNOWN, WINDOW, YELLOW
from streams.accuracy.timeline import pieces
from streams.accuracy.tracks import tracks_of
from streams.accuracy.truth import true_colours
from streams.accuracy.world import world_of
from streams.domain.policy import Policy
from tests.accuracy.scene import AREA, AWAY, DAY, FAR, HOUR, INSIDE, PHONE, Scene, Spot, hours, square

SPOTS = (INSIDE, AWAY, FAR)
HOME = square(0.01, FAR)
"""A jurisdiction that only FAR is in."""

Row = tuple[int, int, Spot]


@st.composite
def truths(draw: st.DrawFn) -> list[Row]:
    """Draw rows of whole ten minutes, some with gaps between, over up to some twenty days."""
    found: list[Row] = []
    now = 0
    for _ in range(draw(st.integers(1, 12))):
        length = draw(st.one_of(st.integers(1, 5), st.integers(20, 30), st.integers(30, 400)))
        found.append((now * 600, (now + length) * 600, draw(st.sampled_from(SPOTS))))
        now += length + draw(st.sampled_from((0, 0, 0, 2, 3, 30)))
    return found


def presences(rows: list[Row], spots: tuple[Spot, ...]) -> list[tuple[int, int]]:
    """Return the times of being at one of these spots, short absences forgiven, one row after the other."""
    found: list[tuple[int, int]] = []
    for start, end, spot in rows:
        if spot not in spots:
            continue
        if found and start - found[-1][1] < FORGIVEN:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def by_trying(rows: list[Row], at: int) -> int:
    """Return the true colour by the definition's own words."""

    def longest(spots: tuple[Spot, ...]) -> int:
        return max((min(e, at) - max(s, at - WINDOW) for s, e in presences(rows, spots)), default=-1)

    if at < rows[0][0]:
        return UNKNOWN
    if longest((INSIDE,)) >= STAY:
        return RED
    last = [spot for start, _, spot in rows if start <= at][-1]
    if longest((INSIDE,)) > 0 or (last == FAR and longest((INSIDE, AWAY)) >= ABSENCE):
        return YELLOW
    return GREEN


@given(truths(), st.lists(st.integers(-10, 6 * 24 * 45), min_size=20, max_size=60))
def test_the_truth_is_what_trying_each_moment_finds(rows: list[Row], moments: list[int]) -> None:
    columns = ([row[0] for row in rows], [row[1] for row in rows])
    lon, lat = ([row[2][axis] for row in rows] for axis in (0, 1))
    tracks = tracks_of([PHONE], [0] * len(rows), *columns, lon, lat)
    [timeline] = true_colours(tracks, world_of(Policy(jurisdiction=HOME), [AREA], []))
    # Instants in mid-second of the grid that times are drawn from: at an edge itself either may hold.
    for at in (moment * 600 + 300 for moment in moments):
        [piece] = pieces(timeline, at, at + 1)
        assert piece.colour == by_trying(rows, at), at


@st.composite
def plans(draw: st.DrawFn) -> list[tuple[float, Spot]]:
    """Draw how many hours are spent inside and away in turn, never about four inside."""
    inside = st.sampled_from((1.0, 2.0, 3.0, 5.0, 8.0, 30.0))
    away = st.sampled_from((5.0, 9.0, 24.0, 100.0))
    turns = draw(st.lists(st.tuples(away, inside), min_size=1, max_size=4))
    return [turn for out, there in turns for turn in ((out, AWAY), (there, INSIDE))]


@settings(max_examples=20, deadline=None)
@given(plans())
def test_perfect_sightings_are_right_but_for_a_slot_at_each_turn(plan: list[tuple[float, Spot]]) -> None:
    scene, begins = Scene(until=18 * 24), accumulate((length for length, _ in plan), initial=0.0)
    for (length, spot), begin in zip([*plan, (0.0, AWAY)], begins, strict=True):
        end = begin + length if length else scene.until
        scene.was(begin, end, spot).sees(begin, end - 0.25, spot)
    scored = scene.scored()
    wrong = scored.seconds.sum() - np.trace(scored.seconds)
    turns = len(scored.true) + len(scored.said)
    assert wrong <= turns * 900
    assert all(episode.met for episode in (*scored.true, *scored.said) if episode.end - episode.start > 900)
    assert scored.false_reds == [red for red in scored.false_reds if red.end - red.start <= 900]


@settings(max_examples=20, deadline=None)
@given(
    truths(), st.lists(st.tuples(st.integers(0, 24 * 18), st.sampled_from(SPOTS)), min_size=1, max_size=40)
)
def test_the_hours_of_a_phone_add_up_to_the_span_whatever_is_true_or_said(
    rows: list[Row], seen: list[tuple[int, Spot]]
) -> None:
    scene = Scene(until=20 * 24)
    for start, end, spot in rows:
        scene.was(start / HOUR, end / HOUR, spot)
    scene.seen = [(float(hour), spot) for hour, spot in seen]
    scored = scene.scored()
    span = (20 * 24 - min(hour for hour, _ in seen)) * HOUR
    assert scored.seconds.sum() == span
    assert round(sum(hours(scored).values()) * HOUR) == span
    assert span <= 20 * DAY
    red = sum(episode.end - episode.start for episode in scored.true if episode.colour == RED)
    assert scored.seconds[RED].sum() == red
    false = sum(red.end - red.start for red in scored.false_reds)
    assert false == scored.seconds[[GREEN, YELLOW], RED].sum()
