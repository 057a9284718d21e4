"""A window loaded from a checkpoint gives the same events as the one that never stopped."""

from __future__ import annotations

from pprint import pformat
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, note, settings
from hypothesis import strategies as st

from streams.window.packing import LASTING
from streams.window.shapes import LOST
from tests.properties.afterwards import afterwards
from tests.properties.histories import History, history
from tests.properties.kept import Kept, fresh
from tests.properties.newcomers import newcomers
from tests.properties.reach import chain
from tests.properties.residents import residents
from tests.properties.seeds import HISTORIES, PARTITION, patient, seeded, seeds
from tests.properties.smallest import smallest
from tests.properties.town import town

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from streams.window.changes import Outcome
    from streams.window.window import Window


def never_stopped(past: History) -> list[Outcome]:
    window = fresh(past, PARTITION)
    return [window.apply(record, offset) for offset, record in past.records]


def stopped(past: History, random: Random) -> list[Outcome]:
    """Save on the way, sometimes in parts between which records come; stop once or twice and load."""
    window = fresh(past, PARTITION)
    kept, found = Kept(window), []
    for offset, record in past.records:
        found.append(window.apply(record, offset))
        if random.random() < 0.4:
            kept.ahead()
        if random.random() < 0.3:
            kept.complete()
        if random.random() < 0.2:
            kept.complete()
            window = loaded(kept, past, random)
            kept.follow(window)
    return found


def loaded(kept: Kept, past: History, random: Random) -> Window:
    """Load, and hold that nothing of the state was lost or left to be saved again."""
    window = kept.loaded(fresh(past, PARTITION), random)
    assert not window.parts.book.phones.changed.any()
    assert not window.parts.diaries.panes.changed.any()
    return window


def differ(past: History, seed: int) -> bool:
    return never_stopped(past) != stopped(past, seeded(seed))


@settings(patient, max_examples=max(HISTORIES // 8, 1))
@given(seeds, st.sampled_from([history, chain, town, afterwards, residents, newcomers]))
def test_a_window_loaded_from_a_checkpoint_gives_the_events_of_one_that_never_stopped(
    seed: int, made_from: Callable[[Random], History]
) -> None:
    past = made_from(seeded(seed))
    if differ(past, seed):
        past = smallest(past, lambda smaller: differ(smaller, seed))
        note(pformat(past))
        assert stopped(past, seeded(seed)) == never_stopped(past)


@settings(patient, max_examples=max(HISTORIES // 16, 1))
@given(seeds)
def test_a_loaded_window_is_the_saved_one_to_the_last_column(seed: int) -> None:
    past = town(seeded(seed))
    window = fresh(past, PARTITION)
    kept = Kept(window)
    for offset, record in past.records:
        window.apply(record, offset)
        if offset is not None and offset % 7 == 0:
            kept.ahead()
        if offset is not None and offset % 11 == 0:
            kept.complete()
    kept.complete()
    again = loaded(kept, past, seeded(seed))
    one, other = window.parts, again.parts
    count = one.book.count + 1
    assert (again.clock, other.book.count, other.diaries.last) == (
        window.clock,
        one.book.count,
        one.diaries.last,
    )
    for column in ("sequence", "due"):
        mine, its = getattr(one.book.phones, column)[1:count], getattr(other.book.phones, column)[1:count]
        assert np.array_equal(mine, its), column
    mine, its = one.book.phones.hot[1:count].copy(), other.book.phones.hot[1:count].copy()
    assert (other.book.phones.seats["moved"][1:count] & LOST != 0).all()
    mine["flags"] &= LASTING
    its["flags"] &= LASTING
    assert np.array_equal(mine, its), "hot"
    assert one.atlas.named == other.atlas.named
    assert one.known.listed() == other.known.listed()
    assert np.array_equal(
        one.atlas.places.cell[: one.atlas.count + 1], other.atlas.places.cell[: one.atlas.count + 1]
    )
