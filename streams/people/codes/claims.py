"""What a code says, and its CWT claims (RFC 8392): no number, no place, no pseudonym (rule 13.1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from streams.people.codes.cbor import CborError, canonical, plain
from streams.people.codes.digits import VALUES

PASS_ID: Final = 16
"""Bytes of a pass's id, random and new at each issue."""
LATEST: Final = (1 << 32) - 1
"""The last second, in 2106, whose claim has four bytes: so the longest code is known."""
EXP, IAT, CTI = 4, 6, 7
"""RFC 8392: expiration time, issued at, the token's id."""
SAYS: Final = -65537
"""Our one claim, [colour, kind, check]: registered names end at -65536, what is below is private use."""


_CLAIMS: Final = {EXP, IAT, CTI, SAYS}


class Colour(StrEnum):
    """What a code shows, in the order of its numbers."""

    UNKNOWN = "unknown"
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Kind(StrEnum):
    """Where a code is shown, in the order of its numbers: holder's page, paper, a proxy's page."""

    LIVE = "live"
    PAPER = "paper"
    PROXY = "proxy"


COLOURS: Final = tuple(Colour)
KINDS: Final = tuple(Kind)


class ClaimsError(ValueError):
    """Claims that rule 13.1 does not know."""


@dataclass(frozen=True, slots=True)
class Code:
    """What is signed; times are seconds since 1970, `check` is the check value of the document's digits."""

    pass_id: bytes
    colour: Colour
    kind: Kind
    issued: int
    expires: int
    check: int

    def __post_init__(self) -> None:
        """Refuse what would be no code: ClaimsError names the claim."""
        if len(self.pass_id) != PASS_ID:
            raise ClaimsError(f"pass id: expected {PASS_ID} bytes, found {len(self.pass_id)}")
        if not 0 <= self.issued < self.expires <= LATEST:
            raise ClaimsError(f"issued and expires: expected 0 to {LATEST}, the one before the other")
        if not 0 <= self.check < VALUES:
            raise ClaimsError(f"check: expected 0 to {VALUES - 1}, found {self.check}")

    def claims(self) -> bytes:
        """Return the claims in CBOR's deterministic encoding (RFC 8949, 4.2)."""
        says = [COLOURS.index(self.colour), KINDS.index(self.kind), self.check]
        return canonical({EXP: self.expires, IAT: self.issued, CTI: self.pass_id, SAYS: says})


def code_of(claims: bytes) -> Code:
    """Return the code of some claims; ClaimsError where they are none or are not in their one encoding."""
    try:
        found = plain(claims)
    except CborError as error:
        raise ClaimsError(str(error)) from None
    if not isinstance(found, dict) or found.keys() != _CLAIMS:
        raise ClaimsError("expected expiry, issue, id and what a code says, and nothing else")
    code = _code(found[CTI], found[IAT], found[EXP], found[SAYS])
    if code.claims() != claims:
        raise ClaimsError("expected CBOR's deterministic encoding")
    return code


def _code(pass_id: object, issued: object, expires: object, says: object) -> Code:
    match says:
        case [int(colour), int(kind), int(check)] if 0 <= colour < len(COLOURS) and 0 <= kind < len(KINDS):
            pass
        case _:
            raise ClaimsError("expected the numbers of a colour and of a kind, and a check value")
    if not isinstance(pass_id, bytes) or not isinstance(issued, int) or not isinstance(expires, int):
        raise ClaimsError("expected an id of bytes, and whole seconds")
    return Code(pass_id, COLOURS[colour], KINDS[kind], issued, expires, check)
