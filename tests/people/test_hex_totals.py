"""Exact counts of partitions added up: whatever their order, wherever it is stopped (rule 17.3)."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

from hypothesis import given
from hypothesis import strategies as st

from streams.columns.hex_counts import DAY, HexTotals
from streams.people.disclosure import HexCount, released
from tests.people.counted import partial_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.columns.hex_counts import HexPartial

COLOURS: Final = ("red", "yellow", "green", "unknown")
HEXES: Final = (7, 8, 9)
PARTITIONS: Final = 3
EARLY: Final = -1

Counts = dict[int, tuple[int, ...]]
History = list[list[tuple[int, Counts]]]
"""By partition: times, ascending, and the counts that it has told of then."""


def a_history(random: Random) -> History:
    """Each partition tells of some times, of all at the last; counts wander about multiples of k."""
    last = random.randint(0, 6)
    found: History = []
    for _ in range(PARTITIONS):
        times = sorted({*random.sample(range(last + 1), random.randint(0, last)), last})
        found.append([(at, counts(random)) for at in times])
    return found


def counts(random: Random) -> Counts:
    some = random.sample(HEXES, random.randint(0, len(HEXES)))
    return {cell: tuple(random.choice([0, 0, 1, 4, 5, 14, 15, 30]) for _ in COLOURS) for cell in some}


def partials(random: Random, partition: int, at: int, found: Counts) -> list[HexPartial]:
    """Return the counts of a time, sometimes in more than one record."""
    cells = sorted(found)
    cut = random.randint(0, len(cells)) if random.random() < 0.5 else len(cells)
    parts = [cells[:cut], cells[cut:]] if cut < len(cells) else [cells]
    return [
        partial_of(partition, at, {cell: found[cell] for cell in part}, more=part is not parts[-1])
        for part in parts
    ]


def mixed(random: Random, history: History) -> list[HexPartial]:
    """Return all partials in one order of many: each partition's own is kept."""
    due = [
        [one for at, found in told for one in partials(random, partition, at, found)]
        for partition, told in enumerate(history)
    ]
    found = []
    while any(due):
        found.append(random.choice([some for some in due if some]).pop(0))
    return found


def expected(history: History) -> list[HexCount]:
    """Return what is to be told, worked out anew at each time of which all have told."""
    begun = max(told[0][0] for told in history)
    times = sorted({at for told in history for at, _ in told if at >= begun})
    shown: dict[int, tuple[int | None, ...]] = {}
    found = []
    for at in times:
        standing = [[there for when, there in told if when <= at][-1] for told in history]
        for cell in HEXES:
            total = [sum(one.get(cell, (0, 0, 0, 0))[n] for one in standing) for n in range(len(COLOURS))]
            now = tuple(map(released, total))
            if now != shown.get(cell, (None,) * len(COLOURS)):
                shown[cell] = now
                found.append(HexCount(cell, at, *map(released, total)))
    return found


def told(totals: HexTotals, given: Iterable[tuple[int, HexPartial]]) -> list[HexCount]:
    return [one for offset, partial in given for one in totals.take(partial, offset)]


def standing(found: Sequence[HexCount]) -> list[HexCount]:
    """Return what a compacted topic holds of it."""
    return list({one.hex: one for one in found}.values())


@given(st.integers(0, 2**62))
def test_what_is_told_is_the_released_sum_of_each_time_whatever_the_order(seed: int) -> None:
    random = Random(seed)
    history = a_history(random)
    assert told(HexTotals(PARTITIONS), enumerate(mixed(random, history))) == expected(history)


@given(st.integers(0, 2**62))
def test_stopped_anywhere_its_successor_tells_the_rest_and_nothing_twice(seed: int) -> None:
    random = Random(seed)
    history = a_history(random)
    given_ = list(enumerate(mixed(random, history)))
    totals, found, behind = HexTotals(PARTITIONS), list[HexCount](), 0
    for stop in sorted(random.sample(range(len(given_) + 1), random.randint(1, min(3, len(given_) + 1)))):
        found += told(totals, [one for one in given_ if behind <= one[0] < stop])
        needed = stop if totals.needed is None else totals.needed
        totals, behind = HexTotals(PARTITIONS, totals.reached, standing(found)), needed
    found += told(totals, [one for one in given_ if one[0] >= behind])
    assert found == expected(history)


def test_a_hex_that_is_shown_and_empty_when_a_successor_begins_is_told_of() -> None:
    full = partial_of(0, 1, {7: (15, 0, 0, 0)})
    first = HexTotals(1)
    shown = first.take(full, 0)
    second = HexTotals(1, first.reached, shown)
    assert second.take(full, 0) == []
    assert second.take(partial_of(0, 2, {}), 1) == [HexCount(7, 2, None, None, None, None)]


def test_while_one_partition_lags_no_more_is_kept_of_the_others_than_their_topic_keeps() -> None:
    totals, hour = HexTotals(2), DAY // 24
    assert totals.take(partial_of(1, 0, {}), 0, 0) == []
    for number in range(1, 100):
        assert totals.take(partial_of(0, number, {7: (number, 0, 0, 0)}), number, number * hour) == []
        # A successor reads no further back than the topic goes; the one that lags it needs in any case.
        assert totals.needed == 0
        assert totals.kept <= 26
    late = 99 * hour
    assert totals.take(partial_of(1, 74, {7: (30, 0, 0, 0)}), 100, late) == []
    assert totals.needed == 75
    told_ = totals.take(partial_of(1, 99, {7: (30, 0, 0, 0)}), 101, late)
    assert [(one.at, one.red) for one in told_] == [(75, 105), (90, 120)]
