"""Rule 10.2: what goes with a person ends by its time, an area, a policy or an appeal, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from streams.domain.policy import Policy
from streams.domain.records import AreaVersion, Exclusion, Reason
from streams.people.bindings import Holder
from streams.people.inheritance import Kept
from streams.people.keeping import standing

DAY = 86_400
NOW = 20 * DAY
SINCE, UNTIL = 10 * DAY, 10 * DAY + 18_000
SQUARE = ((((121.0, 28.0), (122.0, 28.0), (122.0, 29.0), (121.0, 28.0)),),)
MARKET = AreaVersion("market", 1, SQUARE, 0)
STAY = Reason("STAYED", "market", 1, SINCE, UNTIL, 285)
KEPT = Kept(Holder(frozenset({bytes(16)})), STAY, 24 * DAY)
PASSED = replace(STAY, code="PASSED_THROUGH", dwell_minutes=0)


def after(
    kept: Kept = KEPT,
    area: AreaVersion | None = MARKET,
    time: int = NOW,
    struck: Exclusion | None = None,
    **policy: int,
) -> str | None:
    areas = {} if area is None else {area.id: area}
    found = standing(kept, areas, Policy(**policy), [] if struck is None else [struck], time)  # type: ignore[arg-type]
    return None if found is None else found.code


def test_it_is_kept_until_the_time_that_was_known() -> None:
    assert after(time=24 * DAY - 1) == "STAYED"
    assert after(time=24 * DAY) is None


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        (replace(MARKET, version=2), "STAYED"),
        (replace(MARKET, version=2, withdrawn=True), None),
        (replace(MARKET, version=2, until=SINCE), None),
        (replace(MARKET, version=2, until=SINCE + 1), "STAYED"),
        (replace(MARKET, version=2, from_=UNTIL), None),
        (None, None),
    ],
)
def test_an_area_withdrawn_or_moved_in_time_ends_it(area: AreaVersion | None, expected: str | None) -> None:
    assert after(area=area) == expected


def test_a_shorter_window_ends_it_when_the_visit_has_left_it() -> None:
    left = UNTIL - 900 + 7 * DAY
    assert after(time=left - 1, window_days=7) == "STAYED"
    assert after(time=left, window_days=7) is None


def test_a_policy_that_asks_for_a_longer_stay_makes_it_milder() -> None:
    assert after(stay_minutes=285) == "STAYED"
    assert after(stay_minutes=300) == "PASSED_THROUGH"
    assert after(replace(KEPT, reason=replace(STAY, code="NEAR_BOUNDARY")), stay_minutes=300) is None
    assert after(replace(KEPT, reason=PASSED), stay_minutes=300) == "PASSED_THROUGH"


def test_an_upheld_appeal_that_strikes_out_the_visit_ends_it() -> None:
    struck = Exclusion("appeal-1", 1, bytes(16), None, NOW, SINCE, UNTIL)
    assert after(struck=struck) is None
    assert after(struck=replace(struck, from_=None, until=None)) is None
    assert after(struck=replace(struck, withdrawn=True)) == "STAYED"
    assert after(struck=replace(struck, until=UNTIL - 900)) == "STAYED"


def test_having_come_lately_ends_with_the_jurisdiction() -> None:
    arrived = replace(KEPT, reason=Reason("RECENT_ARRIVAL"))
    assert after(arrived) is None
    found = standing(arrived, {}, Policy(jurisdiction=SQUARE), [], NOW)
    assert found == Reason("RECENT_ARRIVAL")
