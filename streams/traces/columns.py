"""Columns of a mapping, found in a file's header."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from streams.files.doors import STANDARD, opened
from streams.files.rows import rows_of
from streams.files.unusable import UnusableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from streams.files.rows import Row
    from streams.traces.mapping import Column, Form


class Header:
    """Gives a column's place in a row, from 0; without a header columns are numbers."""

    def __init__(self, names: Sequence[str] | None, file: str, mapping: str) -> None:
        self._names = None if names is None else [name.strip() for name in names]
        self._file, self._mapping = file, mapping

    def __call__(self, column: Column, where: str) -> int:
        """Return a column's place; UnusableError if it is not there, `where` the mapping names it."""
        if isinstance(column, int):
            if self._names is not None and column > len(self._names):
                raise self._wrong(where, f"{column} columns at least, found {len(self._names)}")
            return column - 1
        names = self._names or []
        count = names.count(column)
        if count == 1:
            return names.index(column)
        if count:
            raise self._wrong(where, f"column {column!r} once, found it {count} times; name it by its number")
        # No name is shown: in a file without a header it would be somebody's number.
        found = f"found {len(names)} columns without it; has the file no header, say so: header = false"
        raise self._wrong(where, f"a header with the column {column!r}, {found}")

    def _wrong(self, where: str, expected: str) -> UnusableError:
        return UnusableError(self._file, "line 1", f"expected {expected} ({self._mapping}: {where})")


@contextmanager
def table_of(
    path: str, form: Form, mapping: str
) -> Iterator[tuple[Header, Iterator[tuple[int, Row]], Callable[[], int]]]:
    """Give the header and the rows of a file of this form, and what tells the bytes read so far."""
    stream = opened(path)
    position = stream.tell if path != STANDARD and stream.seekable() else lambda: 0
    try:
        rows = rows_of(stream, path, form.delimiter, form.encoding)
        if not form.header:
            yield Header(None, path, mapping), rows, position
            return
        first = next(rows, None)
        if first is None:
            raise UnusableError(path, "line 1", "expected a header, found an empty file")
        line, names = first
        if names is None:
            raise UnusableError(path, f"line {line}", "expected a header, found quotes that do not close")
        yield Header(names, path, mapping), rows, position
    finally:
        if path != STANDARD:
            stream.close()


def joined(places: Sequence[int], between: str = " ") -> Callable[[list[str]], str]:
    """Return what reads a field, or several as one text; '' if one is absent or blank."""
    if len(places) == 1:
        [place] = places
        return lambda row: row[place].strip() if place < len(row) else ""

    def read(row: list[str]) -> str:
        parts = [row[place].strip() if place < len(row) else "" for place in places]
        return between.join(parts) if all(parts) else ""

    return read
