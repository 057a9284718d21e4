"""Phones counted by hex: the window counts what the fold does, at every hour, and after a checkpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.fold import Fold
from streams.domain.headcount import by_hex, every
from streams.domain.records import TimeAdvanced
from streams.domain.slots import slot_of, start_of
from streams.window.sets import COLOURS
from tests.properties.afterwards import afterwards
from tests.properties.histories import History, history
from tests.properties.kept import Kept, fresh
from tests.properties.newcomers import newcomers
from tests.properties.reach import chain
from tests.properties.residents import residents
from tests.properties.seeds import HISTORIES, PARTITION, hold, met, patient, seeded, seeds
from tests.properties.town import town

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable
    from random import Random

    from streams.window.headcount import HexSnapshot
    from streams.window.window import Window

Counts = dict[int, tuple[int, ...]]
MAKERS: Final = (history, chain, town, afterwards, residents, newcomers)


def counted(snapshot: HexSnapshot) -> Counts:
    return dict(zip(snapshot.hexes.tolist(), map(tuple, snapshot.phones.tolist()), strict=True))


def exact(fold: Fold) -> Counts:
    return {cell: tuple(found[colour] for colour in COLOURS) for cell, found in by_hex(fold).items()}


def counting(past: History) -> Window:
    window = fresh(past, PARTITION)
    window.counting.on = True
    return window


def as_the_fold_has_it(past: History, _: Random, tally: Counter[str]) -> None:
    """At each hour that the clock passes, the last snapshot is what the fold counts then."""
    window, fold = counting(past), Fold(past.deployment, past.policy, past.areas, PARTITION)
    standing: Counts = {}
    for offset, record in past.records:
        before, outcome = fold.clock, window.apply(record, offset)
        if outcome.refused is None:
            snapshots = {one.slot: counted(one) for one in outcome.counts}
            for slot in passed(before, record.clock, past.policy.slot_minutes):
                fold.apply(TimeAdvanced(start_of(slot, past.policy.slot_minutes)), None)
                standing = snapshots.pop(slot, standing)
                assert standing == exact(fold)
                tally["a hex of several phones"] += any(sum(one) > 1 for one in standing.values())
                tally["a hex of several colours"] += any(sum(map(bool, one)) > 1 for one in standing.values())
            assert snapshots == {}
        fold.apply(record, offset)


def passed(before: int | None, clock: int, length: int) -> range:
    """Return the slots that the clock passes and that are counted."""
    if before is None:
        return range(0)
    step = every(length)
    return range(-(-(slot_of(before, length) + 1) // step) * step, slot_of(clock, length) + 1, step)


def loaded_it_counts_on(past: History, random: Random, tally: Counter[str]) -> None:
    """A window that is saved and loaded on the way counts what the one that never stopped does.

    It may look at phones at other times, and so count more often, but at no slot it counts anything else.
    """
    windows = [counting(past), counting(past)]
    kept, standing = Kept(windows[1]), [Counts(), Counts()]
    for offset, record in past.records:
        before = windows[0].clock
        snapshots = [{one.slot: counted(one) for one in w.apply(record, offset).counts} for w in windows]
        for slot in passed(before, record.clock, past.policy.slot_minutes):
            standing = [new.get(slot, old) for new, old in zip(snapshots, standing, strict=True)]
            assert standing[0] == standing[1]
        if random.random() < 0.4:
            kept.complete()
            windows[1] = kept.loaded(fresh(past, PARTITION), random)
            windows[1].counting.on = True
            kept.follow(windows[1])
            tally["loaded"] += 1


def unasked_it_counts_nothing(past: History) -> Iterable[HexSnapshot]:
    window = fresh(past, PARTITION)
    return [one for offset, record in past.records for one in window.apply(record, offset).counts]


@settings(patient, max_examples=HISTORIES // 2)
@given(seeds, st.sampled_from(MAKERS))
def test_the_window_counts_what_the_fold_does(seed: int, made_from: Callable[[Random], History]) -> None:
    hold(as_the_fold_has_it, made_from(seeded(seed)), seed)


@settings(patient, max_examples=HISTORIES // 4)
@given(seeds, st.sampled_from(MAKERS))
def test_from_a_checkpoint_on_the_same_is_counted(seed: int, made_from: Callable[[Random], History]) -> None:
    hold(loaded_it_counts_on, made_from(seeded(seed)), seed)


def test_a_window_that_nobody_asks_counts_nothing() -> None:
    assert unasked_it_counts_nothing(town(seeded(1))) == []


@pytest.fixture(scope="module")
def occurred() -> Counter[str]:
    return met(as_the_fold_has_it, MAKERS, 100) + met(loaded_it_counts_on, MAKERS, 50)


@pytest.mark.parametrize("what", ["a hex of several phones", "a hex of several colours", "loaded"])
def test_histories_reach(what: str, occurred: Counter[str]) -> None:
    assert occurred[what] >= 5
