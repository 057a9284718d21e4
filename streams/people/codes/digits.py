"""The check value of a document's last four digits: 10 bits, made with a key (rule 13.1)."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from typing import Final

BITS: Final = 10
VALUES: Final = 1 << BITS
"""A stranger's digits have the same value once in so many."""
SECRET: Final = 32
"""Bytes of the key."""
_PROOF: Final = b"which check key"
"""Nobody's digits."""
DIGITS: Final = re.compile(r"[0-9]{3}[0-9Xx]", re.ASCII)
"""The last of a resident's document may be X, the check character eleven mod-two of GB 11643."""


class DigitsError(ValueError):
    """What was given is no document's last four digits; it is not shown."""


@dataclass(frozen=True, slots=True)
class CheckKey:
    """The deployment's key of check values; never shown.

    The value is the same in all of a person's codes, and for all whose four digits are the same. Who has
    the key can narrow a value down to some ten of the ten thousand endings; who has not learns nothing.
    """

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse a key of another length."""
        if len(self.secret) != SECRET:
            raise DigitsError(f"expected a key of {SECRET} bytes")

    def value(self, digits: str) -> int:
        """Return the check value, 0 to 1023, of a document's last four digits (the last may be X)."""
        if DIGITS.fullmatch(digits) is None:
            raise DigitsError("expected the document's last four digits, of which the last may be X")
        hashed = hmac.digest(self.secret, digits.upper().encode("ascii"), "sha256")
        return int.from_bytes(hashed[:2], "big") % VALUES

    def proof(self) -> str:
        """Return a text that differs for different keys and gives nothing of them away."""
        return hmac.digest(self.secret, _PROOF, "sha256").hex()

    def fits(self, digits: str, value: int) -> bool:
        """Say whether these digits have this check value."""
        return hmac.compare_digest(self.value(digits).to_bytes(2, "big"), value.to_bytes(2, "big"))
