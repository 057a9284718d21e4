"""Rule 15.1: where somebody's nights are spent, by local clocks, and whose community that is."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from h3.api import basic_int as h3
from hypothesis import given
from hypothesis import strategies as st

from streams.domain.diary import mark_of
from streams.domain.polygons import holds
from streams.domain.records import Reason
from streams.people.addresses import Address, by_night
from streams.people.nights import NightsAsked, NightsSpent, asked, spent
from streams.people.register import Community, Register
from streams.people.vouched import HeldPhone, PersonPhone
from tests.people.gate_course import FIRST
from tests.scenarios import places

LI, PHONE = b"\x01" * 16, b"\x02" * 16
HOME, MARKET, BAR = (places.cell(name) for name in ("middle", "beyond", "100 km east"))
QUARTER = 900
QUESTION = NightsAsked(LI, PHONE, FIRST)
DIARY = dict[int, tuple[int, ...]]


def between(first: int, last: int, *cells: int, day: int = 0) -> DIARY:
    """Return the slots of a day from one hour (UTC) to another, seen in these cells."""
    begin = (FIRST + day * 86_400) // QUARTER
    marks = tuple(sorted(mark_of(cell, coarse=False) for cell in cells))
    return {begin + hour * 4 + quarter: marks for hour in range(first, last) for quarter in range(4)}


def answer(diary: DIARY, timezone: str = "Asia/Shanghai", question: NightsAsked = QUESTION) -> NightsSpent:
    return spent(question, diary, 15, timezone)


def test_a_night_is_from_22_to_6_by_the_deployments_clocks() -> None:
    # In Shanghai 14 to 22 o'clock UTC; in between somebody works elsewhere, and longer.
    diary = between(14, 22, HOME) | between(0, 14, MARKET) | between(22, 24, MARKET)
    assert answer(diary) == NightsSpent(LI, PHONE, HOME, 32)
    assert answer(diary, "UTC") == NightsSpent(LI, PHONE, MARKET, 32)


@pytest.mark.parametrize(("hour", "counts"), [(13, False), (14, True), (21, True), (22, False)])
def test_its_first_slot_is_22_oclock_and_its_last_ends_at_6(hour: int, counts: bool) -> None:  # noqa: FBT001 - pytest gives names
    assert (answer(between(hour, hour + 1, HOME)).hex == HOME) is counts


def test_the_hex_of_most_slots_counts_not_of_most_nights_or_sightings() -> None:
    diary = between(14, 20, HOME) | between(14, 16, MARKET, day=1) | between(14, 16, MARKET, day=2)
    coarse = {slot: (*marks, marks[0] | 1) for slot, marks in between(14, 16, MARKET, day=1).items()}
    assert answer(diary | coarse) == NightsSpent(LI, PHONE, HOME, 24)


def test_of_hexes_alike_the_one_seen_last_counts() -> None:
    assert answer(between(14, 16, MARKET) | between(14, 16, HOME, day=1)).hex == HOME
    assert answer(between(14, 16, HOME) | between(14, 16, MARKET, day=1)).hex == MARKET
    assert answer(between(14, 16, HOME, MARKET)).hex == min(HOME, MARKET)


def test_nights_before_the_person_had_the_phone_are_somebody_elses() -> None:
    since = replace(QUESTION, since=FIRST + 86_400)
    assert answer(between(14, 22, MARKET) | between(14, 15, HOME, day=1), question=since).hex == HOME
    assert answer(between(14, 22, MARKET), question=since) == NightsSpent(LI, PHONE, None, 0)


def test_days_alone_tell_nothing_about_nights() -> None:
    assert answer(between(0, 14, MARKET)) == NightsSpent(LI, PHONE, None, 0)
    assert answer({}) == NightsSpent(LI, PHONE, None, 0)


@given(st.randoms(use_true_random=False))
def test_the_order_of_the_diary_changes_nothing(random: object) -> None:
    diary = between(14, 16, HOME) | between(14, 16, MARKET, day=1) | between(14, 15, BAR, day=2)
    several = list(diary.items())
    random.shuffle(several)  # type: ignore[attr-defined]
    assert answer(dict(several)) == answer(diary)


def test_only_phones_that_are_held_and_no_lead_are_asked() -> None:
    held = HeldPhone(FIRST, None, (Reason("CLEAR"),), FIRST, lead=False)
    own = PersonPhone(LI, PHONE, held)
    by_hand = PersonPhone(LI, b"\x03" * 16, replace(held, lead=True))
    given_up = PersonPhone(LI, b"\x04" * 16, None)
    over = PersonPhone(LI, b"\x05" * 16, replace(held, until=FIRST + 60))
    assert asked(LI, [own, by_hand, given_up, over], FIRST + 60) == (NightsAsked(LI, PHONE, FIRST),)


def community(name: str, shape: str, county: str = "county-1") -> Community:
    return Community(name, 1, name, county, places.geometry(shape))


def found(cell: int, *several: Community) -> Address | None:
    return by_night(Register(communities={one.id: one for one in several}), cell, 9)


LANE = community("lane-7", "3 rings around middle")
YARD = community("yard", "a speck in outside")


def test_the_community_around_the_hex_is_found_and_a_small_one_by_its_middle() -> None:
    assert found(HOME, LANE, YARD) == Address("lane-7", "county-1", "nights", 9)
    assert found(places.cell("outside"), LANE, YARD) == Address("yard", "county-1", "nights", 9)


def test_of_several_in_one_hex_only_their_county_is_known_if_it_is_one() -> None:
    other = replace(YARD, id="other")
    assert found(places.cell("outside"), YARD, other) == Address(None, "county-1", "nights", 9)
    assert found(places.cell("outside"), YARD, replace(other, county="county-2")) is None


def test_where_no_community_is_none_is_found() -> None:
    assert found(BAR, LANE, YARD) is None
    assert found(HOME, replace(LANE, withdrawn=True), replace(YARD, geometry=())) is None


RINGED = places.geometry("3 rings around middle without 1 ring around middle")
FINE = 11


@cache
def cells_of_the_ring() -> frozenset[int]:
    (outer, *holes), *_ = RINGED
    around, *within = ([(y, x) for x, y in ring[:-1]] for ring in (outer, *holes))
    return frozenset(h3.polygon_to_cells(h3.LatLngPoly(around, *within), FINE))


@given(st.floats(116.35, 116.45), st.floats(39.86, 39.94))
def test_a_point_is_held_as_h3_holds_centres_of_cells(longitude: float, latitude: float) -> None:
    cell = h3.latlng_to_cell(latitude, longitude, FINE)
    y, x = h3.cell_to_latlng(cell)
    assert holds(RINGED, x, y) is (cell in cells_of_the_ring())


@pytest.mark.parametrize(
    ("longitude", "inside"), [(179.5, True), (-179.5, True), (178, False), (-178, False)]
)
def test_a_polygon_across_the_antimeridian_holds_both_sides(longitude: float, inside: bool) -> None:  # noqa: FBT001 - pytest gives names
    ring = ((179.0, -1.0), (-179.0, -1.0), (-179.0, 1.0), (179.0, 1.0), (179.0, -1.0))
    assert holds(((ring,),), longitude, 0.0) is inside
