"""Colours over time: from each (unix second, colour) on it holds until the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from streams.accuracy.definition import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Timeline: TypeAlias = "Sequence[tuple[int, int]]"
"""In order; unknown before the first, the last for ever. Of two at one instant the later counts."""

Level: TypeAlias = tuple[int, int, int]
"""Start, end (excluded) and the colour that holds at least then."""


class Piece(NamedTuple):
    """A time, end excluded, and a colour."""

    start: int
    end: int
    colour: int


def pieces(timeline: Timeline, begin: int, until: int) -> list[Piece]:
    """Return what [begin, until) is made of, neighbours of one colour joined."""
    found: list[Piece] = []
    colour, at = UNKNOWN, begin
    for start, new in timeline:
        cut = min(max(start, begin), until)
        _add(found, at, cut, colour)
        colour, at = new, cut
    _add(found, at, until, colour)
    return found


def _add(found: list[Piece], start: int, end: int, colour: int) -> None:
    if start >= end:
        return
    if found and found[-1].colour == colour:
        found[-1] = Piece(found[-1].start, end, colour)
    else:
        found.append(Piece(start, end, colour))


def highest(levels: Iterable[Level]) -> Timeline:
    """Return the harshest colour of all levels at any time, unknown where there is none."""
    levels = list(levels)
    moves = sorted({at for start, end, _ in levels if start < end for at in (start, end)})
    return [
        (at, max((colour for start, end, colour in levels if start <= at < end), default=UNKNOWN))
        for at in moves
    ]


def together(one: Sequence[Piece], other: Sequence[Piece]) -> Iterator[tuple[Piece, int]]:
    """Yield what two colourings of one span have in common: a piece by `one`, and the other's colour."""
    place = 0
    for piece in one:
        while place < len(other) and other[place].end <= piece.start:
            place += 1
        step = place
        while step < len(other) and other[step].start < piece.end:
            start, end = max(piece.start, other[step].start), min(piece.end, other[step].end)
            yield Piece(start, end, piece.colour), other[step].colour
            step += 1
