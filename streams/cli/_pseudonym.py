"""A phone or a person as a command line names one: 32 hex digits."""

from __future__ import annotations

from streams import codecs
from streams.kafka.errors import UnusableError


def pseudonym(what: str, text: str) -> bytes:
    """Return the 16 bytes; UnusableError says what was expected, and not what was given."""
    if codecs.PSEUDONYM.fullmatch(text.lower()) is None:
        raise UnusableError(f"{what}: expected 32 hex digits")
    return bytes.fromhex(text)
