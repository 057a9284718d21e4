"""Where somebody lives: by the nights; at a border, in town, in the country."""

from __future__ import annotations

from streams.accuracy.homes import homes, strata
from streams.accuracy.tracks import tracks_of
from streams.accuracy.world import world_of
from streams.domain.policy import Policy
from tests.accuracy.scene import AREA, AWAY, BEGIN, BESIDE, FAR, HOUR, INSIDE, NEAR, Spot

JUST_INSIDE: Spot = (121.245, 28.5)


def lives(*rows: tuple[float, float, Spot]) -> Spot:
    """Return the home of one phone; hours of the day by the sun, which is eight hours ahead here."""
    starts = [BEGIN + round((row[0] - 8.08) * HOUR) for row in rows]
    ends = [BEGIN + round((row[1] - 8.08) * HOUR) for row in rows]
    lon, lat = ([row[2][axis] for row in rows] for axis in (0, 1))
    found = homes(tracks_of([b"1" * 16], [0] * len(rows), starts, ends, lon, lat))
    return float(found[0][0]), float(found[1][0])


def test_home_is_where_most_of_the_night_is_spent() -> None:
    assert lives((7, 21, AWAY), (21, 31, FAR)) == FAR
    assert lives((0, 22, AWAY), (22, 30, FAR), (30, 46, AWAY)) == FAR
    assert lives((22, 24, AWAY), (24, 26, FAR), (26, 28, AWAY)) == AWAY


def test_who_has_no_night_lives_where_most_time_is_spent() -> None:
    assert lives((8, 10, AWAY), (10, 20, FAR)) == FAR


def test_the_border_is_within_a_kilometre_inside_or_out_and_a_town_has_towers() -> None:
    spots = [BESIDE, JUST_INSIDE, INSIDE, NEAR, FAR]
    rows = range(len(spots))
    phones = [bytes([row]) * 16 for row in rows]
    lon, lat = ([spot[axis] for spot in spots] for axis in (0, 1))
    tracks = tracks_of(phones, list(rows), [0] * len(spots), [86_400] * len(spots), lon, lat)
    world = world_of(Policy(), [AREA], [])
    twenty = [(FAR[0] + number * 0.001, FAR[1]) for number in range(20)]
    assert strata(tracks, world, twenty) == ["border", "border", "country", "country", "town"]
    assert strata(tracks, world, twenty[1:])[-1] == "country"
    assert strata(tracks, world, [])[-1] == "country"
