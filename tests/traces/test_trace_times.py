"""Times as records write them: formats, zones, and the hours that clocks skip and repeat."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.codecs.times import text
from streams.traces.mapping import Clock, Hour
from streams.traces.times import Moments

LOCAL = "%Y-%m-%d %H:%M:%S"


def at(written: str, *formats: str, zone: str | None = None, hour: Hour = "first") -> str | None:
    seconds = Moments(Clock(formats, zone, hour))(written)
    return None if seconds is None else text(seconds)


@pytest.mark.parametrize(
    ("written", "form", "zone", "expected"),
    [
        ("2013-01-07 13:10:00", LOCAL, "Africa/Dakar", "2013-01-07T13:10:00Z"),
        ("2020-02-01 08:00:00", LOCAL, "Asia/Shanghai", "2020-02-01T00:00:00Z"),
        ("20140820 20:30:37", "%Y%m%d %H:%M:%S", "America/New_York", "2014-08-21T00:30:37Z"),
        ("1/2/14 9:05 PM", "%d/%m/%y %I:%M %p", "UTC", "2014-02-01T21:05:00Z"),
        ("2014/6/1 0:06", "%Y/%m/%d %H:%M", "Asia/Shanghai", "2014-05-31T16:06:00Z"),
        ("01-Feb-2020 08:00:00 +0800", "%d-%b-%Y %H:%M:%S %z", None, "2020-02-01T00:00:00Z"),
        ("2020-02-01T08:00:00.9+08:00", "rfc3339", None, "2020-02-01T00:00:00Z"),
        ("1580515200", "unix", None, "2020-02-01T00:00:00Z"),
        ("1580515200.75", "unix", None, "2020-02-01T00:00:00Z"),
        ("1580515200999", "unix-millis", None, "2020-02-01T00:00:00Z"),
        ("20200201080000", "%Y%m%d%H%M%S", "Asia/Shanghai", "2020-02-01T00:00:00Z"),
        ("2020-02-01 08:00:60", LOCAL, "Asia/Shanghai", None),
        ("2020-02-30 08:00:00", LOCAL, "Asia/Shanghai", None),
        ("2020-02-01 08:00", LOCAL, "Asia/Shanghai", None),
        ("0001-01-01 00:00:00", LOCAL, "Asia/Shanghai", None),
        ("soon", "unix", None, None),
        ("1e9", "unix", None, None),
        ("99999999999999", "unix", None, None),
    ],
)
def test_a_format_is_read(written: str, form: str, zone: str | None, expected: str | None) -> None:
    assert at(written, form, zone=zone) == expected


def test_formats_are_tried_in_their_order() -> None:
    both = ("%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M")
    assert at("03/02/2020 00:00", *both, zone="UTC") == "2020-02-03T00:00:00Z"
    assert at("03/22/2020 00:00", *both, zone="UTC") == "2020-03-22T00:00:00Z"


def test_an_hour_that_clocks_skipped_is_no_time() -> None:
    for minute in ("00:00", "30:00", "59:59"):
        assert at(f"2020-03-08 02:{minute}", LOCAL, zone="America/New_York") is None
    assert at("2020-03-08 01:59:59", LOCAL, zone="America/New_York") == "2020-03-08T06:59:59Z"
    assert at("2020-03-08 03:00:00", LOCAL, zone="America/New_York") == "2020-03-08T07:00:00Z"


def test_an_hour_that_clocks_repeated_is_the_one_the_mapping_says() -> None:
    written = "2020-11-01 01:30:00"
    assert at(written, LOCAL, zone="America/New_York") == "2020-11-01T05:30:00Z"
    assert at(written, LOCAL, zone="America/New_York", hour="second") == "2020-11-01T06:30:00Z"
    for hour in ("first", "second"):
        assert at("2020-11-01 02:00:00", LOCAL, zone="America/New_York", hour=hour) == "2020-11-01T07:00:00Z"


FORMS = (LOCAL, "%Y%m%d %H%M%S", "%d.%m.%y %H.%M.%S", "%Y-%j %I:%M:%S %p")


@given(
    st.integers(-2_000_000_000, 4_000_000_000),
    st.sampled_from(FORMS),
    st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Africa/Monrovia"]),
    st.lists(st.integers(-4000, 4000), max_size=5),
)
def test_what_a_zones_clock_showed_is_read_back(seconds: int, form: str, zone: str, more: list[int]) -> None:
    read = {hour: Moments(Clock((form,), zone, hour)) for hour in ("first", "second")}
    for shift in (0, *more):
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds + shift)
        shown = moment.astimezone(ZoneInfo(zone))
        if "%y" in form and not 1969 <= shown.year <= 2068:
            continue
        written = shown.strftime(form)
        assert read["second" if shown.fold else "first"](written) == seconds + shift
