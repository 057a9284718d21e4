"""Events as Parquet: the columns of events.csv, as text or, for seen_at, as a timestamp with its zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from streams.files.times import FIRST, LAST, Times
from streams.files.unusable import UnusableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COLUMNS: Final = ("phone", "cell", "seen_at")
BATCH: Final = 8_192
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
        batches = self._file.iter_batches(batch_size=BATCH, columns=list(COLUMNS))
        while True:
            try:
                batch = next(batches, None)
                if batch is None:
                    return
                phones, cells = (_texts(batch.column(name)) for name in COLUMNS[:2])
                times = self._times(batch.column("seen_at"))
            except (pa.ArrowException, OSError) as error:
                raise self._unreadable(f"line {line} or after", error) from None
            for row in zip(phones, cells, times, strict=True):
                yield line, None if None in row else row
                line += 1
            self._done += len(phones)

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
