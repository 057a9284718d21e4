"""An answer as text messages: at most 70 UCS-2 characters each, cut between pieces (rule 14.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST: Final = 70
"""UCS-2 characters of one text message."""
NAME: Final = 40
"""UCS-2 characters of a piece at most: what comes before its part's number and after still fits."""


def length(text: str) -> int:
    """Return a text's UCS-2 characters: one beyond the basic plane takes two."""
    return len(text.encode("utf-16-be", "surrogatepass")) // 2


def parts(pieces: Sequence[str]) -> tuple[str, ...]:
    """Return pieces put together into as few messages as they need, none of them cut.

    Several are numbered, `1/3 `. ValueError for a piece that no message holds.
    """
    whole = "".join(pieces).strip()
    if length(whole) <= MOST:
        return (whole,)
    expected, found = 1, 2
    while found != expected:
        expected = found
        packed = _packed(pieces, MOST - len(_number(expected, expected)))
        found = max(expected, len(packed))
    return tuple(_number(at, len(packed)) + text for at, text in enumerate(packed, 1))


def _number(at: int, of: int) -> str:
    return f"{at}/{of} "


def _packed(pieces: Sequence[str], room: int) -> list[str]:
    found = [""]
    for piece in pieces:
        if length(piece.strip()) > room:
            raise ValueError(f"a piece of {length(piece)} characters fits no message: at most {room}")
        if length((found[-1] + piece).rstrip()) > room:
            found.append("")
        found[-1] += piece if found[-1] else piece.lstrip()
    return [text.rstrip() for text in found]
