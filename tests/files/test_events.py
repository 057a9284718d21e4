"""Events to sightings or dead letters (interfaces, Files)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from streams.files.deadletters import DeadLetters
from streams.files.events import sightings_of, source_of
from streams.files.parquet import BATCH
from streams.window.columns import pseudonyms

if TYPE_CHECKING:
    from pathlib import Path

    from streams.columns.placed import Placed
    from streams.files.journal import Sighting

PHONE = "0123456789abcdef0123456789abcdef"
NOON = 1580616000
LATEST = NOON + 300
TOWERS = {"460-0-1-2": (8, True), "460-0-3-4": (9, False)}
SEEN = (NOON, bytes.fromhex(PHONE), 8, True)
GOOD = f"{PHONE},460-0-1-2,2020-02-02T04:00:00Z"


def read(path: Path) -> tuple[list[Sighting], list[tuple[str, int]]]:
    """Return the sightings, and the dead letters' reasons and lines."""
    written = BytesIO()
    blocks = sightings_of(source_of(str(path)), TOWERS, LATEST, DeadLetters(written).of("given"))
    found = [sighting for placed in blocks for sighting in listed(placed)]
    assert PHONE.encode() not in written.getvalue()
    letters = [json.loads(line) for line in written.getvalue().splitlines()]
    assert all(set(letter) == {"reason", "file", "line"} for letter in letters)
    return found, [(letter["reason"], letter["line"]) for letter in letters]


def listed(placed: Placed) -> list[Sighting]:
    phones = pseudonyms(placed.high, placed.low)
    coarse = placed.coarse.astype(bool).tolist()
    return list(zip(placed.seconds.tolist(), phones, placed.hexes.tolist(), coarse, strict=True))


def csv(folder: Path, text: str | bytes) -> Path:
    path = folder / "events.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def parquet(folder: Path, **columns: Any) -> Path:
    path = folder / "events.parquet"
    pq.write_table(pa.table(columns), path)
    return path


@pytest.mark.parametrize(
    "text",
    [
        f"phone,cell,seen_at\n{GOOD}\n",
        f"phone,cell,seen_at\r\n{GOOD}\r\n",
        f"\ufeffphone,cell,seen_at\n{GOOD}",
        f'seen_at,note,cell,phone\n2020-02-02 12:00:00.7+08:00,"a\nb",460-00-01-2,"{PHONE}",more\n',
    ],
)
def test_a_row_is_a_sighting(tmp_path: Path, text: str) -> None:
    assert read(csv(tmp_path, text)) == ([SEEN], [])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (PHONE, "bad_row"),
        (f"{PHONE},460-0-1-2", "bad_row"),
        (f"{PHONE},460-0-1-2,", "bad_row"),
        (f"{PHONE}, ,2020-02-02T04:00:00Z", "bad_row"),
        (",,", "bad_row"),
        (" ", "bad_row"),
        ("x,460-0-1-2,", "bad_row"),
        (f'"{PHONE}"x,460-0-1-2,2020-02-02T04:00:00Z', "bad_row"),
        (f"{PHONE.upper()},460-0-1-2,2020-02-02T04:00:00Z", "bad_phone"),
        (f"{PHONE[:-1]},460-0-1-2,2020-02-02T04:00:00Z", "bad_phone"),
        (f"{PHONE}0,460-0-1-2,2020-02-02T04:00:00Z", "bad_phone"),
        (f"{PHONE[:-1]}g,460-0-1-2,2020-02-02T04:00:00Z", "bad_phone"),
        (f" {PHONE[1:]},460-0-1-2,2020-02-02T04:00:00Z", "bad_phone"),
        (f"{PHONE[:30]}  ,460-0-1-2,2020-02-02T04:00:00Z", "bad_phone"),
        ("x,y,z", "bad_phone"),
        (f"{PHONE},460-0-1-2,2020-02-02T04:00:00", "bad_time"),
        (f"{PHONE},y,z", "bad_time"),
        (f"{PHONE},460-0-1-2,2020-02-02T04:05:01Z", "bad_time"),
        (f"{PHONE},460-0-1-9,2020-02-02T04:00:00Z", "unknown_tower"),
        (f"{PHONE},460-0-1,2020-02-02T04:00:00Z", "unknown_tower"),
        (f"{PHONE},nowhere,2020-02-02T04:00:00Z", "unknown_tower"),
        (b"\xff" + GOOD[1:].encode(), "bad_phone"),
    ],
)
def test_a_bad_row_is_a_dead_letter_with_the_first_reason_that_holds(
    tmp_path: Path, row: str | bytes, reason: str
) -> None:
    raw = row if isinstance(row, bytes) else row.encode()
    text = b"phone,cell,seen_at\n" + f"{GOOD}\n".encode() + raw + f"\n{GOOD}\n".encode()
    assert read(csv(tmp_path, text)) == ([SEEN, SEEN], [(reason, 3)])


def test_a_sighting_as_far_ahead_as_max_skew_is_none_too_far(tmp_path: Path) -> None:
    text = f"phone,cell,seen_at\n{PHONE},460-0-3-4,2020-02-02T04:05:00Z\n"
    assert read(csv(tmp_path, text)) == ([(LATEST, bytes.fromhex(PHONE), 9, False)], [])


def test_parquet_is_read_as_csv_is(tmp_path: Path) -> None:
    path = parquet(
        tmp_path,
        phone=[PHONE, PHONE.upper(), None, PHONE, PHONE, PHONE],
        cell=["460-00-1-2", "460-0-1-2", "460-0-1-2", "", "460-0-1-2", "460-0-9-9"],
        seen_at=["2020-02-02T04:00:00Z"] * 4 + ["yesterday", "2020-02-02T04:00:00Z"],
        more=[1] * 6,
    )
    expected = [("bad_phone", 3), ("bad_row", 4), ("bad_row", 5), ("bad_time", 6), ("unknown_tower", 7)]
    assert read(path) == ([SEEN], expected)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_parquet_s_timestamps_are_instants_if_they_have_a_zone(tmp_path: Path, unit: str) -> None:
    moment = datetime(2020, 2, 2, 4, 0, 0, 0 if unit == "s" else 999_000, tzinfo=UTC)
    times = pa.array([moment, None], pa.timestamp(unit, "Asia/Shanghai"))
    path = parquet(tmp_path, phone=[PHONE] * 2, cell=["460-0-1-2"] * 2, seen_at=times)
    assert read(path) == ([SEEN], [("bad_row", 3)])


def test_parquet_s_timestamps_without_a_zone_are_bad_times(tmp_path: Path) -> None:
    times = pa.array([NOON], pa.timestamp("s"))
    path = parquet(tmp_path, phone=[PHONE], cell=["460-0-1-2"], seen_at=times)
    assert read(path) == ([], [("bad_time", 2)])


def test_parquet_s_columns_may_be_packed_or_hold_what_is_no_text(tmp_path: Path) -> None:
    bad = b"\xff" + PHONE[1:].encode()
    path = parquet(
        tmp_path,
        phone=pa.array([PHONE.encode(), bad], pa.binary()),
        cell=pa.array(["460-0-1-2"] * 2).dictionary_encode(),
        seen_at=pa.array(["2020-02-02T04:00:00Z"] * 2, pa.large_string()),
    )
    assert read(path) == ([SEEN], [("bad_phone", 3)])


def test_parquet_of_many_rows_keeps_count_of_its_lines(tmp_path: Path) -> None:
    many = BATCH + 5
    cells = ["460-0-1-2"] * many + ["nowhere"]
    path = parquet(
        tmp_path, phone=[PHONE] * (many + 1), cell=cells, seen_at=["2020-02-02T04:00:00Z"] * (many + 1)
    )
    source = source_of(str(path))
    letters = DeadLetters(written := BytesIO())
    blocks = sightings_of(source, TOWERS, LATEST, letters.of("x"))
    assert sum(len(placed.seconds) for placed in blocks) == many
    assert json.loads(written.getvalue())["line"] == many + 2
    assert source.share() == 1
