"""Rule 10.4: a person's entry is from their community's own list, versioned, erasable; visitors have none."""

from __future__ import annotations

import random
from dataclasses import replace

from streams.people.register import Community, Register, Resident

LI, WANG = b"\x01" + bytes(15), b"\x01" + bytes(14) + b"\x02"
SQUARE = ((((121.0, 28.0), (122.0, 28.0), (122.0, 29.0), (121.0, 28.0)),),)
LANE = Community("lane-7", 1, "Lane 7", "county-1", SQUARE, ("office-1",))
ENTRY = Resident(LI, 1, "lane-7", "60-69", 512, 613363266007072767)


def test_a_person_is_where_their_communitys_list_says() -> None:
    register = Register()
    assert register.enter(LANE)
    assert register.enter(ENTRY)
    assert register.community_of(LI) == LANE


def test_a_visitor_has_no_entry() -> None:
    register = Register(communities={"lane-7": LANE})
    assert register.community_of(WANG) is None


def test_the_highest_version_stands_whatever_the_order_of_arrival() -> None:
    versions = [replace(ENTRY, version=n, age_band=f"{n}") for n in range(1, 6)] * 2
    random.Random(3).shuffle(versions)
    register = Register()
    for one in versions:
        register.enter(one)
    assert register.residents == {LI: replace(ENTRY, version=5, age_band="5")}
    assert not register.enter(replace(ENTRY, version=5, age_band="other"))


def test_an_erased_entry_leaves_nothing_and_may_be_made_anew() -> None:
    register = Register(communities={"lane-7": LANE})
    register.enter(replace(ENTRY, version=9))
    register.erase(LI)
    assert register.community_of(LI) is None
    assert register.enter(ENTRY)
    assert register.community_of(LI) == LANE


def test_a_withdrawn_community_has_nobody() -> None:
    register = Register()
    register.enter(ENTRY)
    register.enter(replace(LANE, version=2, withdrawn=True))
    assert register.community_of(LI) is None


def test_a_community_has_the_offices_it_names_else_one_called_as_it_is_and_none_once_withdrawn() -> None:
    register = Register()
    assert register.offices_in("lane-7") == ("lane-7",)
    register.enter(LANE)
    assert register.offices_in("lane-7") == ("office-1",)
    register.enter(replace(LANE, version=2, offices=()))
    assert register.offices_in("lane-7") == ("lane-7",)
    register.enter(replace(LANE, version=3, withdrawn=True))
    assert register.offices_in("lane-7") == ()
