"""Colour changes of a few phones, as short as a test wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.domain.records import ColourChanged, Reason

if TYPE_CHECKING:
    from streams.domain.records import Colour, ReasonCode

CODES: dict[Colour, ReasonCode] = {
    "red": "STAYED",
    "yellow": "PASSED_THROUGH",
    "green": "CLEAR",
    "unknown": "TOO_LITTLE",
}


def change(
    phone: int,
    colour: Colour,
    previous: Colour | None = None,
    *,
    place: tuple[int, int] = (0, 0),
    at: int = 0,
) -> ColourChanged:
    area = "market" if colour in ("red", "yellow") else None
    reason = Reason(CODES[colour], area, None if area is None else 1)
    return ColourChanged(phone.to_bytes(16, "big"), 1, previous, colour, (reason,), 0, at, None, *place)
