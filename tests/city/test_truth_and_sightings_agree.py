"""The truth and an independent reading of the sightings agree."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from tests.city.conftest import DAYS, PHONES, START

if TYPE_CHECKING:
    from tests.city.reading import Files

DAY = 86_400
MIDNIGHT = START - 8 * 3600
REACH = 1.5
"""Ranges of a tower within which it may serve (docs/simulation.md)."""
PLANE = 1.02
"""What a plane instead of the sphere may be wrong by."""
PIECE = 300
FASTEST = 20.0
"""Metres a second."""


def test_every_tower_is_in_reach_of_where_the_truth_says_the_phone_was(
    written: Files, kinds: dict[str, str]
) -> None:
    looked_at = 0
    for phone, sights in written.seen.items():
        if kinds[phone] == "cloned":
            continue
        for at, cell in sights:
            spell = written.was(phone, at)
            moved = FASTEST * (spell.end - spell.start) / 2 if spell.end - spell.start <= PIECE + 1 else 0
            assert written.metres(spell, cell) <= REACH * written.towers[cell].range_m * PLANE + moved + 5
            looked_at += 1
    assert looked_at > 100 * PHONES


def test_a_sighting_of_a_small_tower_is_near_the_phone(written: Files, kinds: dict[str, str]) -> None:
    far = [
        written.metres(written.was(phone, at), cell)
        for phone, sights in written.seen.items()
        if kinds[phone] != "cloned"
        for at, cell in sights
        if written.towers[cell].range_m <= 5000
    ]
    far.sort()
    assert far[len(far) // 2] < 1000
    assert far[int(len(far) * 0.99)] < 5000


def test_the_truth_leaves_no_second_out_and_nobody_jumps(written: Files) -> None:
    assert len(written.truth) == PHONES
    for spells in written.truth.values():
        assert spells[0].start == MIDNIGHT
        assert spells[-1].end == MIDNIGHT + DAYS * DAY
        for one, next_one in pairwise(spells):
            assert one.end == next_one.start
    pieces = Counter(
        spell.end - spell.start <= 15 * 60 for spells in written.truth.values() for spell in spells
    )
    assert pieces[True] > pieces[False]


def test_a_trip_is_told_in_pieces_gone_at_a_speed_there_is(written: Files) -> None:
    from tests.city.reading import metres  # noqa: PLC0415 - only here

    for spells in written.truth.values():
        for one, then in pairwise(spells):
            if max(one.end - one.start, then.end - then.start) <= PIECE:
                between = (then.start + then.end - one.start - one.end) / 2
                assert metres(*one[2:], *then[2:]) <= FASTEST * between * PLANE + 50


def test_only_a_cloned_number_is_seen_far_from_where_it_was(written: Files, kinds: dict[str, str]) -> None:
    cloned = [phone for phone, kind in kinds.items() if kind == "cloned"]
    assert cloned
    for phone in cloned:
        away = [written.metres(written.was(phone, at), cell) > 500_000 for at, cell in written.seen[phone]]
        assert True in away
        assert False in away


def test_phones_that_are_off_or_not_yet_bought_are_not_seen_though_somebody_is_there(
    written: Files, kinds: dict[str, str]
) -> None:
    for phone, kind in kinds.items():
        if kind == "off":
            assert written.seen[phone][-1].at < MIDNIGHT + DAYS // 2 * DAY
        if kind == "new":
            assert written.seen[phone][0].at >= MIDNIGHT + (DAYS - 2) * DAY
    assert {"off", "new"} <= set(kinds.values())


def test_who_lives_at_the_border_flaps_across_it_without_moving(
    written: Files, kinds: dict[str, str]
) -> None:
    features = json.loads((written.folder / "areas.geojson").read_text())["features"]
    squares = [feature["geometry"]["coordinates"][0] for feature in features]

    def inside(cell: str) -> bool:
        tower = written.towers[cell]
        return any(
            ring[0][0] < tower.lon < ring[2][0] and ring[0][1] < tower.lat < ring[2][1] for ring in squares
        )

    flapping = []
    for phone in (phone for phone, kind in kinds.items() if kind == "border"):
        nightly = [cell for at, cell in written.seen[phone] if (at - MIDNIGHT) % DAY < 6 * 3600]
        flapping.append({inside(cell) for cell in nightly} == {True, False})
    assert sum(flapping) > 0.5 * len(flapping)


def test_the_feed_is_in_order_of_arrival_with_late_and_repeated_sightings(written: Files) -> None:
    repeated = len(written.rows) - len(set(written.rows))
    assert 0.005 < repeated / len(written.rows) < 0.02
    latest, late, behind = 0, 0, 0
    for _, (at, _) in written.rows:
        latest = max(latest, at)
        late += latest - at > 2.2 * 3600
        behind += at < latest
    assert 0.002 < late / len(written.rows) < 0.01
    assert behind > len(written.rows) / 4


def test_three_carriers_each_serve_their_own_phones(written: Files) -> None:
    nets = {phone: {written.towers[cell].net for _, cell in sights} for phone, sights in written.seen.items()}
    assert all(len(found) == 1 for found in nets.values())
    assert len(set.union(*nets.values())) == 3
