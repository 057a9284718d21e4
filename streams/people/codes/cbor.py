"""CBOR written and read in one way only (RFC 8949): no key twice, nothing after the end."""

from __future__ import annotations

from typing import Any, Final

import cbor2

DEEPEST: Final = 4
"""Ours nest a tag, an array, a map and an array at most."""


class CborError(ValueError):
    """Bytes that are no CBOR of ours; `cut` where they end too early."""

    def __init__(self, text: str, *, cut: bool = False) -> None:
        super().__init__(text)
        self.cut = cut


def canonical(value: object) -> bytes:
    """Return a value's deterministic encoding (RFC 8949, 4.2)."""
    return cbor2.dumps(value, canonical=True)


def plain(data: bytes) -> Any:
    """Return the value that some bytes begin with; CborError for an indefinite length or a key twice.

    Whoever calls it encodes what was found again and compares: so nothing may follow, and no second
    spelling of the same value is ever taken, one that a lenient reader may take for another.
    """
    try:
        return cbor2.loads(data, max_depth=DEEPEST, allow_indefinite=False, allow_duplicate_keys=False)
    except cbor2.CBORDecodeEOF:
        raise CborError("ends before it is whole", cut=True) from None
    except cbor2.CBORDecodeError:
        raise CborError("expected CBOR without indefinite lengths, without a key twice") from None
