"""Whether digits are those of whoever holds a phone (rule 14.2): one yes and one no, whatever the reason."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

from streams.people.codes.digits import VALUES

if TYPE_CHECKING:
    from streams.people.phones import Phone

_NOBODYS: Final = VALUES
"""In place of a check value where there is none; no digits have it."""


def fits(state: Phone, check: int, time: int) -> bool:
    """Say whether a check value is that of the phone's holder at a time, by what its carriers bound it with.

    No for other digits, for a phone bound to nobody (or by hand alone, which names no digits) and for one
    that nobody knows; each is looked up and compared the same way.
    """
    expected = expected_of(state, time)
    same = hmac.compare_digest(expected.to_bytes(2, "big"), check.to_bytes(2, "big"))
    return same and expected != _NOBODYS


def expected_of(state: Phone, time: int) -> int:
    """Return the check value that fits a phone at a time, one that none has where nothing does."""
    holder = state.holder(time)
    names = frozenset[bytes]() if holder is None else holder.names
    return max(
        (
            (version, one.check)
            for version, one in state.bindings.items()
            if one.check is not None and not names.isdisjoint({one.person or b"", one.other_person or b""})
        ),
        default=(0, _NOBODYS),
    )[1]
