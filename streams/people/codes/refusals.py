"""Why a code is refused: a stable code each, and what whoever stands there can do."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Refusal(StrEnum):
    """The first reason that holds, in this order."""

    TOO_LONG = "too_long"
    NOT_A_CODE = "not_a_code"
    TRUNCATED = "truncated"
    NOT_CANONICAL = "not_canonical"
    UNSIGNED = "unsigned"
    UNKNOWN_ALGORITHM = "unknown_algorithm"
    UNKNOWN_HEADER = "unknown_header"
    UNKNOWN_KEY = "unknown_key"
    BAD_SIGNATURE = "bad_signature"
    BAD_CLAIMS = "bad_claims"
    KEY_OUT_OF_TIME = "key_out_of_time"
    LASTS_TOO_LONG = "lasts_too_long"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    OTHER_DIGITS = "other_digits"


TOLD: Final = {
    Refusal.TOO_LONG: "longer than any code: scan the code alone",
    Refusal.NOT_A_CODE: "no code of ours: scan again, or ask for other evidence",
    Refusal.TRUNCATED: "part of it is missing: scan again",
    Refusal.NOT_CANONICAL: "not written the one way codes are: treat it as forged",
    Refusal.UNSIGNED: "not signed the way codes are: treat it as forged",
    Refusal.UNKNOWN_ALGORITHM: "signed with an algorithm that codes never have: treat it as forged",
    Refusal.UNKNOWN_HEADER: "says more beside its claims than codes do: treat it as forged",
    Refusal.UNKNOWN_KEY: "signed with no key of the list: fetch the keys again; if it stays so, it is forged",
    Refusal.BAD_SIGNATURE: "its signature does not hold: it was changed, or is forged",
    Refusal.BAD_CLAIMS: "signed, yet not a code's claims: tell who issues codes",
    Refusal.KEY_OUT_OF_TIME: "issued when its key was not in force: tell who issues codes",
    Refusal.LASTS_TOO_LONG: "lasts longer than any code may: tell who issues codes",
    Refusal.NOT_YET_VALID: "issued later than now: set this clock, then scan again",
    Refusal.EXPIRED: "no longer valid: ask for the code as it is now, or for other evidence",
    Refusal.REVOKED: "withdrawn: ask for a new one, or for other evidence",
    Refusal.OTHER_DIGITS: "not the holder's digits: ask for the document",
}
"""What to do about each."""


class RefusedError(ValueError):
    """A code that is refused; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal}: {TOLD[refusal]}")
        self.refusal = refusal
