"""Rule 17.3 attacked: what the published series tells somebody who has nothing else, and who knows a move.

Small worlds are counted out whole: all true counts there can be, and which of them look the same. What looks
the same cannot be told apart, whatever is known of the method. What is found here is what docs/disclosure.md
says can still be bound.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.columns.hex_counts import HexTotals
from streams.people.disclosure import HexCount, K, released
from tests.people.counted import partial_of

if TYPE_CHECKING:
    from collections.abc import Iterable

SLOTS: Final = 3
MOST: Final = 2 * K
"""Phones in a cell of a small world, at most: two crossings."""
CROSSINGS: Final = (K, 2 * K)
Series = tuple[HexCount, ...]


@cache
def published(world: tuple[tuple[int, ...], ...]) -> Series:
    """Return what is published of cells' green phones, by cell and slot."""
    totals, found = HexTotals(1), list[HexCount]()
    for slot, counts in enumerate(zip(*world, strict=True)):
        green = {cell: (0, 0, count, 0) for cell, count in enumerate(counts, 1)}
        found += totals.take(partial_of(0, slot, green), slot)
    return tuple(found)


def alike(worlds: Iterable[tuple[tuple[int, ...], ...]]) -> list[list[tuple[int, ...]]]:
    """Return the worlds that look the same, each as its counts in one row."""
    found = defaultdict[Series, list[tuple[int, ...]]](list)
    for world in worlds:
        found[published(world)].append(tuple(count for cell in world for count in cell))
    return list(found.values())


def bands(row: tuple[int, ...]) -> list[range]:
    return [range(count - count % K, min(count - count % K + K, MOST + 1)) for count in row]


def test_a_cells_series_tells_the_band_of_each_count_and_nothing_beyond() -> None:
    worlds = (((row),) for row in product(range(MOST + 1), repeat=SLOTS))
    classes = alike(worlds)
    assert len(classes) == 3**SLOTS
    for rows in classes:
        assert set(rows) == set(product(*bands(rows[0])))


def test_two_cells_tell_nothing_of_each_other() -> None:
    for rows in alike(((here,), (there,)) for here, there in product(range(MOST + 1), repeat=2)):
        assert set(rows) == set(product(*bands(rows[0])))


@given(
    st.lists(st.lists(st.integers(0, 60), min_size=2, max_size=2), min_size=1, max_size=5),
    st.lists(st.lists(st.integers(0, K - 1), min_size=2, max_size=2), min_size=5, max_size=5),
)
def test_worlds_within_the_same_bands_are_published_byte_for_byte_alike(
    truth: list[list[int]], others: list[list[int]]
) -> None:
    other = [[n - n % K + m for n, m in zip(*two, strict=True)] for two in zip(truth, others, strict=False)]
    one, another = (tuple(zip(*world, strict=True)) for world in (truth, other))
    assert published(one) == published(another)


def moved(known: int) -> dict[tuple[int, int], set[int]]:
    """Return by what is shown before and after what a cell may have held, if so many are known to have left.

    The one who knows of them knows that nobody else came or went.
    """
    found = defaultdict[tuple[int, int], set[int]](set)
    for before in range(known, MOST + 1):
        shown = (released(before) or 0, released(before - known) or 0)
        found[shown].add(before)
    return found


def test_a_single_known_move_tells_the_count_where_it_crosses_and_rules_one_out_where_not() -> None:
    found = moved(1)
    assert found[K, 0] == {K}
    assert found[2 * K, K] == {2 * K}
    assert found[K, K] == set(range(K + 1, 2 * K))
    assert found[0, 0] == set(range(1, K))


@pytest.mark.parametrize("known", [1, 2, 5, 14])
def test_so_many_known_moves_at_once_leave_as_many_counts_where_they_cross(known: int) -> None:
    found = moved(known)
    assert len(found[K, 0]) == known
    assert len(found[K, K]) == K - known


def test_a_known_move_across_tells_nothing_of_other_cells_and_other_times() -> None:
    """One phone is known to have gone from here to there between two slots, nobody else moved."""
    classes = defaultdict[Series, set[tuple[int, int]]](set)
    for here, there in product(range(1, MOST + 1), range(MOST)):
        classes[published(((here, here - 1), (there, there + 1)))].add((here, there))
    for rows in classes.values():
        ours, theirs = ({row[n] for row in rows} for n in range(2))
        assert rows == set(product(ours, theirs))
        assert {len(ours), len(theirs)} <= {1, K - 1}
    assert sum(len(rows) == 1 for rows in classes.values()) == len(CROSSINGS) ** 2


def test_whoever_brings_fourteen_phones_of_their_own_can_measure_a_cell() -> None:
    """What rounding cannot hide: their own phones come one by one until the count crosses."""
    for strangers in range(K):
        shown = [released(strangers + own) for own in range(K)]
        needed = next((own for own, count in enumerate(shown) if count is not None), K)
        assert strangers == K - needed
