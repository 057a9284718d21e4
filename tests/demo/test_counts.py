"""The demo's own counting: days, how far the worker is, and whether the first colours are back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.city.journeys import DAY
from streams.cli.demo._folded import Folded
from streams.cli.demo._tally import Tally
from streams.cli.demo._windows import compared
from streams.domain.records import Sightings, TimeAdvanced
from tests.demo.changes import change

if TYPE_CHECKING:
    from streams.cli.demo._tally import Standing


def test_a_day_counts_what_took_effect_in_it_though_a_later_one_was_read_first() -> None:
    tally = Tally(1000)
    for one in (
        change(1, "unknown", at=1000),
        change(1, "red", "unknown", at=1000 + DAY),
        change(2, "green", at=1000 + DAY - 1),
        change(2, "yellow", "green", at=1000 + 2 * DAY),
    ):
        tally.take(one)
    assert +tally.at_end(0) == {"unknown": 1, "green": 1}
    assert +tally.at_end(1) == {"red": 1, "green": 1}
    assert +tally.at_end(2) == tally.now() == {"red": 1, "yellow": 1}
    assert [tally.day(day).changes for day in range(3)] == [2, 1, 1]
    assert list(tally.day(1).examples) == ["red"]


def test_what_is_folded_follows_the_position_whichever_is_read_first() -> None:
    folded = Folded(2)
    folded.position(0, 1)
    folded.journal(0, 0, Sightings(900, [b""], [1], [1], [False]))
    folded.journal(0, 1, TimeAdvanced(1800))
    assert (folded.sightings, folded.clocks[0], folded.behind()) == (1, 900, 0)
    assert not folded.through({0: 2})
    folded.position(0, 2)
    assert folded.through({0: 2})
    assert not folded.through({0: 2, 1: 1})
    folded.position(1, 1)
    assert not folded.through({1: 1}) or not folded.level(900)
    folded.journal(1, 0, TimeAdvanced(1801))
    assert folded.level(900)
    assert folded.behind() == 1800


ONE, TWO = (number.to_bytes(16, "big") for number in (1, 2))


def test_the_first_colours_are_back_when_no_phone_differs() -> None:
    stands: dict[bytes, Standing] = {ONE: ("red", frozenset({("STAYED", "market", 1)}))}
    told = compared(stands, dict(stands), [], set())
    assert "the first colours are back: all 1 phones" in told


def test_a_phone_that_differs_is_excused_by_another_cause_and_by_no_other_thing() -> None:
    before: dict[bytes, Standing] = {ONE: ("red", frozenset()), TWO: ("red", frozenset())}
    after: dict[bytes, Standing] = {ONE: ("green", frozenset()), TWO: ("green", frozenset())}
    meanwhile = [change(1, "green", place=(0, 5)), change(2, "green", place=(0, 7))]
    told = compared(before, after, meanwhile, {(0, 5)})
    assert told.splitlines() == [
        "    of 2 phones 0 stand as before, 2 do not:",
        "      1 had other causes meanwhile: sightings, time, or somebody else's publishing",
        "      1 had no other cause: rule 1.5 does not hold, please report it",
    ]
