"""Protocol data units of SMPP 3.4: bytes to values and back (sections 3.2, 4.1, 4.4, 4.6, 4.11).

Strings of the protocol are ASCII with a zero behind them; texts are in the coding that the unit names.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADER: Final = struct.Struct(">IIII")
"""Length of the whole unit, command, status, sequence number."""
MOST: Final = 64 << 10
"""Bytes of the longest unit taken: a text is at most 64 kB."""
RESPONSE: Final = 0x8000_0000
OK: Final = 0
FULL: Final = 0x14
THROTTLED: Final = 0x58
"""Status of a submission that may be tried again a little later; FULL is another."""
UNKNOWN: Final = 0x03
"""Status that answers a command which is not known here."""
INTERNATIONAL: Final = 1
"""Type of number of what E.164 writes without its plus."""
ISDN: Final = 1
UCS2: Final = 8
LATIN: Final = 3
VERSION: Final = 0x34
_LONGEST: Final = 254
"""Bytes of a text in its own field; a longer one stands in `message_payload`."""
_PAYLOAD: Final = 0x0424
_REFERENCE: Final = 0x0204
_NOT_A_TEXT: Final = 0x3C | 0x40
"""Bits of `esm_class` of receipts and of what begins with a header: parts of a long message."""


class PduError(ValueError):
    """Bytes that are no unit of SMPP; the message shows none of them."""


class Command(IntEnum):
    """The commands that are known here."""

    GENERIC_NACK = 0x8000_0000
    SUBMIT = 0x04
    DELIVER = 0x05
    UNBIND = 0x06
    BIND_TRANSCEIVER = 0x09
    ENQUIRE_LINK = 0x15


@dataclass(frozen=True, slots=True)
class Pdu:
    """A unit; `command` without the bit of a response."""

    command: int
    sequence: int
    body: bytes = b""
    status: int = OK
    response: bool = False

    def encoded(self) -> bytes:
        """Return the unit's bytes."""
        command = self.command | (RESPONSE if self.response else 0)
        return HEADER.pack(HEADER.size + len(self.body), command, self.status, self.sequence) + self.body


def decoded(header: bytes, body: bytes) -> Pdu:
    """Return the unit of a header and its body."""
    _, command, status, sequence = HEADER.unpack(header)
    return Pdu(command & ~RESPONSE, sequence, body, status, bool(command & RESPONSE))


def length_of(header: bytes) -> int:
    """Return how many bytes follow a header; PduError where that cannot be meant."""
    whole: int = HEADER.unpack(header)[0]
    if not HEADER.size <= whole <= MOST:
        raise PduError(f"expected a unit of {HEADER.size} to {MOST} bytes, found {whole}")
    return whole - HEADER.size


def bind(sequence: int, system: str, password: str) -> Pdu:
    """Return the wish to be bound as a transceiver."""
    body = _text(system) + _text(password) + _text("") + bytes((VERSION, 0, 0)) + _text("")
    return Pdu(Command.BIND_TRANSCEIVER, sequence, body)


def submit(sequence: int, service: str, number: str, text: str) -> Pdu:
    """Return a text to a number (E.164), from a service's short number, in UCS-2."""
    words = text.encode("utf-16-be")
    if len(words) > _LONGEST:
        raise PduError(f"expected a text of at most {_LONGEST // 2} UCS-2 characters")
    head = _text("") + bytes((0, 0)) + _text(service) + bytes((INTERNATIONAL, ISDN))
    rest = bytes((0, 0, 0)) + _text("") * 2 + bytes((0, 0, UCS2, 0, len(words)))
    return Pdu(Command.SUBMIT, sequence, head + _text(number.removeprefix("+")) + rest + words)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A text from a subscriber; `reference` is the sender's number of it, None where none is given."""

    number: str
    text: str
    reference: int | None


def delivered(body: bytes) -> Delivered | None:
    """Read what `deliver_sm` brings; None for a receipt or a part of a long message, PduError for no text."""
    read = _Reader(body)
    read.text()
    kind = read.byte()
    read.byte()
    number = read.text()
    read.skip(2)
    read.text()
    esm = read.byte()
    read.skip(2)
    read.text()
    read.text()
    read.skip(2)
    coding = read.byte()
    read.byte()
    words = read.some(read.byte())
    more = read.options()
    if esm & _NOT_A_TEXT:
        return None
    plus = "+" if kind == INTERNATIONAL and not number.startswith("+") else ""
    reference = more.get(_REFERENCE)
    return Delivered(
        plus + number,
        _spoken(words or more.get(_PAYLOAD, b""), coding),
        None if reference is None else int.from_bytes(reference, "big"),
    )


def _spoken(words: bytes, coding: int) -> str:
    """Return a text in a coding; what cannot be read becomes U+FFFD, which says nothing."""
    if coding == UCS2:
        return words.decode("utf-16-be", "replace")
    return words.decode("latin-1" if coding == LATIN else "ascii", "replace")


def _text(text: str) -> bytes:
    return text.encode("ascii") + b"\0"


class _Reader:
    """Takes a body apart from the left."""

    def __init__(self, body: bytes) -> None:
        self._left = memoryview(body)

    def some(self, count: int) -> bytes:
        if count > len(self._left):
            raise PduError("expected more bytes")
        found, self._left = bytes(self._left[:count]), self._left[count:]
        return found

    def byte(self) -> int:
        return self.some(1)[0]

    def skip(self, count: int) -> None:
        self.some(count)

    def text(self) -> str:
        end = bytes(self._left).find(b"\0")
        if end < 0:
            raise PduError("expected a zero behind a string")
        return self.some(end + 1)[:-1].decode("ascii", "replace")

    def options(self) -> Mapping[int, bytes]:
        found = {}
        while self._left:
            tag, length = struct.unpack(">HH", self.some(4))
            found[tag] = self.some(length)
        return found
