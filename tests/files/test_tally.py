"""The summary's counts are those of the changes, counted one by one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from streams.domain.records import TimeAdvanced
from streams.files.tally import Tally
from streams.window.changes import Changes, Outcome
from tests.properties.seeds import patient
from tests.window.any_changes import changes
from tests.window.told import columns_of

if TYPE_CHECKING:
    from streams.domain.records import ColourChanged


@patient
@given(st.lists(st.lists(changes, max_size=4), max_size=3))
def test_changes_are_counted_by_colour_and_by_each_reason(made: list[list[ColourChanged]]) -> None:
    tally = Tally({})
    for some in made:
        tally.take(TimeAdvanced(0), Outcome(changes=Changes([columns_of(some[:2]), columns_of(some[2:])])))
    told = [change for some in made for change in some]
    assert tally.as_dict()["changes"] == {
        "total": len(told),
        "by_colour": Counter(change.colour for change in told),
        "by_reason": Counter(reason.code for change in told for reason in change.reasons),
    }
