"""The files of a simulation that grow: sightings and truth, columns written as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, Final

import numpy as np
import pyarrow as pa
from pyarrow import csv

from streams.codecs.times import text

if TYPE_CHECKING:
    from collections.abc import Sequence

DAY: Final = 86_400
DATE: Final = len("2020-02-01T")
STEP: Final = 200_000
"""Rows written at once."""
_OPTIONS: Final = csv.WriteOptions(include_header=False, quoting_style="none")


class EventsFile:
    """Sightings as rows of events.csv; they may lie in any order, but not many days apart."""

    def __init__(self, out: BinaryIO, phones: Phones, cells: Sequence[str]) -> None:
        self._out = out
        self._phones = phones
        self._cells = pa.array(cells, pa.string())
        out.write(b"phone,cell,seen_at\n")

    def write(self, phone: Any, tower: Any, at: Any) -> None:
        """Write rows of numbers of phones and towers, and unix seconds."""
        for first in range(0, len(at), STEP):
            rows = slice(first, first + STEP)
            columns = [
                self._phones.text(phone[rows]),
                self._cells.take(pa.array(tower[rows])),
                times(at[rows]),
            ]
            csv.write_csv(pa.table(columns, ["phone", "cell", "seen_at"]), self._out, _OPTIONS)


class TruthFile:
    """Where phones really were, as rows of truth.csv."""

    def __init__(self, out: BinaryIO, phones: Phones) -> None:
        self._out = out
        self._phones = phones
        out.write(b"phone,from,until,lon,lat\n")

    def write(self, phone: Any, start: Any, end: Any, degrees: Any) -> None:
        """Write rows of numbers of phones, unix seconds, and (longitude, latitude)."""
        lon, lat = (pa.array(np.round(column, 5)) for column in np.ascontiguousarray(degrees.T))
        columns = [self._phones.text(phone), times(start), times(end), lon, lat]
        csv.write_csv(pa.table(columns, ["phone", "from", "until", "lon", "lat"]), self._out, _OPTIONS)


class Phones:
    """Phones' pseudonyms, 16 bytes a row, as text: made for the rows asked for, not kept."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def text(self, numbers: Any) -> Any:
        """Return the pseudonyms of phones by number."""
        raw = self._raw[numbers]
        return _fixed(_DIGITS[np.stack((raw >> 4, raw & 15), axis=2).reshape(len(raw), -1)])


def times(seconds: Any) -> Any:
    """Return unix seconds as texts, RFC 3339 in UTC."""
    day, second = np.divmod(seconds, DAY)
    days, number = np.unique(day, return_inverse=True)
    dates = "".join(text(int(one) * DAY)[:DATE] for one in days)
    dated = np.frombuffer(dates.encode(), np.uint8).reshape(-1, DATE)
    return _fixed(np.concatenate((dated[number.reshape(-1)], _SECONDS[second]), axis=1))


def _fixed(rows: Any) -> Any:
    """Return texts of one length, given as bytes."""
    count, width = rows.shape
    offsets = np.arange(count + 1, dtype=np.int32) * np.int32(width)
    rows = np.ascontiguousarray(rows)
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(rows))


_DIGITS: Final = np.frombuffer(b"0123456789abcdef", np.uint8)
_SECONDS: Final = np.frombuffer(
    "".join(
        f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z" for second in range(DAY)
    ).encode(),
    np.uint8,
).reshape(DAY, 9)
