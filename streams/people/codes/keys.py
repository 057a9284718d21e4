"""Keys that codes are signed with, by id and with the time each signs in; the published set (rule 13.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric import ec

from streams.people.codes.cbor import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_ID: Final = 8
"""Bytes of a key's id."""
COORDINATE: Final = 32
"""Bytes of a coordinate of P-256, and of half a signature."""
CURVE: Final = ec.SECP256R1()


class KeySetError(ValueError):
    """Keys that cannot be used together; the message names ids, never a key."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What a verifier has of a key. It signs from `since` until `until`, in seconds; None: not yet ended."""

    public: ec.EllipticCurvePublicKey
    since: int
    until: int | None = None
    id: bytes = field(init=False)

    def __post_init__(self) -> None:
        """Work out the id, and refuse another curve and a time that is none."""
        if not isinstance(self.public.curve, ec.SECP256R1):
            raise KeySetError(f"expected a key on P-256, found one on {self.public.curve.name}")
        if self.until is not None and self.until <= self.since:
            raise KeySetError("expected a key to end after it begins")
        object.__setattr__(self, "id", id_of(self.public))

    def signs_at(self, moment: int) -> bool:
        """Say whether what this key signs may have been issued then."""
        return self.since <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs; its private part is never shown."""

    private: ec.EllipticCurvePrivateKey = field(repr=False)
    id: bytes = field(init=False)

    def __post_init__(self) -> None:
        """Work out the id."""
        object.__setattr__(self, "id", id_of(self.private.public_key()))


@dataclass(frozen=True, slots=True)
class KeySet:
    """The keys as published at `issued`; in a rotation two, of which one has yet to begin or has ended."""

    issued: int
    keys: Mapping[bytes, PublicKey]

    def at(self, moment: int) -> PublicKey:
        """Return the key that signs at a moment; KeySetError where none does."""
        found = [key for key in self.keys.values() if key.signs_at(moment)]
        if not found:
            raise KeySetError("no key is in force: run shendeng keys rotate passes")
        return max(found, key=lambda key: key.since)


def key_set(issued: int, *keys: PublicKey) -> KeySet:
    """Return a set of keys; KeySetError where one stands twice."""
    found = {key.id: key for key in keys}
    if len(found) != len(keys):
        raise KeySetError("a key stands twice")
    return KeySet(issued, found)


def id_of(public: ec.EllipticCurvePublicKey) -> bytes:
    """Return a key's id: the first bytes of its COSE key thumbprint (RFC 9679), so no two keys share one."""
    numbers = public.public_numbers()
    x, y = (number.to_bytes(COORDINATE, "big") for number in (numbers.x, numbers.y))
    return sha256(canonical({1: 2, -1: 1, -2: x, -3: y})).digest()[:KEY_ID]
