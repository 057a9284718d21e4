"""A code as the text that a QR holds: COSE_Sign1 in Base45, behind four characters (rule 13.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.people.codes.base45 import Base45Error, decoded, encoded
from streams.people.codes.claims import ClaimsError, code_of
from streams.people.codes.cose import opened, signed
from streams.people.codes.refusals import Refusal, RefusedError

if TYPE_CHECKING:
    from streams.people.codes.claims import Code
    from streams.people.codes.keys import KeySet, PublicKey, SigningKey

PREFIX: Final = "SD1:"
"""Shendeng's codes, first form; characters that QR's alphanumeric mode has."""
MOST: Final = 311
"""Characters that a QR of version 10 holds at error level M; the longest code has 195."""


def text_of(code: Code, key: SigningKey) -> str:
    """Return a code signed, as text."""
    return PREFIX + encoded(signed(code.claims(), key))


def read(text: str, keys: KeySet) -> tuple[Code, PublicKey]:
    """Return what a text says and the key it is signed with; RefusedError unless its signature holds."""
    found = opened(_data(text), keys)
    try:
        return code_of(found.payload), found.key
    except ClaimsError:
        raise RefusedError(Refusal.BAD_CLAIMS) from None


def _data(text: str) -> bytes:
    if len(text) > MOST:
        raise RefusedError(Refusal.TOO_LONG)
    if not text.startswith(PREFIX):
        raise RefusedError(Refusal.TRUNCATED if text and PREFIX.startswith(text) else Refusal.NOT_A_CODE)
    try:
        return decoded(text.removeprefix(PREFIX))
    except Base45Error as error:
        raise RefusedError(Refusal.TRUNCATED if error.cut else Refusal.NOT_A_CODE) from None
