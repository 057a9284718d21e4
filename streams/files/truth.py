"""truth.csv: where each person really was. A bad row makes it unusable, for it is no carrier's feed.

A file as `simulate` writes it is read in columns. Whatever else there is goes row by row, which reads more
spellings and can name the line; both give the same rows.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from streams.files.doors import STANDARD, opened
from streams.files.phones import pseudonym_of
from streams.files.rows import rows_of
from streams.files.times import Times
from streams.files.towers import number_of
from streams.files.unusable import UnusableError, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMNS: Final = ("phone", "from", "until", "lon", "lat")
_LIMITS: Final = {"lon": 180, "lat": 90}


class TruthRows(NamedTuple):
    """Columns in file order: numbers of `phones`, unix seconds (end excluded), degrees in WGS-84."""

    phones: list[bytes]
    phone: Any
    start: Any
    end: Any
    lon: Any
    lat: Any


def truth_of(path: str) -> TruthRows:
    """Read a truth whole, rows in any order; UnusableError names the first line that is bad.

    Two rows of one phone that overlap are bad too: nobody is in two places.
    """
    if path != STANDARD and Path(path).is_file():  # a pipe is read once
        from streams.files.truth_columns import in_columns  # noqa: PLC0415 - pyarrow, for a truth only

        rows = in_columns(path)
        if rows is not None and overlapping(rows) is None:
            return rows
    return _row_by_row(path)


def overlapping(rows: TruthRows) -> int | None:
    """Return the first row that begins while an earlier one of its phone lasts; None if there is none."""
    order = np.lexsort((rows.start, rows.phone))
    phone, start, end = rows.phone[order], rows.start[order], rows.end[order]
    early = np.flatnonzero((phone[1:] == phone[:-1]) & (start[1:] < end[:-1]))
    return int(order[early + 1].min()) if len(early) else None


def _row_by_row(path: str) -> TruthRows:
    phones: dict[bytes, int] = {}
    lines: list[int] = []
    columns: tuple[list[Any], ...] = ([], [], [], [], [])
    for line, (name, start, end, lon, lat) in _rows(path):
        lines.append(line)
        number = phones.setdefault(name, len(phones))
        for column, value in zip(columns, (number, start, end, lon, lat), strict=True):
            column.append(value)
    whole, real = np.int64, np.float64
    arrays = (np.array(c, kind) for c, kind in zip(columns, (whole, whole, whole, real, real), strict=True))
    rows = TruthRows(list(phones), *arrays)
    if (again := overlapping(rows)) is not None:
        raise UnusableError(
            path, f"line {lines[again]}", "expected a phone in one place at a time, found an overlapping row"
        )
    return rows


def _rows(path: str) -> Iterator[tuple[int, tuple[bytes, int, int, float, float]]]:
    read_time = Times()
    with opened(path) as stream:
        rows = rows_of(stream, path)
        header = next(rows, (1, None))[1] or []
        for name in COLUMNS:
            if name not in header:
                raise UnusableError(path, "line 1", f"expected a header with the column {name}")
        places = [header.index(name) for name in COLUMNS]
        for line, row in rows:
            if row is None or len(row) <= max(places):
                raise UnusableError(path, f"line {line}", f"expected a row with {', '.join(COLUMNS)}")
            fields = _Fields(path, f"line {line}", dict(zip(COLUMNS, (row[p] for p in places), strict=True)))
            yield line, fields.read(read_time)


class _Fields(NamedTuple):
    """The fields of one row, and what to say of one that cannot be read."""

    path: str
    place: str
    values: dict[str, str]

    def read(self, read_time: Times) -> tuple[bytes, int, int, float, float]:
        phone = pseudonym_of(self.values["phone"])
        if phone is None:
            raise UnusableError(self.path, f"{self.place}: phone", "expected 32 lower-case hex digits")
        start, end = (self._time(name, read_time) for name in ("from", "until"))
        if end <= start:
            raise self._wrong("until", "a time later than from")
        return phone, start, end, self._degrees("lon"), self._degrees("lat")

    def _time(self, name: str, read_time: Times) -> int:
        found = read_time(self.values[name])
        if found is None:
            raise self._wrong(name, "a time with its offset (RFC 3339)")
        return found

    def _degrees(self, name: str) -> float:
        found, limit = number_of(self.values[name]), _LIMITS[name]
        if found is None or abs(found) > limit:
            raise self._wrong(name, f"degrees within ±{limit}")
        return found

    def _wrong(self, name: str, expected: str) -> UnusableError:
        return UnusableError(
            self.path, f"{self.place}: {name}", f"expected {expected}, found {shown(self.values[name])}"
        )
