"""events.csv, or the same columns as Parquet: rows to sightings or dead letters, one at a time."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from streams.domain.towers import canonical
from streams.files.blocks import Joined, Places, csv_blocks, placed, rows_in_blocks
from streams.files.doors import STANDARD, begins_with, opened
from streams.files.phones import as_it_is, pseudonym_of
from streams.files.rows import UTF_8, rows_of
from streams.files.times import Times
from streams.files.unusable import UnusableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from io import BufferedReader

    from streams.columns.placed import Placed
    from streams.domain.towers import Placed as Where
    from streams.files.blocks import Block, Row
    from streams.files.deadletters import Bury, Reason
    from streams.files.journal import Sighting
    from streams.files.phones import ReadPhones

COLUMNS: Final = ("phone", "cell", "seen_at")
MAGIC: Final = b"PAR1"
BOM: Final = b"\xef\xbb\xbf"
_ALIASES: Final = 1 << 16
"""Other spellings of towers' ids remembered."""


class Source(Protocol):
    """Rows of events with their lines, whose header has the three columns."""

    @property
    def read_time(self) -> Callable[[Any], int | None]:
        """What reads the values of seen_at."""

    def __iter__(self) -> Iterator[tuple[int, tuple[Any, Any, Any] | None]]:
        """Yield line, and phone, cell and seen_at; None for a row that lacks one."""

    def blocks(self) -> Iterator[Block]:
        """Yield the rows many at once."""

    def check(self) -> None:
        """Find what would break off the reading in mid-file, before the first row is used."""

    def share(self) -> float | None:
        """Return how much of the file was read, 0 to 1; None where its size is unknown."""


def source_of(path: str) -> Source:
    """Open a file of events; UnusableError if it cannot be read or its header lacks a column."""
    stream = opened(path)
    if not begins_with(stream, path, MAGIC):
        return _Csv(stream, path)
    if path == STANDARD:
        raise UnusableError(path, "", "expected CSV: Parquet is read from its end, so from a file only")
    from streams.files.parquet import Parquet  # noqa: PLC0415 - pyarrow takes longer to load than a small replay

    return Parquet(stream, path)


def sightings_of(source: Source, towers: Mapping[str, Where], latest: int, bury: Bury) -> Iterator[Placed]:
    """Yield the sightings in file order, many at once; a row that is none goes to `bury`.

    `latest` (seconds) is the last moment a sighting may be dated (rule 1.4).
    """
    read = _Reading(towers, latest, source.read_time)

    def one_by_one(row: Row | None, line: int) -> Sighting | None:
        found = "bad_row" if row is None else read(*row)
        if isinstance(found, tuple):
            return found
        bury(found, line)
        return None

    places = Places(read.where)
    for block in source.blocks():
        yield placed(block, places, latest, one_by_one)


class Event(NamedTuple):
    """A sighting to be published: seconds, the pseudonyms it is sent under, the tower's id."""

    line: int
    seconds: int
    phones: tuple[bytes, ...]
    cell: str


def events_of(source: Source, latest: int, bury: Bury, read_phone: ReadPhones = as_it_is) -> Iterator[Event]:
    """Yield the rows in file order, for those who publish and do not fold.

    Whether there is such a tower is not asked; otherwise as `sightings_of`.
    """
    read_time = source.read_time
    for line, row in source:
        if row is None:
            bury("bad_row", line)
            continue
        phones, name, seconds = read_phone(row[0]), canonical(row[1]), read_time(row[2])
        if phones is None or name is None or seconds is None or seconds > latest:
            bury(_reason(row, phones, seconds, latest), line)
        else:
            yield Event(line, seconds, phones, name)


class _Csv:
    """Events as CSV; the header's line is read at once."""

    def __init__(self, stream: BufferedReader, path: str) -> None:
        self.read_time = Times()
        self._stream, self._path = stream, path
        self._size = os.fstat(stream.fileno()).st_size if path != STANDARD else 0
        try:
            self._rest = stream.readline()
        except OSError as error:
            raise UnusableError(path, "line 1", f"expected a readable file: {error}") from None
        self._line = 1
        self._plain = b'"' not in self._rest and self._rest.rstrip(b"\r\n") not in (b"", BOM)
        header = self._header()
        for name in COLUMNS:
            if name not in header:
                raise UnusableError(path, "line 1", f"expected a header with the column {name}")
        self._columns = tuple(header.index(name) for name in COLUMNS)

    def _header(self) -> list[str]:
        if self._plain:
            names = self._rest.decode(UTF_8, errors="replace").rstrip("\r\n").split(",")
            self._rest, self._line = b"", 2
            return names
        self._rows = self._row_by_row()
        return next(self._rows, (1, None))[1] or []

    def _row_by_row(self) -> Iterator[tuple[int, list[str] | None]]:
        joined = io.BufferedReader(Joined(self._rest, self._stream))
        for line, row in rows_of(joined, self._path):
            yield line + self._line - 1, row

    def __iter__(self) -> Iterator[tuple[int, tuple[str, str, str] | None]]:
        phone, cell, seen_at = self._columns
        last = max(self._columns)
        for line, row in self._row_by_row() if self._plain else self._rows:
            if row is None or len(row) <= last:
                yield line, None
            else:
                yield line, (row[phone], row[cell], row[seen_at])

    def blocks(self) -> Iterator[Block]:
        """Yield the rows many at once; from the first quote on they are read row by row."""

        def rest(held: bytes, line: int) -> None:
            self._rest, self._line = held, line

        if self._plain:
            yield from csv_blocks(self._stream, self._path, self._columns, rest)
            if not self._rest:
                return
        yield from rows_in_blocks(self)

    def check(self) -> None:
        """Do nothing: a broken row costs no other."""

    def share(self) -> float | None:
        """Return how much of the file was read, 0 to 1; None where its size is unknown."""
        return self._stream.tell() / self._size if self._size else None


class _Reading:
    """Makes a sighting of a row's three fields, or names the first reason why it is none."""

    def __init__(
        self, towers: Mapping[str, Where], latest: int, read_time: Callable[[Any], int | None]
    ) -> None:
        self._towers = towers
        self._latest = latest
        self._read_time = read_time
        self._aliases: dict[str, Where | None] = {}

    def __call__(self, phone: str, cell: str, seen_at: Any) -> Sighting | Reason:
        placed = self.where(cell)
        seconds = self._read_time(seen_at)
        raw = pseudonym_of(phone)
        if raw is not None and seconds is not None and seconds <= self._latest and placed is not None:
            return seconds, raw, placed[0], placed[1]
        return _reason((phone, cell, seen_at), raw, seconds, self._latest)

    def where(self, cell: str) -> Where | None:
        """Return where the tower of an id, however it is spelt, stands."""
        return self._towers.get(cell) or self._alias(cell)

    def _alias(self, cell: str) -> Where | None:
        """Look a tower up by another spelling of its id (460-00-1-2 is 460-0-1-2)."""
        if cell not in self._aliases:
            if len(self._aliases) >= _ALIASES:
                self._aliases.clear()
            name = canonical(cell)
            self._aliases[cell] = None if name is None else self._towers.get(name)
        return self._aliases[cell]


def _reason(row: tuple[Any, Any, Any], phone: object | None, seconds: int | None, latest: int) -> Reason:
    """Return the first reason that holds of a row that is no sighting."""
    if any(map(_is_blank, row)):
        return "bad_row"
    if phone is None:
        return "bad_phone"
    return "bad_time" if seconds is None or seconds > latest else "unknown_tower"


def _is_blank(value: Any) -> bool:
    return isinstance(value, str) and not value.strip()
