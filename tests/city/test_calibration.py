"""The simulator's figures lie where the literature's do; sources and definitions: docs/simulation.md."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise
from statistics import fmean, median
from typing import TYPE_CHECKING

import pytest

from tests.city.conftest import DAYS

if TYPE_CHECKING:
    from tests.city.reading import Files, Sight


@pytest.fixture(scope="module")
def ordinary(written: Files, kinds: dict[str, str]) -> dict[str, list[Sight]]:
    silent = ("cloned", "off", "new")
    return {phone: sights for phone, sights in written.seen.items() if kinds[phone] not in silent}


def test_sightings_a_day_lie_between_call_records_and_flow_records(
    ordinary: dict[str, list[Sight]],
) -> None:
    a_day = [len(sights) / DAYS for sights in ordinary.values()]
    assert 12 < fmean(a_day) < 192
    assert 10 < median(a_day) < fmean(a_day)


def test_people_keep_within_a_few_kilometres_and_some_go_far(
    written: Files, ordinary: dict[str, list[Sight]]
) -> None:
    radii = sorted(_radius(written, sights) for sights in ordinary.values())
    assert 2 < median(radii) < 8
    assert radii[int(len(radii) * 0.95)] > 3 * median(radii)


def test_most_sightings_are_of_two_towers(ordinary: dict[str, list[Sight]]) -> None:
    shares = []
    for sights in ordinary.values():
        often = Counter(sight.cell for sight in sights).most_common(2)
        shares.append(sum(count for _, count in often) / len(sights))
    assert 0.55 < fmean(shares) < 0.85


def test_the_tower_that_serves_is_often_not_the_nearest(
    written: Files, ordinary: dict[str, list[Sight]]
) -> None:
    looked_at = [
        _is_nearest(written, phone, sight) for phone, sights in ordinary.items() for sight in sights[::40]
    ]
    assert 0.5 < 1 - fmean(looked_at) < 0.7


def test_most_changes_of_tower_are_flaps_of_phones_that_stay_where_they_are(
    written: Files, ordinary: dict[str, list[Sight]]
) -> None:
    at_rest = [
        written.was(phone, one.at) == written.was(phone, then.at)
        for phone, sights in ordinary.items()
        for one, then in pairwise(sights)
        if one.cell != then.cell
    ]
    assert 0.5 < fmean(at_rest) < 0.8


def _radius(written: Files, sights: list[Sight]) -> float:
    """Return the radius of gyration in kilometres: the root mean square distance from the mean."""
    towers = [written.towers[sight.cell] for sight in sights]
    scale = 111.2 * math.cos(math.radians(towers[0].lat))
    points = [(tower.lon * scale, tower.lat * 111.2) for tower in towers]
    x, y = (fmean(axis) for axis in zip(*points, strict=True))
    return math.sqrt(fmean((a - x) ** 2 + (b - y) ** 2 for a, b in points))


def _is_nearest(written: Files, phone: str, sight: Sight) -> bool:
    spell = written.was(phone, sight.at)
    net = written.towers[sight.cell].net
    own = (cell for cell, tower in written.towers.items() if tower.net == net)
    scale = math.cos(math.radians(spell.lat))

    def away(cell: str) -> float:
        tower = written.towers[cell]
        return math.hypot((tower.lon - spell.lon) * scale, tower.lat - spell.lat)

    return min(own, key=away) == sight.cell
