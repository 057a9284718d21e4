"""Rows of events many at once: what compiled readers are sure of in arrays, any other row by itself."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import islice, repeat
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import numpy as np

from streams.codecs.spellings import Spellings
from streams.codecs.values import Values
from streams.columns.placed import Placed
from streams.columns.rows import UNWANTED, find_fields, read_phones, read_times
from streams.files.times import FIRST, LAST
from streams.files.unusable import UnusableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from io import BufferedReader

    from streams.domain.towers import Placed as Where
    from streams.files.journal import Sighting

    Row = tuple[Any, Any, Any]
    OneByOne = Callable[["Row | None", int], "Sighting | None"]
    """Reads a row by itself: a sighting, or None once it was buried."""

BYTES: Final = 1 << 20
"""Text read at once."""
ROWS: Final = 4096
"""Rows read one by one that are handed on at once."""
NOWHERE: Final = -1


@dataclass(slots=True)
class Block:
    """Rows one after the other. `row` returns the fields of a row, `line` its line, both by its number.

    `seconds` (int64) holds times, `good` says of each row whether it is sure so far.
    """

    phones: Values
    cells: Values
    seconds: Any
    good: Any
    row: Callable[[int], Row | None]
    line: Callable[[int], int]


class Places:
    """Where the towers of a file stand, by the bytes of their ids."""

    def __init__(self, where: Callable[[str], Where | None]) -> None:
        self._where = where
        self._hexes: list[int] = []
        self._coarse: list[bool] = []
        self._spellings = Spellings(self._learn)

    def _learn(self, spelt: bytes) -> int:
        found = self._where(spelt.decode(errors="replace"))
        if found is None:
            return NOWHERE
        self._hexes.append(found[0])
        self._coarse.append(found[1])
        return len(self._hexes) - 1

    def of(self, cells: Values) -> tuple[Any, Any, Any]:
        """Return hexes, whether each is coarse, and whether there is such a tower."""
        numbers = self._spellings.of(cells)
        hexes, coarse = np.array([*self._hexes, 0], np.int64), np.array([*self._coarse, False], np.int64)
        return hexes[numbers], coarse[numbers], numbers != NOWHERE


def placed(block: Block, places: Places, latest: int, one_by_one: OneByOne) -> Placed:
    """Return a block's sightings in the order of its rows; rows that are not sure are read one by one."""
    count = len(block.good)
    high, low = np.empty(count, np.int64), np.empty(count, np.int64)
    good, seconds = block.good, block.seconds
    read_phones(*block.phones, high, low, good)
    hexes, coarse, known = places.of(block.cells)
    good &= known & (seconds >= FIRST) & (seconds <= min(latest, LAST))
    for number in np.flatnonzero(~good).tolist():
        found = one_by_one(block.row(number), block.line(number))
        if found is not None:
            seconds[number], phone, hexes[number], coarse[number] = found
            high[number], low[number] = (
                int.from_bytes(half, "big", signed=True) for half in (phone[:8], phone[8:])
            )
            good[number] = True
    columns = Placed(high, low, hexes, coarse, seconds)
    return columns if good.all() else Placed(*(column[good] for column in columns))


def csv_blocks(
    stream: BufferedReader, file: str, columns: tuple[int, ...], rest: Callable[[bytes, int], None]
) -> Iterator[Block]:
    """Yield the lines after the header, from line 2 on; `columns` are the positions of the three.

    At the first quote it ends: `rest` is told what was read but not used, and its line.
    """
    line, held = 2, b""
    while True:
        try:
            read = stream.read1(BYTES)
        except OSError as error:
            raise UnusableError(file, f"line {line}", f"expected a readable file: {error}") from None
        text = held + read
        if b'"' in text:
            rest(text, line)
            return
        end = text.rfind(b"\n") + 1 if read else len(text)
        text, held = text[:end], text[end:]
        if text:
            text = text if text.endswith(b"\n") else text + b"\n"
            lines = text.count(b"\n")
            yield _block(text, lines, columns, line)
            line += lines
        if not read:
            return


def _block(text: bytes, lines: int, columns: tuple[int, ...], first: int) -> Block:
    """Return the rows of a text of so many lines, of which the first has number `first` in its file."""
    data, wanted = np.frombuffer(text, np.uint8), np.full(max(columns) + 2, UNWANTED)
    wanted[list(columns)] = range(len(columns))
    begins, numbers, whole = np.empty(lines, np.int64), np.empty(lines, np.int64), np.empty(lines, np.bool_)
    starts, sizes = (np.zeros((len(columns), lines), np.int64) for _ in range(2))
    count = find_fields(data, wanted, begins, numbers, starts, sizes, whole)
    phones, cells, times = map(Values, repeat(data), starts[:, :count], sizes[:, :count])

    def row(number: int) -> Row | None:
        line = text[begins[number] : text.index(b"\n", begins[number])].rstrip(b"\r")
        fields = line.decode(errors="replace").split(",")
        return (fields[columns[0]], fields[columns[1]], fields[columns[2]]) if whole[number] else None

    # What is sure is made less by each reader; whether all fields are there stays.
    seconds, sure = np.zeros(count, np.int64), whole[:count].copy()
    read_times(*times, seconds, sure)
    return Block(phones, cells, seconds, sure, row, lambda number: first + int(numbers[number]))


def rows_in_blocks(rows: Iterable[tuple[int, Row | None]]) -> Iterator[Block]:
    """Yield blocks of rows of which nothing is sure."""
    source = iter(rows)
    while several := list(islice(source, ROWS)):
        nothing = Values.of([b""] * len(several))
        good = np.zeros(len(several), np.bool_)
        lines, listed = zip(*several, strict=True)
        seconds = np.zeros(len(several), np.int64)
        yield Block(nothing, nothing, seconds, good, listed.__getitem__, lines.__getitem__)


class Joined(io.RawIOBase):
    """Bytes already read, then the rest of their stream."""

    def __init__(self, held: bytes, stream: BinaryIO) -> None:
        self._held, self._stream = held, stream

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, into: Any) -> int:
        """Fill a buffer, or part of it."""
        found = self._held[: len(into)] or self._stream.read(len(into))
        self._held = self._held[len(found) :]
        into[: len(found)] = found
        return len(found)
