"""Events as Parquet: the columns of events.csv, as text or, for seen_at, as a timestamp with its zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from streams.codecs.values import Values
from streams.columns.rows import read_times
from streams.files.blocks import Block, rows_in_blocks
from streams.files.times import FIRST, LAST, Times
from streams.files.unusable import UnusableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COLUMNS: Final = ("phone", "cell", "seen_at")
BATCH: Final = 65_536
"""Rows read at once."""
FIRST_LINE: Final = 2
"""The first row's line: the header would be 1."""
_A_SECOND: Final = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


class Parquet:
    """Events as Parquet. UnusableError if the file or one of its pages cannot be read."""

    def __init__(self, stream: BinaryIO, path: str) -> None:
        self._path = path
        self._done = 0
        try:
            self._file = pq.ParquetFile(stream)
        except (pa.ArrowException, OSError) as error:
            raise self._unreadable("", error) from None
        schema = self._file.schema_arrow
        for name in COLUMNS:
            if schema.names.count(name) != 1:
                raise UnusableError(path, "schema", f"expected one column {name}")
        kind = schema.field("seen_at").type
        self._zoned = pa.types.is_timestamp(kind) and kind.tz is not None
        self._a_second = _A_SECOND[kind.unit] if self._zoned else 0
        self.read_time: Callable[[Any], int | None] = _instant if self._zoned else Times()

    def __iter__(self) -> Iterator[tuple[int, tuple[Any, Any, Any] | None]]:
        """Yield each row with its line."""
        line = FIRST_LINE
        for batch in self._batches():
            yield from self._rows(batch, line)
            line += len(batch)
            self._done += len(batch)

    def _batches(self) -> Iterator[Any]:
        line = FIRST_LINE
        batches = self._file.iter_batches(batch_size=BATCH, columns=list(COLUMNS))
        while True:
            try:
                batch = next(batches, None)
            except (pa.ArrowException, OSError) as error:
                raise self._unreadable(f"line {line} or after", error) from None
            if batch is None:
                return
            yield batch
            line += len(batch)

    def _rows(self, batch: Any, line: int) -> Iterator[tuple[int, tuple[Any, Any, Any] | None]]:
        try:
            phones, cells = (_texts(batch.column(name)) for name in COLUMNS[:2])
            times = self._times(batch.column("seen_at"))
        except (pa.ArrowException, OSError) as error:
            raise self._unreadable(f"line {line} or after", error) from None
        for number, row in enumerate(zip(phones, cells, times, strict=True), line):
            yield number, None if None in row else row

    def blocks(self) -> Iterator[Block]:
        """Yield the rows many at once."""
        line = FIRST_LINE
        for batch in self._batches():
            good = np.ones(len(batch), np.bool_)
            phones, cells = (_values(batch.column(name), good) for name in COLUMNS[:2])
            seconds = self._seconds(batch.column("seen_at"), good)
            if phones is None or cells is None or seconds is None:
                yield from rows_in_blocks(self._rows(batch, line))
            else:
                row, first = self._row_of(batch), line
                yield Block(phones, cells, seconds, good, row, first.__add__)
            line += len(batch)
            self._done += len(batch)

    def _seconds(self, column: Any, good: Any) -> Any:
        """Return seconds (int64) of a column of times, None where it has no texts and no timestamps."""
        if self._zoned:
            good &= column.is_valid().to_numpy(zero_copy_only=False)
            return column.cast(pa.int64()).fill_null(0).to_numpy() // self._a_second
        texts = _values(column, good)
        if texts is None:
            return None
        seconds = np.zeros(len(good), np.int64)
        read_times(*texts, seconds, good)
        return seconds

    def _row_of(self, batch: Any) -> Callable[[int], Any]:
        def row(number: int) -> Any:
            return next(self._rows(batch.slice(number, 1), 0))[1]

        return row

    def check(self) -> None:
        """Read every page, so that a broken one is known before the first row is used."""
        try:
            for _ in self._file.iter_batches(batch_size=BATCH, columns=list(COLUMNS)):
                pass
        except (pa.ArrowException, OSError) as error:
            raise self._unreadable("", error) from None

    def share(self) -> float | None:
        """Return how much of the file was read, 0 to 1."""
        rows = self._file.metadata.num_rows
        return self._done / rows if rows else None

    def _times(self, column: Any) -> list[Any]:
        if not self._zoned:
            return _texts(column)
        return [None if v is None else v // self._a_second for v in column.cast(pa.int64()).to_pylist()]

    def _unreadable(self, place: str, error: Exception) -> UnusableError:
        return UnusableError(self._path, place, f"expected Parquet: {str(error).splitlines()[0]}")


def _values(column: Any, good: Any) -> Values | None:
    """Return a column's texts, None where they are no texts; `good` is cleared where there is none."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_string(column.type):
        width: Any = np.int32
    elif pa.types.is_large_string(column.type):
        width = np.int64
    else:
        return None
    _, ends, texts = column.buffers()
    bounds = np.frombuffer(ends, width)[column.offset : column.offset + len(column) + 1].astype(np.int64)
    good &= column.is_valid().to_numpy(zero_copy_only=False)
    data = np.frombuffer(texts if texts is not None else b"", np.uint8)
    return Values(data, bounds[:-1].copy(), np.diff(bounds)).read_only()


def _texts(column: Any) -> list[str | None]:
    """Return a column's values as text; what was no text becomes a text that nothing accepts."""
    try:
        values = column.to_pylist()
    except UnicodeDecodeError:
        values = column.cast(pa.large_binary()).to_pylist()
    return [_text(value) for value in values]


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return f"no text: {value!r}"


def _instant(seconds: int) -> int | None:
    return seconds if FIRST <= seconds <= LAST else None
