"""Signed heads: what a chain was like on a day, under a key that its writers need not have (rule 17.1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from streams.people.audit.digests import framed, number

if TYPE_CHECKING:
    from streams.people.audit.chain import End

HEAD_DOMAIN: Final = "shendeng/look-up/head/1"


class Signer(Protocol):
    """Whoever vouches for heads: a key's id and what signs with it."""

    @property
    def id(self) -> bytes:
        """The key's id."""

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message."""


class Known(Protocol):
    """The keys that may have signed."""

    def signed(self, key: bytes, message: bytes, signature: bytes) -> bool | None:
        """Say whether a signature is right, None where the key is not known."""


@dataclass(frozen=True, slots=True)
class Head:
    """A signed head: a chain's end as it stood `at` (ms), the key's id and the signature."""

    end: End
    at: int
    key: bytes
    signature: bytes = b""

    def message(self) -> bytes:
        """Return what is signed: everything but the signature."""
        return framed(
            HEAD_DOMAIN,
            self.end.writer.encode(),
            number(self.end.sequence),
            self.end.hash,
            number(self.end.at),
            number(self.at),
            self.key,
        )


def signed_head(end: End, at: int, signer: Signer) -> Head:
    """Return a chain's end signed at a time (ms)."""
    bare = Head(end, at, signer.id)
    return replace(bare, signature=signer.sign(bare.message()))
