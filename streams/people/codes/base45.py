"""Base45 (RFC 9285): bytes in the characters that a QR code packs best, spelled in one way."""

from __future__ import annotations

import struct
from typing import Final

CHARACTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
SIZE: Final = len(CHARACTERS)
_PAIR, _SINGLE = 0xFFFF, 0xFF
"""The largest value of three characters, and of the last two where bytes are an odd number."""
_NONE: Final = 0xFF
_VALUES: Final = bytes(CHARACTERS.find(chr(byte)) & _NONE for byte in range(256))
"""Each character's value, _NONE for what is none."""


class Base45Error(ValueError):
    """A text that is nobody's Base45; `cut` where the end of a group is missing."""

    def __init__(self, text: str, *, cut: bool = False) -> None:
        super().__init__(text)
        self.cut = cut


def encoded(data: bytes) -> str:
    """Return the text of some bytes."""
    found = []
    for at in range(0, len(data), 2):
        pair = data[at : at + 2]
        value = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            value, digit = divmod(value, SIZE)
            found.append(CHARACTERS[digit])
    return "".join(found)


def decoded(text: str) -> bytes:
    """Return the bytes of a text; Base45Error for another character, too large a group or half of one."""
    values = text.encode("ascii", "replace").translate(_VALUES)
    if _NONE in values:
        raise Base45Error("a character is none of Base45's 45")
    pairs = [
        low + SIZE * (middle + SIZE * high)
        for low, middle, high in zip(values[0::3], values[1::3], values[2::3], strict=False)
    ]
    if pairs and max(pairs) > _PAIR:
        raise Base45Error("a group is larger than two bytes can be")
    return struct.pack(f">{len(pairs)}H", *pairs) + _last(values[3 * len(pairs) :])


def _last(values: bytes) -> bytes:
    """Return the byte of the last group of two characters, none where there is no such group."""
    if not values:
        return b""
    value = values[0] + SIZE * values[-1]
    if len(values) == 1 or value > _SINGLE:
        raise Base45Error("its last group is cut", cut=True)
    return bytes((value,))
