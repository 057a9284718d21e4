"""A code as a QR that an old phone's camera reads: version 10 at most, error level M (rule 13.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import segno

if TYPE_CHECKING:
    from segno import QRCode

LARGEST: Final = 10
"""The largest version, of 57 modules a side."""


def qr_of(text: str) -> QRCode:
    """Return a code's QR; segno.DataOverflowError where it would be larger than version 10."""
    return segno.make_qr(text, error="m", mode="alphanumeric", version=_version(text), boost_error=False)


def _version(text: str) -> int | None:
    """Return None, segno's choice of the smallest, unless that is too large: then it refuses."""
    found = segno.make_qr(text, error="m", mode="alphanumeric", boost_error=False)
    return LARGEST if isinstance(found.version, int) and found.version > LARGEST else None
