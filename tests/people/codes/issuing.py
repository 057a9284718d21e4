"""Keys that stay the same, codes signed with them, and messages that no issuer would write."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from streams.people.codes.base45 import decoded, encoded
from streams.people.codes.claims import Code, Colour, Kind
from streams.people.codes.cose import to_be_signed
from streams.people.codes.digits import CheckKey
from streams.people.codes.keys import PublicKey, SigningKey, key_set
from streams.people.codes.text import PREFIX, text_of
from streams.people.verify import Holder, Verdict, verify

NOW = 1_780_000_000
LIVE, PAPER = 300, 72 * 3600
LEEWAY = 120


def signing(number: int) -> SigningKey:
    return SigningKey(ec.derive_private_key(number, ec.SECP256R1()))


OURS, NEXT, FORGERS = signing(4711), signing(4712), signing(666)
KEYS = key_set(
    NOW - 86400,
    PublicKey(OURS.private.public_key(), 0),
    PublicKey(NEXT.private.public_key(), 0),
)
CHECK = CheckKey(bytes(range(32)))
DIGITS = "123X"
CODE = Code(bytes(range(16)), Colour.GREEN, Kind.LIVE, NOW - 60, NOW - 60 + LIVE, CHECK.value(DIGITS))
PASS = replace(CODE, kind=Kind.PAPER, expires=CODE.issued + PAPER)


def holder(digits: str = DIGITS) -> Holder:
    return Holder(digits, CHECK)


def checked(text: str, now: int = NOW, **more: Any) -> Verdict:
    return verify(text, keys=KEYS, now=now, **more)


def bytes_of(text: str) -> bytes:
    return decoded(text.removeprefix(PREFIX))


def as_text(data: bytes) -> str:
    return PREFIX + encoded(data)


def message(
    claims: bytes | None = None,
    protected: bytes | None = None,
    unprotected: dict[int, Any] | None = None,
    tag: int = 18,
    key: SigningKey = OURS,
) -> bytes:
    """Return a message with a signature that holds, written in whatever way was asked for."""
    claims = CODE.claims() if claims is None else claims
    protected = headers() if protected is None else protected
    parts = [protected, unprotected or {}, claims, _signature(key, to_be_signed(protected, claims))]
    return cbor2.dumps(cbor2.CBORTag(tag, parts), canonical=True)


def headers(alg: object = -7, key: SigningKey = OURS, **more: Any) -> bytes:
    return cbor2.dumps({1: alg, 4: key.id} | {int(k[1:]): v for k, v in more.items()}, canonical=True)


def _signature(key: SigningKey, data: bytes) -> bytes:
    r, s = decode_dss_signature(key.private.sign(data, ec.ECDSA(SHA256(), deterministic_signing=True)))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


TEXT = text_of(CODE, OURS)
