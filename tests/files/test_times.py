"""Times as files write them (interfaces, Files)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.files.times import FIRST, LAST, Times

NOON = 1580616000
"""2020-02-02T04:00:00Z."""


@pytest.mark.parametrize(
    "text",
    [
        "2020-02-02T04:00:00Z",
        "2020-02-02t04:00:00z",
        "2020-02-02 04:00:00Z",
        "2020-02-02T04:00:00+00:00",
        "2020-02-02T04:00:00-00:00",
        "2020-02-02T12:00:00+08:00",
        "2020-02-01T16:30:00-11:30",
        "2020-02-02T04:00:00.999999999999Z",
        "2020-02-02 12:00:00.5+08:00",
    ],
)
def test_any_offset_is_read_and_a_fraction_is_cut_off(text: str) -> None:
    times = Times()
    assert [times(text), times(text)] == [NOON, NOON]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2020-02-02",
        "2020-02-02T04:00:00",
        "2020-02-02T04:00Z",
        "2020-02-02T04:00:00.Z",
        "2020-02-02T04:00:00,5Z",
        "2020-02-02T04:00:00+0800",
        "2020-02-02T04:00:00+08",
        "2020-02-02T04:00:00+24:00",
        "2020-02-02T04:00:00+08:60",
        "2020-02-02T04:00:00 Z",
        "2020-02-02T04:00:00Z ",
        " 2020-02-02T04:00:00Z",
        "2020-02-02  04:00:00Z",
        "2020-02-02_04:00:00Z",
        "2020-02-30T04:00:00Z",
        "2020-13-02T04:00:00Z",
        "2020-02-02T24:00:00Z",
        "2020-02-02T04:60:00Z",
        "2020-02-02T04:00:60Z",
        "2020-02-02T04:00:61Z",
        "0000-02-02T04:00:00Z",
        "20200202T040000Z",
        "1580616000",
        "\uff12020-02-02T04:00:00Z",
        "2020-02-02T04:00:00Z\n",
    ],
)
def test_what_is_no_time_with_an_offset_is_none(text: str) -> None:
    times = Times()
    times("2020-02-02T04:00:00Z")
    assert times(text) is None


def test_a_leap_second_is_the_first_of_the_next_day() -> None:
    times = Times()
    assert times("2016-12-31T23:59:60Z") == times("2017-01-01T00:00:00Z")
    assert times("2017-01-01T07:59:60+08:00") == times("2017-01-01T00:00:00Z")
    assert times("2016-12-30T23:59:60Z") is None


def test_an_offset_does_not_lead_past_the_years_that_can_be_printed() -> None:
    times = Times()
    assert times("0001-01-01T00:00:00Z") == FIRST
    assert times("9999-12-31T23:59:59Z") == LAST
    for text in ("0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"):
        assert [times(text), times(text)] == [None, None]
    assert times("9999-12-31T23:59:59+00:01") == LAST - 60
    assert times("9999-12-31T23:59:59-00:01") is None


@given(st.datetimes(timezones=st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m)))))
def test_every_time_is_read_as_the_standard_library_reads_it(moment: datetime) -> None:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    whole = moment.replace(microsecond=0)
    expected = (whole - epoch) // timedelta(seconds=1)
    times = Times()
    for _ in range(2):
        found = times(whole.isoformat())
        assert found == (expected if FIRST <= expected <= LAST else None)
