"""Keys that sign heads: Ed25519, named by what they are, several at once while one follows another."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_ID: Final = 8
"""Bytes of a key's id: the beginning of the SHA-256 of its public part."""
_BLOCK: Final = re.compile(rb"-----BEGIN [A-Z ]+-----.*?-----END [A-Z ]+-----", re.DOTALL)


class KeyFileError(ValueError):
    """A file without usable keys; the message says what was expected, never what stands there."""


@dataclass(frozen=True, slots=True)
class FileSigner:
    """A private key from a file; it is never shown."""

    private: Ed25519PrivateKey = field(repr=False)

    @property
    def id(self) -> bytes:
        """The key's id."""
        return key_id(self.private.public_key())

    def sign(self, message: bytes) -> bytes:
        """Return the signature, the same each time."""
        return self.private.sign(message)


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The public keys that may have signed, by id: those of today, and those that signed what is kept."""

    keys: Mapping[bytes, Ed25519PublicKey] = field(default_factory=dict)

    def signed(self, key: bytes, message: bytes, signature: bytes) -> bool | None:
        """Say whether a signature is right, None where the key is not known."""
        public = self.keys.get(key)
        if public is None:
            return None
        try:
            public.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def and_of(self, signer: FileSigner) -> PublicKeys:
        """Return these keys and a signer's own."""
        return PublicKeys({**self.keys, signer.id: signer.private.public_key()})


def key_id(public: Ed25519PublicKey) -> bytes:
    """Return a key's id."""
    return sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()[:KEY_ID]


def signer_of(pem: bytes) -> FileSigner:
    """Read a private key (`openssl genpkey -algorithm ED25519`); KeyFileError says why not."""
    try:
        private = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError("expected a private key in PEM without a password") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileError("expected an Ed25519 key: make one with openssl genpkey -algorithm ED25519")
    return FileSigner(private)


def public_keys_of(pem: bytes) -> PublicKeys:
    """Read public keys, one PEM block behind the other; KeyFileError says why not."""
    found: dict[bytes, Ed25519PublicKey] = {}
    for number, block in enumerate(_BLOCK.findall(pem), 1):
        try:
            public = load_pem_public_key(block)
        except (ValueError, UnsupportedAlgorithm):
            raise KeyFileError(f"key {number}: expected a public key in PEM") from None
        if not isinstance(public, Ed25519PublicKey):
            raise KeyFileError(f"key {number}: expected an Ed25519 key")
        found[key_id(public)] = public
    if not found:
        raise KeyFileError("expected public keys in PEM: openssl pkey -in KEY -pubout")
    return PublicKeys(found)
