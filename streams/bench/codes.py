"""How many codes a gate's core checks a second with no network (rule 13.3)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from streams.people.codes.claims import PASS_ID, Code, Colour, Kind
from streams.people.codes.digits import SECRET, CheckKey
from streams.people.codes.keys import CURVE, PublicKey, SigningKey, key_set
from streams.people.codes.revocations import revocations_of
from streams.people.codes.text import text_of
from streams.people.verify import Holder, verify

DIGITS: Final = "1234"
ISSUED: Final = 1_780_000_000
LASTS: Final = 300
REVOKED: Final = 10_000
"""Passes in the list that every code is looked up in."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Codes that differ, and everything that a gate checks them with."""

    texts: tuple[str, ...]
    key: PublicKey
    holder: Holder

    def checked_per_s(self) -> float:
        """Return the codes checked in a second of CPU, each whole: signature, times, list and digits."""
        keys = key_set(ISSUED, self.key)
        listed = revocations_of(ISSUED, map(_pass_id, range(REVOKED)))
        begun = time.process_time()
        good = [
            verify(text, keys=keys, now=ISSUED, revocations=listed, holder=self.holder).refused is None
            for text in self.texts
        ]
        spent = time.process_time() - begun
        if not all(good):
            raise RuntimeError("a good code was refused: nothing was measured")
        return len(self.texts) / spent


def gate(codes: int) -> Gate:
    """Return a gate with so many codes to check, signed by a key made for it."""
    signing = SigningKey(ec.generate_private_key(CURVE))
    check = CheckKey(bytes(SECRET))
    value = check.value(DIGITS)
    texts = (
        text_of(Code(_pass_id(number), Colour.GREEN, Kind.LIVE, ISSUED, ISSUED + LASTS, value), signing)
        for number in range(REVOKED, REVOKED + codes)
    )
    return Gate(tuple(texts), PublicKey(signing.private.public_key(), 0), Holder(DIGITS, check))


def _pass_id(number: int) -> bytes:
    """Return an id whose first bytes, which a list has, differ for different numbers."""
    return number.to_bytes(PASS_ID, "little")
