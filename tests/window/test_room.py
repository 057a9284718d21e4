"""The window beyond the room it begins with: more phones, sightings, days and changes."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import h3.api.basic_int as h3
import numpy as np

from streams.domain.fold import Fold
from streams.domain.policy import Deployment, Policy
from streams.domain.records import AreaPublished, AreaVersion, PolicyPublished, Sightings, TimeAdvanced
from streams.window.assessing import PAIRS, ROWS
from streams.window.growing import FIRST, Growing
from streams.window.panes import Diaries
from streams.window.shapes import BITS, Panes
from streams.window.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.domain.records import ColourChanged, Record

START = 1_580_515_200
SLOT = 900
HERE = h3.latlng_to_cell(28.6, 121.2, 8)
RING = ((121.1, 28.5), (121.3, 28.5), (121.3, 28.7), (121.1, 28.7), (121.1, 28.5))
AREA = AreaVersion("market", 1, ((RING,),), START)


def both(records: Iterable[Record], deployment: Deployment | None = None) -> list[ColourChanged]:
    """Return the changes, which the window and the fold agree on after every record."""
    deployment = deployment or Deployment()
    window, fold = Window(deployment, Policy()), Fold(deployment, Policy())
    found: list[ColourChanged] = []
    for offset, record in enumerate(records):
        outcome = window.apply(record, offset)
        assert outcome == fold.apply(record, offset)
        found += outcome.changes
    return found


def seen(clock: int, rows: list[tuple[bytes, int, int]]) -> Sightings:
    phones, cells, slots = zip(*rows, strict=True)
    return Sightings(clock, phones, cells, slots, [False] * len(rows))


def test_more_phones_change_at_once_than_there_are_rows_to_write_them_in() -> None:
    random = Random(1)
    phones = [random.randbytes(16) for _ in range(ROWS + 500)]
    slot = START // SLOT
    records: list[Record] = [
        seen(START, [(phone, HERE, slot) for phone in phones]),
        AreaPublished(START, AREA),
    ]
    changes = both(records)
    assert [change.phone for change in changes] == sorted(phones) * 2


def test_a_phone_of_more_sightings_than_there_is_room_for_is_judged_all_the_same() -> None:
    cells = sorted(h3.grid_disk(HERE, 20))[: PAIRS // 96 + 9]
    slot = START // SLOT
    day = [seen((slot + i) * SLOT, [(bytes(16), cell, slot + i) for cell in cells]) for i in range(96)]
    changes = both([AreaPublished(START, AREA), *day])
    assert changes[-1].colour == "red"


def test_blocks_of_days_no_longer_kept_are_used_again() -> None:
    random = Random(2)
    phones = [random.randbytes(16) for _ in range(300)]
    cells = sorted(h3.grid_disk(HERE, 20))
    records: list[Record] = []
    for day in range(40):
        clock = START + day * 86_400
        rows = [
            (random.choice(phones), random.choice(cells), clock // SLOT - random.randint(0, 90))
            for _ in range(900)
        ]
        records += [seen(clock, rows), TimeAdvanced(clock + random.choice([0, 50_000]))]
    deployment = Deployment(retention_days=2)
    both(
        [AreaPublished(START, AREA), PolicyPublished(START, 1, {"window_days": 2, "min_days": 1}), *records],
        deployment,
    )
    window = Window(deployment, Policy(window_days=2, min_days=1))
    taken = []
    for offset, record in enumerate(records):
        window.apply(record, offset)
        taken.append(window.nbytes())
    assert taken[-1] == taken[len(taken) // 4]


def test_a_jump_of_years_empties_every_day() -> None:
    far = START + 3000 * 86_400
    rows = [(bytes(16), HERE, START // SLOT)]
    later = [(bytes(16), HERE, far // SLOT)]
    both([seen(START, rows), TimeAdvanced(far), seen(far, later), TimeAdvanced(far + 86_400)])


def test_columns_keep_what_they_hold_when_they_grow_whoever_looks_at_them() -> None:
    columns = Growing(Panes, dict.fromkeys(Panes._fields, (np.int32, 0)))
    columns.view.block[:] = np.arange(FIRST)
    held = columns.view
    columns.reserve(FIRST * 3)
    assert columns.view.block[:FIRST].tolist() == list(range(FIRST))
    assert not columns.view.block[FIRST:].any()
    held.block[0] = 7
    assert columns.view.block[0] == 0
    del held
    columns.reserve(FIRST * 9)
    assert columns.view.block[:FIRST].tolist() == list(range(FIRST))


def test_a_slot_of_five_minutes_has_its_bit() -> None:
    assert Diaries(4, 288).entries.rows.shape[1] - BITS == 9
