"""The journal that files imply (interfaces, `shendeng replay`; rule 1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from streams.domain.records import Sightings, TimeAdvanced
from streams.files.controls import Control
from streams.files.journal import FULL, journal_of

if TYPE_CHECKING:
    from streams.domain.records import Record

SLOT = 900
PHONE = bytes(16)


def made(
    seen: list[int], controls: list[int] | None = None, until: int | None = None
) -> list[tuple[int, int]]:
    """Return each record's clock and number of sightings, 0 for a control, for times in minutes."""
    sightings = [(60 * minute, PHONE, 8, False) for minute in seen]
    times = [Control(60 * at, TimeAdvanced(60 * at)) for at in controls or []]
    records = journal_of(sightings, times, None if until is None else 60 * until, SLOT // 60)
    return [(record.clock // 60, _size(record)) for record in records]


def _size(record: Record) -> int:
    if not isinstance(record, Sightings):
        return 0
    columns = (record.phones, record.hexes, record.slots, record.coarse)
    assert len({len(column) for column in columns}) == 1
    assert all(slot * SLOT <= record.clock for slot in record.slots)
    return len(record.phones)


@pytest.mark.parametrize(
    ("sentence", "seen", "controls", "until", "expected"),
    [
        ("nothing gives nothing", [], [], None, []),
        ("one slot is one record, its clock the largest time", [1, 9, 4], [], None, [(9, 3)]),
        ("another slot begins another record", [1, 14, 15, 16], [], None, [(14, 2), (16, 2)]),
        ("a late sighting moves no slot", [20, 3, 21, 3, 30], [], None, [(21, 4), (30, 1)]),
        ("a slot may be jumped", [1, 100, 2], [], None, [(1, 1), (100, 2)]),
        ("a control ends the record before it", [1, 3, 5], [4], None, [(3, 2), (4, 0), (5, 1)]),
        ("a control at the next now stands before it", [1, 5], [5], None, [(1, 1), (5, 0), (5, 1)]),
        ("a control later than it waits", [1, 5, 6], [6], None, [(5, 2), (6, 0), (6, 1)]),
        ("a control before all sightings comes first", [10], [3], None, [(3, 0), (10, 1)]),
        ("a late sighting lets no control in", [5, 1, 2, 7], [6], None, [(5, 3), (6, 0), (7, 1)]),
        ("controls keep their order", [1, 9], [8, 2], None, [(1, 1), (8, 0), (8, 0), (9, 1)]),
        (
            "a control waits behind one still ahead",
            [1, 9, 11],
            [10, 2],
            None,
            [(9, 2), (10, 0), (10, 0), (11, 1)],
        ),
        ("controls left over follow", [1, 9], [8, 40, 30], None, [(1, 1), (8, 0), (9, 1), (40, 0), (40, 0)]),
        ("a control of the past keeps the clock", [], [8, 2], None, [(8, 0), (8, 0)]),
        ("a control in another slot ends one record only", [1, 16], [15], None, [(1, 1), (15, 0), (16, 1)]),
        ("until is a last record if later", [1], [], 99, [(1, 1), (99, 0)]),
        ("until at the clock is none", [1], [], 1, [(1, 1)]),
        ("until before a left control is none", [1], [50], 40, [(1, 1), (50, 0)]),
        ("until alone is a record", [], [], 7, [(7, 0)]),
        ("times before 1970 have slots too", [-20, -14, -1, 0], [], None, [(-20, 1), (-1, 2), (0, 1)]),
    ],
)
def test_grouping(
    sentence: str,
    seen: list[int],
    controls: list[int],
    until: int | None,
    expected: list[tuple[int, int]],
) -> None:
    assert made(seen, controls, until) == expected, sentence


def test_a_record_ends_at_ten_thousand_sightings_repeated_ones_counted() -> None:
    assert made([1] * (FULL + 1)) == [(1, FULL), (1, 1)]
    assert made([1] * FULL) == [(1, FULL)]
    assert made([1] * FULL + [2, 2]) == [(1, FULL), (2, 2)]
    assert made([1] * (FULL - 1) + [2, 3]) == [(2, FULL), (3, 1)]


def test_a_control_after_a_full_record_needs_no_empty_one() -> None:
    assert made([1] * FULL + [20], [18]) == [(1, FULL), (18, 0), (20, 1)]


def test_sightings_stand_in_file_order_with_their_own_slots() -> None:
    one, other = bytes(16), bytes(15) + b"\1"
    found = list(
        journal_of([(1000, one, 7, True), (10, other, 9, False), (1000, one, 7, True)], [], None, 15)
    )
    assert found == [Sightings(1000, [one, other, one], [7, 9, 7], [1, 0, 1], [True, False, True])]
