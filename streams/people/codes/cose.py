"""COSE_Sign1 with ES256 (RFC 9052, RFC 9053), and nothing else of COSE: one algorithm, one place for it.

A library of COSE does whatever a message asks of it. Ours asks one thing, and a message that is written in
any other way is refused before its signature is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cbor2 import CBORTag
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from streams.people.codes.cbor import CborError, canonical, plain
from streams.people.codes.keys import COORDINATE
from streams.people.codes.refusals import Refusal, RefusedError

if TYPE_CHECKING:
    from streams.people.codes.keys import KeySet, PublicKey, SigningKey

SIGN1: Final = 18
"""The tag of COSE_Sign1."""
ALG, KID, TYP = 1, 4, 16
"""Protected headers: algorithm, key id, and of what is no code its type (RFC 9596)."""
ES256: Final = -7
SIGNATURE: Final = 2 * COORDINATE
_VERIFYING: Final = ec.ECDSA(SHA256())
_SIGNING: Final = ec.ECDSA(SHA256(), deterministic_signing=True)
"""RFC 6979: the same claims and key give the same code, so signing needs no randomness."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A payload whose signature holds, and the key it holds by."""

    payload: bytes
    key: PublicKey


def signed(payload: bytes, key: SigningKey, typ: str | None = None) -> bytes:
    """Return a payload signed; `typ` keeps a list from ever being taken for a code."""
    protected = canonical(_headers(key.id, typ))
    r, s = decode_dss_signature(key.private.sign(to_be_signed(protected, payload), _SIGNING))
    signature = r.to_bytes(COORDINATE, "big") + s.to_bytes(COORDINATE, "big")
    return _message(protected, payload, signature)


def opened(data: bytes, keys: KeySet, typ: str | None = None) -> Signed:
    """Return what was signed; RefusedError unless it was, by one of the keys, and is written the one way."""
    protected, payload, signature = _parts(data)
    key = _key(protected, keys, typ)
    if not holds(key.public, to_be_signed(protected, payload), signature):
        raise RefusedError(Refusal.BAD_SIGNATURE)
    return Signed(payload, key)


def to_be_signed(protected: bytes, payload: bytes, external: bytes = b"") -> bytes:
    """Return the bytes that a signature is made over (RFC 9052, 4.4)."""
    return canonical(["Signature1", protected, external, payload])


def holds(public: ec.EllipticCurvePublicKey, message: bytes, signature: bytes) -> bool:
    """Say whether a signature, two numbers of 32 bytes, is the key's over a message (RFC 9053, 2.1)."""
    if len(signature) != SIGNATURE:
        return False
    r, s = (int.from_bytes(half, "big") for half in (signature[:COORDINATE], signature[COORDINATE:]))
    try:
        public.verify(encode_dss_signature(r, s), message, _VERIFYING)
    except InvalidSignature:
        return False
    return True


def _headers(key_id: bytes, typ: str | None) -> dict[int, object]:
    return {ALG: ES256, KID: key_id} | ({} if typ is None else {TYP: typ})


def _message(protected: bytes, payload: bytes, signature: bytes) -> bytes:
    return canonical(CBORTag(SIGN1, [protected, {}, payload, signature]))


def _parts(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Return protected headers, payload and signature."""
    match _strict(data):
        case CBORTag(tag=tag, value=[bytes(protected), unprotected, bytes(payload), bytes(signature)]):
            pass
        case _:
            raise RefusedError(Refusal.UNSIGNED)
    if tag != SIGN1 or not signature:
        raise RefusedError(Refusal.UNSIGNED)
    if _message(protected, payload, signature) != data:
        raise RefusedError(Refusal.UNKNOWN_HEADER if unprotected else Refusal.NOT_CANONICAL)
    return protected, payload, signature


def _key(protected: bytes, keys: KeySet, typ: str | None) -> PublicKey:
    """Return the key that the protected headers name, if they are just those that ours have."""
    headers = _strict(protected)
    if not isinstance(headers, dict) or headers.get(ALG) != ES256:
        raise RefusedError(Refusal.UNKNOWN_ALGORITHM)
    key_id = headers.get(KID)
    if not isinstance(key_id, bytes) or headers != (expected := _headers(key_id, typ)):
        raise RefusedError(Refusal.UNKNOWN_HEADER)
    if protected != canonical(expected):
        raise RefusedError(Refusal.NOT_CANONICAL)
    if key_id not in keys.keys:
        raise RefusedError(Refusal.UNKNOWN_KEY)
    return keys.keys[key_id]


def _strict(data: bytes) -> object:
    try:
        return plain(data)
    except CborError as error:
        raise RefusedError(Refusal.TRUNCATED if error.cut else Refusal.NOT_CANONICAL) from None
