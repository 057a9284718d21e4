"""Call-detail records by a mapping to sightings, sorted by time, and the towers they name."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from streams.codecs.times import text
from streams.files.doors import STANDARD
from streams.traces.columns import table_of
from streams.traces.rows import Kept, Reading
from streams.traces.times import Moments
from streams.traces.who import Who

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from streams.files.deadletters import Bury, DeadLetters
    from streams.files.rows import Row
    from streams.people.pseudonyms import Keys
    from streams.traces.columns import Header
    from streams.traces.mapping import Mapping
    from streams.traces.sites import Found
    from streams.traces.sorting import Sorted

HEADER: Final = "phone,cell,seen_at\n"
_TIME: Final = len("2020-02-02T02:02:02Z")
_MINUTE: Final = 60
_OFTEN: Final = 1000
_KEPT: Final = 1 << 16


@dataclass(slots=True)
class Tally:
    """What a conversion did, counted; `written` are lines, two a sighting during a rotation."""

    rows: int = 0
    left_out: int = 0
    sightings: int = 0
    written: int = 0
    first: int | None = None
    last: int | None = None


class Conversion:
    """Converts files one after the other into `lines`; bad rows become dead letters."""

    def __init__(
        self, mapping: Mapping, keys: Keys | None, found: Found, letters: DeadLetters, lines: Sorted
    ) -> None:
        self.tally = Tally()
        self._files = 0
        self._named_by_phone = any(seen.phone is None for seen in mapping.seen)
        self._mapping, self._found, self._letters, self._lines = mapping, found, letters, lines
        self._who, self._when, self._stamp = Who(mapping.phones, keys), Moments(mapping.clock), Stamps()

    def check(self, path: str) -> None:
        """Find what would break off the conversion: a file or a column that is not there."""
        with table_of(path, self._mapping.form, self._mapping.file) as (header, _, _):
            self._readings(header, path)
            Kept(self._mapping.keep, header)

    def take(self, path: str, told: Callable[[Callable[[], int]], None]) -> None:
        """Convert one file; `told` hears now and then what tells the bytes read of it."""
        with table_of(path, self._mapping.form, self._mapping.file) as (header, rows, position):
            readings = self._readings(header, path)
            kept = Kept(self._mapping.keep, header)
            self._files += 1
            # A file named by its phone is told by its place: a dead letter never holds a phone.
            bury = self._letters.of(f"file {self._files}" if self._named_by_phone else path)
            for line, row in rows:
                self._row(line, row, kept, readings, bury)
                if self.tally.rows % _OFTEN == 0:
                    told(position)

    def _readings(self, header: Header, path: str) -> list[Reading]:
        by_name = "" if path == STANDARD else Path(path).name.partition(".")[0]
        return [
            Reading(seen, self._mapping, header, by_name, self._who, self._when, self._found)
            for seen in self._mapping.seen
        ]

    def _row(self, line: int, row: Row, kept: Kept, readings: list[Reading], bury: Bury) -> None:
        self.tally.rows += 1
        if row is None:
            bury("bad_row", line)
            return
        if self._mapping.keep and not kept(row):
            self.tally.left_out += 1
            return
        for reading in readings:
            found = reading(row)
            if isinstance(found, str):
                bury(found, line)
            elif found is not None:
                self._add(*found)

    def _add(self, phones: tuple[str, ...], cell: str, seconds: int) -> None:
        tally = self.tally
        tally.sightings += 1
        if tally.first is None or seconds < tally.first:
            tally.first = seconds
        if tally.last is None or seconds > tally.last:
            tally.last = seconds
        for phone in phones:
            tally.written += 1
            # The time stands first while lines are sorted.
            self._lines.add(f"{self._stamp(seconds)}{phone},{cell},\n")


class Stamps:
    """Unix seconds as RFC 3339; each minute is made once, for they repeat."""

    def __init__(self) -> None:
        self._minutes: dict[int, str] = {}

    def __call__(self, seconds: int) -> str:
        """Return the text, always of one length."""
        minute, second = divmod(seconds, _MINUTE)
        known = self._minutes.get(minute)
        if known is None:
            if len(self._minutes) >= _KEPT:
                self._minutes.clear()
            known = self._minutes[minute] = text(minute * _MINUTE)[:-3]
        return f"{known}{second:02}Z"


def events_csv(lines: Iterable[str]) -> Iterator[bytes]:
    """Return sorted lines as events.csv."""
    yield HEADER.encode()
    for line in lines:
        yield f"{line[_TIME:-1]}{line[:_TIME]}\n".encode()


def size_of(path: str) -> int:
    """Return a file's bytes, 0 where they are unknown."""
    try:
        return 0 if path == STANDARD else os.stat(path).st_size  # noqa: PTH116 - a path as given, no object of it
    except OSError:
        return 0
