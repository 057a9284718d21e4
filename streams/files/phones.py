"""The column `phone`: pseudonyms in hex, or numbers that become pseudonyms here (rule 6.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from streams.people.pseudonyms import Keys

PHONE_DIGITS: Final = 32
_KEPT: Final = 1 << 18
"""Numbers whose pseudonyms are remembered: checking one costs as much as a hundred look-ups."""


class ReadPhones(Protocol):
    """Makes of a text the pseudonyms its sighting is sent under."""

    def __call__(self, text: str) -> tuple[bytes, ...] | None:
        """Return the pseudonyms, None for what is no phone."""


def pseudonym_of(text: str) -> bytes | None:
    """Return a phone's bytes; None for what is not 32 lower-case hex digits."""
    if len(text) != PHONE_DIGITS:
        return None
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        return None
    # fromhex takes capitals and blanks too: only the one spelling comes back as it was.
    return raw if raw.hex() == text else None


def as_it_is(text: str) -> tuple[bytes, ...] | None:
    """Read a pseudonym."""
    raw = pseudonym_of(text)
    return None if raw is None else (raw,)


class Numbers:
    """Reads numbers in E.164 and gives what they are sent under; numbers are held in memory only."""

    def __init__(self, keys: Keys) -> None:
        from streams.people.numbers import is_e164  # noqa: PLC0415 - its tables are loaded for numbers only

        self._keys, self._is_e164 = keys, is_e164
        self._known: dict[str, tuple[bytes, ...]] = {}

    def __call__(self, text: str) -> tuple[bytes, ...] | None:
        """Return the pseudonyms of a number, None for what is none."""
        known = self._known.get(text)
        if known is None and self._is_e164(text):
            if len(self._known) >= _KEPT:
                self._known.clear()
            known = self._known[text] = self._keys.pseudonyms(text)
        return known
