"""truth.csv: read in columns or row by row, the same rows (docs/simulation.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.codecs.times import text
from streams.files import truth
from streams.files.truth_columns import in_columns

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "phone,from,until,lon,lat\n"
PHONES = ("1a" * 16, "2b" * 16)
HOUR = 3600


def listed(rows: truth.TruthRows) -> list[tuple[object, ...]]:
    columns = (column.tolist() for column in rows[1:])
    return [(rows.phones[number], *rest) for number, *rest in zip(*columns, strict=True)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("truth")


@given(st.permutations(range(12)), st.data())
def test_both_ways_of_reading_give_the_same_rows(folder: Path, order: list[int], data: st.DataObject) -> None:
    lines = []
    for number in order:
        lon = data.draw(st.decimals(-180, 180, places=5))
        lat = data.draw(st.decimals(-90, 90, places=3))
        start, end = number * HOUR, (number + 1) * HOUR
        lines.append(f"{PHONES[number % 2]},{text(start)},{text(end)},{lon:f},{lat:f}\n")
    path = folder / "truth.csv"
    path.write_text(HEADER + "".join(lines))
    fast = in_columns(str(path))
    assert fast is not None
    spelt = folder / "spelt.csv"
    spelt.write_text("\ufeff" + HEADER.replace("\n", ",note\r\n") + "".join(lines).replace("Z", ".5+00:00"))
    assert in_columns(str(spelt)) is None
    slow = truth.truth_of(str(spelt))
    assert listed(fast) == listed(slow) == listed(truth.truth_of(str(path)))


def test_a_header_alone_is_a_truth_of_nobody(tmp_path: Path) -> None:
    path = tmp_path / "truth.csv"
    path.write_text(HEADER)
    assert listed(truth.truth_of(str(path))) == []


def test_rows_of_a_phone_may_stand_in_any_order_and_touch(tmp_path: Path) -> None:
    path = tmp_path / "truth.csv"
    rows = [(2, 3), (0, 1), (1, 2)]
    path.write_text(HEADER + "".join(f"{PHONES[0]},{text(a)},{text(b)},121,28\n" for a, b in rows))
    assert [row[1:3] for row in listed(truth.truth_of(str(path)))] == rows


def test_an_overlap_is_found_even_if_the_row_between_is_short() -> None:
    phone, start, end = (np.array(column) for column in ([0, 0, 0], [0, 10, 30], [50, 20, 40]))
    degrees = np.zeros(3)
    rows = truth.TruthRows([b"1" * 16], phone, start, end, degrees, degrees)
    assert truth.overlapping(rows) == 1
