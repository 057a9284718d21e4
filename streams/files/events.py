"""events.csv, or the same columns as Parquet: rows to sightings or dead letters, one at a time."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple, Protocol

from streams.domain.towers import canonical
from streams.files.doors import STANDARD, begins_with, opened
from streams.files.phones import as_it_is, pseudonym_of
from streams.files.rows import rows_of
from streams.files.times import Times
from streams.files.unusable import UnusableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from streams.domain.towers import Placed
    from streams.files.deadletters import Bury, Reason
    from streams.files.journal import Sighting
    from streams.files.phones import ReadPhones

COLUMNS: Final = ("phone", "cell", "seen_at")
MAGIC: Final = b"PAR1"
_ALIASES: Final = 1 << 16
"""Other spellings of towers' ids remembered."""


class Source(Protocol):
    """Rows of events with their lines, whose header has the three columns."""

    @property
    def read_time(self) -> Callable[[Any], int | None]:
        """What reads the values of seen_at."""

    def __iter__(self) -> Iterator[tuple[int, tuple[Any, Any, Any] | None]]:
        """Yield line, and phone, cell and seen_at; None for a row that lacks one."""

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


def sightings_of(source: Source, towers: Mapping[str, Placed], latest: int, bury: Bury) -> Iterator[Sighting]:
    """Yield the sightings in file order; a row that is none goes to `bury`.

    `latest` (seconds) is the last moment a sighting may be dated (rule 1.4).
    """
    read = _Reading(towers, latest, source.read_time)
    for line, row in source:
        found = "bad_row" if row is None else read(*row)
        if isinstance(found, tuple):
            yield found
        else:
            bury(found, line)


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
    """Events as CSV."""

    def __init__(self, stream: BinaryIO, path: str) -> None:
        self.read_time = Times()
        self._stream = stream
        self._size = os.fstat(stream.fileno()).st_size if path != STANDARD else 0
        self._rows = rows_of(stream, path)
        header = next(self._rows, (1, None))[1] or []
        for name in COLUMNS:
            if name not in header:
                raise UnusableError(path, "line 1", f"expected a header with the column {name}")
        self._columns = tuple(header.index(name) for name in COLUMNS)

    def __iter__(self) -> Iterator[tuple[int, tuple[str, str, str] | None]]:
        phone, cell, seen_at = self._columns
        last = max(self._columns)
        for line, row in self._rows:
            if row is None or len(row) <= last:
                yield line, None
            else:
                yield line, (row[phone], row[cell], row[seen_at])

    def check(self) -> None:
        """Do nothing: a broken row costs no other."""

    def share(self) -> float | None:
        """Return how much of the file was read, 0 to 1; None where its size is unknown."""
        return self._stream.tell() / self._size if self._size else None


class _Reading:
    """Makes a sighting of a row's three fields, or names the first reason why it is none."""

    def __init__(
        self, towers: Mapping[str, Placed], latest: int, read_time: Callable[[Any], int | None]
    ) -> None:
        self._towers = towers
        self._latest = latest
        self._read_time = read_time
        self._aliases: dict[str, Placed | None] = {}

    def __call__(self, phone: str, cell: str, seen_at: Any) -> Sighting | Reason:
        placed = self._towers.get(cell) or self._alias(cell)
        seconds = self._read_time(seen_at)
        raw = pseudonym_of(phone)
        if raw is not None and seconds is not None and seconds <= self._latest and placed is not None:
            return seconds, raw, placed[0], placed[1]
        return _reason((phone, cell, seen_at), raw, seconds, self._latest)

    def _alias(self, cell: str) -> Placed | None:
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
