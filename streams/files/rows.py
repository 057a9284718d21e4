"""Rows of a CSV file (RFC 4180), each with the line it begins on; a broken one costs no other."""

from __future__ import annotations

import csv
import io
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final, TypeAlias

from streams.files.unusable import UnusableError

if TYPE_CHECKING:
    from collections.abc import Iterator

SPAN: Final = 100
"""The most lines a row with quotes goes on for: unbounded, a hostile file is read again for each line."""

UTF_8: Final = "utf-8-sig"
"""With or without a byte order mark."""

Row: TypeAlias = "list[str] | None"
"""A row's fields; None if its quotes cannot be read."""


def rows_of(
    stream: BinaryIO, file: str, delimiter: str = ",", encoding: str = UTF_8
) -> Iterator[tuple[int, Row]]:
    """Yield line number, from 1, and fields of each row; an empty line is no row.

    LF or CRLF. Bytes that are not of the encoding become U+FFFD, so that they spoil their own field alone.
    UnusableError if the file stops being readable.
    """
    lines = _Lines(io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="\n"), file)
    for line in lines:
        if '"' in line:
            number = lines.number
            yield number, _quoted(line, lines, delimiter)
        elif bare := line.rstrip("\r\n"):
            yield lines.number, bare.split(delimiter)


class _Lines:
    """Lines with their number, and the way back for lines taken in vain."""

    def __init__(self, text: io.TextIOWrapper, file: str) -> None:
        self.number = 0
        self._text = text
        self._file = file
        self._again: deque[str] = deque()

    def __iter__(self) -> Iterator[str]:
        while True:
            try:
                while self._again:
                    self.number += 1
                    yield self._again.popleft()
                for line in self._text:
                    self.number += 1
                    yield line
                    if self._again:
                        break
                else:
                    return
            except OSError as error:
                raise UnusableError(
                    self._file, f"line {self.number + 1}", f"expected a readable file: {error}"
                ) from None

    def give_back(self, lines: list[str]) -> None:
        self._again.extendleft(reversed(lines))
        self.number -= len(lines)


def _quoted(line: str, lines: _Lines, delimiter: str) -> Row:
    """Read a row with quotes, over as many lines as they span.

    Quotes that do not close within SPAN lines, or close in mid-field, spoil the row's first line; the lines
    after it are given back, since they are most likely rows of their own.
    """
    taken: list[str] = []

    def following() -> Iterator[str]:
        yield line
        for more in islice(lines, SPAN):
            taken.append(more)
            yield more

    try:
        return next(csv.reader(following(), delimiter=delimiter, strict=True))
    except csv.Error:
        lines.give_back(taken)
        return None
