"""Rule 12.3: a gate finds what its community orders now, whatever order the versions came in."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from streams.people.order_book import OrderBook
from streams.people.orders import Order, in_force, unsound
from tests.people import persons
from tests.people.persons import DAY, NOW

BY = ("Wang", "Li")
MARKET = Order(
    "market", 1, "lane-7", "street office", BY, "a crowd", NOW - DAY, NOW + DAY, {"green": "register"}
)


def book(*orders: Order) -> OrderBook:
    made = OrderBook()
    for one in orders:
        made.enter(one)
    return made


def test_a_gate_finds_its_communitys_orders_and_no_others() -> None:
    school = replace(MARKET, id="school", community="lane-8")
    found = book(MARKET, school)
    assert found.of("lane-7", NOW) == (MARKET,)
    assert found.of("lane-8", NOW) == (school,)
    assert found.of("lane-9", NOW) == ()


def test_an_order_holds_from_its_beginning_to_its_end_and_goes_by_itself() -> None:
    found = book(MARKET)
    times = (MARKET.from_ - 1, MARKET.from_, MARKET.until - 1, MARKET.until)
    assert [len(found.of("lane-7", time)) for time in times] == [0, 1, 1, 0]


def test_an_order_that_was_taken_back_stays_so_though_its_first_version_comes_again() -> None:
    found = book(replace(MARKET, version=2, withdrawn=True), MARKET)
    assert found.of("lane-7", NOW) == ()
    assert found.enter(replace(MARKET, version=3))


def test_an_order_that_moves_to_another_community_leaves_the_first() -> None:
    found = book(MARKET, replace(MARKET, version=2, community="lane-8"))
    assert (len(found.of("lane-7", NOW)), len(found.of("lane-8", NOW))) == (0, 1)


def test_what_nobody_may_order_stands_in_nobodys_place() -> None:
    worse = (
        replace(MARKET, version=2, table={"green": "hold"}),
        replace(MARKET, version=2, names=("Wang",)),
        replace(MARKET, version=2, until=MARKET.from_),
    )
    assert book(MARKET, *worse).of("lane-7", NOW) == (MARKET,)


def test_an_erased_order_is_gone_and_may_come_again() -> None:
    found = book(replace(MARKET, version=9))
    found.erase("market")
    assert found.of("lane-7", NOW) == ()
    assert found.enter(MARKET)


@given(st.lists(persons.orders, max_size=8), st.data())
def test_the_order_and_repetition_of_versions_change_nothing(
    orders: list[Order], data: st.DataObject
) -> None:
    once = list({(one.id, one.version): one for one in orders}.values())
    shuffled = data.draw(st.permutations([*once, *once]))
    expected = in_force([one for one in once if unsound(one) is None], NOW)
    assert book(*shuffled).of("c-1", NOW) == expected
