"""A phone at very many places a day: found by a table, folded as any other."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

import h3.api.basic_int as h3
import pytest

from streams.domain.fold import Fold
from streams.domain.policy import Deployment, Policy
from streams.domain.records import AreaPublished, AreaVersion, Sightings
from streams.window.crowded import DAYS, FIRST, TAKEN, WALKED, WANTED, emptied, forget, reserved
from streams.window.loading import Loading
from streams.window.saving import Saver
from streams.window.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.domain.records import Record

START: Final = 1_580_515_200
SLOT: Final = 900
DAY: Final = 86_400
HERE: Final = h3.latlng_to_cell(28.6, 121.2, 8)
NEAR: Final = sorted(h3.grid_disk(HERE, 5))
FAR: Final = sorted(h3.grid_disk(h3.latlng_to_cell(30.6, 121.2, 8), 2))
RING: Final = ((121.19, 28.59), (121.21, 28.59), (121.21, 28.61), (121.19, 28.61), (121.19, 28.59))
DEPLOYMENT: Final = Deployment(retention_days=2)
POLICY: Final = Policy(window_days=2, min_days=1)


def wandering(random: Random, far: float) -> Iterator[Sightings]:
    """Yield four days of one phone, seen at random near by, sometimes late, now and then far away."""
    for clock in range(START, START + 4 * DAY, 4 * SLOT):
        slots = [clock // SLOT - random.choice([0, 0, 1, 2, 30]) for _ in range(12)]
        cells = [random.choice(FAR if random.random() < far else NEAR) for _ in slots]
        yield Sightings(clock, [bytes(16)] * 12, cells, slots, [False] * 12)


def reloaded(window: Window) -> Window:
    saver = Saver(window)
    loading = Loading(Window(DEPLOYMENT, POLICY), saver.account())
    for segment, kept in saver.packed(saver.rest()):
        loading.take(segment, kept)
    return loading.window()


@pytest.mark.parametrize("far", [0.0, 0.02], ids=["near", "far at times"])
@pytest.mark.parametrize("area", [True, False], ids=["an area", "none"])
def test_a_phone_at_a_hundred_places_a_day_is_folded_as_any_other(area: bool, far: float) -> None:  # noqa: FBT001 - a parameter
    window, fold = Window(DEPLOYMENT, POLICY), Fold(DEPLOYMENT, POLICY)
    records: list[Record] = list(wandering(Random(1), far))
    if area:
        records.insert(0, AreaPublished(START, AreaVersion("market", 1, ((RING,),), START)))
    crowded = 0
    for offset, record in enumerate(records):
        assert window.apply(record, offset) == fold.apply(record, offset)
        crowded = max(crowded, int(window.parts.diaries.crowded.count[DAYS]))
        if offset % 29 == 28:
            window = reloaded(window)
    assert crowded > 1


def test_the_table_grows_where_more_was_wanted_and_keeps_what_it_has_where_there_is_room() -> None:
    crowded = emptied(FIRST)
    crowded.table[5], crowded.count[TAKEN] = 7, 1
    assert reserved(crowded, FIRST // 2 - 1).table[5] == 7
    assert not reserved(crowded, FIRST // 2).table.any()
    crowded.count[WANTED] = FIRST
    grown = reserved(crowded, 1)
    assert len(grown.table) == 2 * FIRST
    assert len(grown.days) * WALKED * 2 > len(grown.table)
    assert not grown.count[[TAKEN, WANTED]].any()
    forget(crowded)
    assert not crowded.table.any()
