"""The key set as it is published: a JSON Web Key Set (RFC 7517) whose keys say when each signs."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec

from streams.people.codes.keys import COORDINATE, CURVE, KeySetError, PublicKey, key_set
from streams.people.times import text

if TYPE_CHECKING:
    from streams.people.codes.keys import KeySet


def document_of(keys: KeySet) -> dict[str, Any]:
    """Return a key set as JSON has it; times are RFC 3339."""
    inside = sorted(keys.keys.values(), key=lambda key: (key.since, key.id))
    return {"issued": text(keys.issued), "keys": [_jwk(key) for key in inside]}


def key_set_of(document: object) -> KeySet:
    """Return the key set of a document; KeySetError says which key is wrong, and how."""
    match document:
        case {"issued": str(issued), "keys": [*keys]}:
            inside = [_key(f"key {place}", key) for place, key in enumerate(keys, 1)]
            return key_set(_seconds("issued", issued), *inside)
    raise KeySetError("expected `issued` and a list `keys`")


def _jwk(key: PublicKey) -> dict[str, Any]:
    numbers = key.public.public_numbers()
    return {
        "kid": key.id.hex(),
        "kty": "EC",
        "crv": "P-256",
        "alg": "ES256",
        "use": "sig",
        "x": _base64(numbers.x),
        "y": _base64(numbers.y),
        "from": text(key.since),
        "until": None if key.until is None else text(key.until),
    }


def _key(place: str, jwk: object) -> PublicKey:
    match jwk:
        case {"kid": str(kid), "kty": "EC", "crv": "P-256", "alg": "ES256", "x": str(x), "y": str(y), **more}:
            since, until = more.get("from"), more.get("until")
        case _:
            raise KeySetError(f"{place}: expected kid, kty EC, crv P-256, alg ES256, x, y, from and until")
    if "d" in more:
        raise KeySetError(f"{place}: expected no private part; it is compromised, replace it")
    try:
        numbers = ec.EllipticCurvePublicNumbers(_number(x), _number(y), CURVE)
        public = numbers.public_key()
    except ValueError:
        raise KeySetError(f"{place}: expected x and y of a point on P-256") from None
    key = PublicKey(public, _seconds(place, since), None if until is None else _seconds(place, until))
    if key.id.hex() != kid:
        raise KeySetError(f"{place}: expected the kid {key.id.hex()}, which its x and y give")
    return key


def _base64(number: int) -> str:
    return urlsafe_b64encode(number.to_bytes(COORDINATE, "big")).rstrip(b"=").decode("ascii")


def _number(coordinate: str) -> int:
    """Return a coordinate; ValueError unless it is one of 32 bytes."""
    try:
        data = urlsafe_b64decode(coordinate + "=" * (-len(coordinate) % 4))
    except Base64Error as error:
        raise ValueError from error
    if len(data) != COORDINATE:
        raise ValueError
    return int.from_bytes(data, "big")


def _seconds(place: str, time: object) -> int:
    try:
        found = datetime.fromisoformat(time) if isinstance(time, str) else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise KeySetError(f"{place}: expected a time with its offset (RFC 3339)")
    return int(found.timestamp())
