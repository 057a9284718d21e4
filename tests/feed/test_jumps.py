"""Towers named as misplaced are those whose phones jump, not those the phones jump from (rule 3.2)."""

from __future__ import annotations

import random

from streams.domain.hexes import distance_m
from streams.feed import jumps
from streams.feed.jumps import Jumps
from tests.feed.town import NOON, QUARTER, RULES, TOWERS, WRONG, phone, walks

SLOT = NOON // QUARTER


def add(found: Jumps, number: int, slot: int, cell: str) -> None:
    found.add(phone(number), slot, cell, TOWERS[cell].placed(8, 5000)[0])


def test_the_tower_that_stands_elsewhere_is_named_alone_with_its_distance() -> None:
    found = Jumps(RULES)
    for who, cell, seen_ms in walks():
        found.add(who, seen_ms // QUARTER, cell, TOWERS[cell].placed(8, 5000)[0])
    [suspect] = found.misplaced()
    assert suspect.cell == WRONG
    assert suspect.jumps == suspect.moves == found.jumps
    middle = TOWERS["460-0-1-3"].placed(8, 5000)[0]
    assert abs(suspect.km - distance_m(middle, TOWERS[WRONG].placed(8, 5000)[0]) / 1000) < 10


def test_two_phones_of_one_number_do_not_make_towers_suspect() -> None:
    found = Jumps(RULES)
    for slot in range(100):
        add(found, 1, SLOT + slot, WRONG if slot % 2 else "460-0-1-1")
        add(found, 2, SLOT + slot, WRONG if slot % 2 else "460-0-1-1")
    assert found.jumps > 2 * jumps.LEAST
    assert found.misplaced() == []


def test_few_jumps_prove_nothing_and_journeys_that_take_their_time_are_none() -> None:
    found = Jumps(RULES)
    for number in range(jumps.LEAST - 1):
        add(found, number, SLOT, "460-0-1-1")
        add(found, number, SLOT + 1, WRONG)
    assert (found.jumps, found.misplaced()) == (jumps.LEAST - 1, [])
    for number in range(1000, 1100):
        add(found, number, SLOT, "460-0-1-1")
        add(found, number, SLOT + 5, WRONG)
    assert found.jumps == jumps.LEAST - 1


def test_a_tower_most_of_whose_moves_are_plausible_is_not_named() -> None:
    found = Jumps(RULES)
    for number in range(40):
        for slot, cell in enumerate(("460-0-1-1", "460-0-1-2", "460-0-1-1", "460-0-1-2", WRONG)):
            add(found, number, SLOT + slot, cell)
    assert [suspect.cell for suspect in found.misplaced()] == [WRONG]


def test_only_so_many_phones_are_remembered() -> None:
    rnd = random.Random(3)
    found = Jumps(RULES)
    for number in range(jumps.PHONES + 5000):
        add(found, number, SLOT, rnd.choice(list(TOWERS)))
    assert len(found._last) == jumps.PHONES  # noqa: SLF001


def test_a_tower_next_to_the_misplaced_one_is_not_named_for_its_neighbour() -> None:
    found = Jumps(RULES)
    for number in range(40):
        for slot, cell in enumerate(
            ("460-0-1-1", WRONG, "460-0-1-1", WRONG, "460-0-1-1", "460-0-1-2", "460-0-1-1")
        ):
            add(found, number, SLOT + slot, cell)
    assert [(suspect.cell, suspect.jumps, suspect.moves) for suspect in found.misplaced()] == [
        (WRONG, 160, 160)
    ]
