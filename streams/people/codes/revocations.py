"""The revocation list: which passes are withdrawn, signed, eight bytes each (rule 13.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.people.codes.cbor import CborError, canonical, plain
from streams.people.codes.claims import IAT, LATEST
from streams.people.codes.cose import opened, signed
from streams.people.codes.refusals import Refusal, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.people.codes.keys import KeySet, SigningKey

TYP: Final = "application/shendeng-revocations+cose"
"""Stands in the protected header, so that no code is ever a list, and no list a code."""
WITHDRAWN: Final = -65538
"""Our claim of the withdrawn passes, in private use as the one of codes."""
SHORT: Final = 8
"""Bytes of a pass id that the list has. Ids are random: among 100 million passes and 100,000 withdrawn ones,
one is wrongly in the list with a chance of one in two million."""


@dataclass(frozen=True, slots=True)
class Revocations:
    """The passes withdrawn at `issued` (seconds) and not expired, by the first bytes of their ids."""

    issued: int
    withdrawn: frozenset[bytes]

    def has(self, pass_id: bytes) -> bool:
        """Say whether a pass is withdrawn."""
        return pass_id[:SHORT] in self.withdrawn


def revocations_of(issued: int, pass_ids: Iterable[bytes]) -> Revocations:
    """Return the list of some passes."""
    return Revocations(issued, frozenset(pass_id[:SHORT] for pass_id in pass_ids))


def list_of(revocations: Revocations, key: SigningKey) -> bytes:
    """Return the list signed, sorted so that it tells nothing of the order in which passes were withdrawn."""
    return signed(_claims(revocations), key, TYP)


def read_list(data: bytes, keys: KeySet) -> Revocations:
    """Return what a list says; RefusedError unless it is one and a key signed it while in force."""
    found = opened(data, keys, TYP)
    read = _revocations(found.payload)
    if not found.key.signs_at(read.issued):
        raise RefusedError(Refusal.KEY_OUT_OF_TIME)
    return read


def _revocations(claims: bytes) -> Revocations:
    try:
        said = plain(claims)
    except CborError:
        raise RefusedError(Refusal.BAD_CLAIMS) from None
    match said:
        case {**every} if every.keys() == {IAT, WITHDRAWN}:
            issued, ids = every[IAT], every[WITHDRAWN]
        case _:
            raise RefusedError(Refusal.BAD_CLAIMS)
    if not isinstance(ids, bytes) or len(ids) % SHORT:
        raise RefusedError(Refusal.BAD_CLAIMS)
    if not isinstance(issued, int) or not 0 <= issued <= LATEST:
        raise RefusedError(Refusal.BAD_CLAIMS)
    read = Revocations(issued, frozenset(ids[at : at + SHORT] for at in range(0, len(ids), SHORT)))
    if _claims(read) != claims:
        raise RefusedError(Refusal.BAD_CLAIMS)
    return read


def _claims(revocations: Revocations) -> bytes:
    return canonical({IAT: revocations.issued, WITHDRAWN: b"".join(sorted(revocations.withdrawn))})
