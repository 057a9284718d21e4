"""Counts as they may be published, of people and of officials' acts (rule 17.3)."""

from __future__ import annotations

from collections import Counter
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.people.disclosure import K, Summed, percent, released, summed, together

OFFICES = ("north", "south", "east", "west")
weeks = st.lists(st.dictionaries(st.sampled_from(OFFICES), st.integers(0, 40)), max_size=8)


@pytest.mark.parametrize(
    ("count", "shown"), [(0, None), (1, None), (14, None), (15, 15), (29, 15), (30, 30), (1000, 990)]
)
def test_fewer_than_k_are_hidden_and_more_are_rounded_down(count: int, shown: int | None) -> None:
    assert released(count) == shown


@given(st.integers(0, 10**7), st.integers(1, 100))
def test_what_is_released_tells_a_band_of_k_and_no_more(count: int, k: int) -> None:
    shown = released(count, k)
    band = range(k) if shown is None else range(shown, shown + k)
    assert count in band
    assert {released(other, k) for other in band} == {shown}


def test_fewer_than_nobody_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="expected 0 or more, found -1"):
        released(-1)


@given(st.lists(st.integers(0, 100)))
def test_a_total_is_a_function_of_what_is_shown(counts: list[int]) -> None:
    shown = [released(count) for count in counts]
    total = together(shown)
    assert total % K == 0
    assert total <= sum(counts) < total + K * max(1, len(counts))


def test_shares_are_of_what_is_shown() -> None:
    assert percent(released(44), released(100)) == 33
    assert percent(released(14), released(100)) is None
    assert percent(released(30), None) is None


@given(weeks)
def test_no_sum_is_under_k_and_no_act_is_dropped_or_counted_twice(acts: list[dict[str, int]]) -> None:
    found = summed(acts)
    assert all(one.count >= K for one in found)
    covered = Counter(
        (office, week)
        for one in found
        for office, since in zip(one.offices, one.since, strict=True)
        for week in range(since, one.last + 1)
        if acts[week].get(office)
    )
    assert max(covered.values(), default=1) == 1
    assert sum(one.count for one in found) == sum(acts[week][office] for office, week in covered)
    waiting = sum(
        count for week, row in enumerate(acts) for office, count in row.items() if not covered[office, week]
    )
    assert waiting < K


@given(weeks)
def test_a_sum_once_published_stays_however_many_weeks_follow(acts: list[dict[str, int]]) -> None:
    whole = summed(acts)
    for some in accumulate([[row] for row in acts]):
        assert whole[: len(summed(some))] == summed(some)


def test_sums_name_their_offices_and_weeks() -> None:
    assert summed([{"north": 9}, {"south": 9}]) == (Summed(("north", "south"), (0, 1), 1, 18),)
