"""Phones seen on too few days (rule 5.5): judged once a new day may have come, and no later."""

from __future__ import annotations

from random import Random

import pytest

from streams.domain.fold import Fold
from streams.domain.policy import Deployment, Policy
from streams.domain.records import Record, Sightings
from streams.window.window import Window
from tests.properties.kept import Kept
from tests.properties.town import QUIET

PHONE = b"\1" * 16
DAY = 96
NOON = 1_585_353_600 // 900 + 5 * DAY + DAY // 2
"""Slots of 15 minutes; a noon in UTC."""


def seen(*slots: int, now: int = NOON) -> Record:
    many = len(slots)
    return Sightings(now * 900, [PHONE] * many, QUIET[:1] * many, list(slots), [False] * many)


@pytest.mark.parametrize(
    ("zone", "hours", "judged"),
    [
        ("UTC", 0, False),
        ("UTC", 11, False),
        ("UTC", 12, True),
        ("Asia/Shanghai", 3, False),
        ("Asia/Shanghai", 4, True),
        ("Pacific/Kiritimati", 12, False),
    ],
)
def test_it_is_judged_again_on_a_new_civil_day(zone: str, hours: int, judged: bool) -> None:  # noqa: FBT001 - a case
    window = Window(Deployment(), Policy(timezone=zone))
    window.apply(seen(NOON), 0)
    due = int(window.parts.book.phones.due[1])
    window.apply(seen(NOON + hours * 4 + 1, now=NOON + hours * 4 + 1), 1)
    assert (int(window.parts.book.phones.due[1]) > due) is judged


def test_a_loaded_window_knows_no_latest_slot_until_it_looked() -> None:
    deployment = Deployment(retention_days=5)
    policy = Policy(window_days=2, min_days=2, timezone="UTC")
    records = [seen(NOON), seen(NOON - 2 * DAY - 4), seen(NOON - 2 * DAY + 4)]
    fold, window = Fold(deployment, policy), Window(deployment, policy)
    kept = Kept(window)
    found = [window.apply(records[0], 0)]
    kept.complete()
    window = kept.loaded(Window(deployment, policy), Random(1))
    found += [window.apply(record, offset) for offset, record in enumerate(records[1:], 1)]
    assert found == [fold.apply(record, offset) for offset, record in enumerate(records)]
    assert [change.colour for outcome in found for change in outcome.changes] == ["unknown", "green"]
