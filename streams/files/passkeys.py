"""The folder of a deployment's pass keys: `keys.json`, published, and a private key a file (rule 13.1)."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from streams.files.doors import replacing, text_of
from streams.files.private import private_bytes, write_private
from streams.files.unusable import UnusableError
from streams.people.codes.digits import SECRET, CheckKey
from streams.people.codes.keys import KEY_ID, KeySetError, SigningKey
from streams.people.codes.published import document_of, key_set_of

if TYPE_CHECKING:
    from pathlib import Path

    from streams.people.codes.keys import KeySet

PUBLISHED: Final = "keys.json"
_PRIVATE: Final = re.compile(rf"[0-9a-f]{{{2 * KEY_ID}}}\.pem", re.ASCII)
_HEX: Final = re.compile(rf"[0-9a-fA-F]{{{2 * SECRET}}}\s*", re.ASCII)


def key_set_at(path: str) -> KeySet:
    """Return the key set of a file; UnusableError says what is wrong with it."""
    try:
        return key_set_of(json.loads(text_of(path)))
    except (json.JSONDecodeError, RecursionError):
        raise UnusableError(path, "", "expected JSON: the document of /v1/keys") from None
    except KeySetError as error:
        raise UnusableError(path, "", str(error)) from None


def signing_key(folder: Path, keys: KeySet, moment: int) -> SigningKey:
    """Return the key that signs at a moment; UnusableError where its file is missing or holds another."""
    try:
        wanted = keys.at(moment).id
    except KeySetError as error:
        raise UnusableError(str(folder / PUBLISHED), "", str(error)) from None
    path = str(folder / f"{wanted.hex()}.pem")
    pem = private_bytes(path, "--folder")
    try:
        private = load_pem_private_key(pem, None)
        key = SigningKey(private) if isinstance(private, ec.EllipticCurvePrivateKey) else None
    except (ValueError, TypeError):
        key = None
    if key is None or key.id != wanted:
        raise UnusableError(path, "", f"expected the private key {wanted.hex()} in PEM, not encrypted")
    return key


def private_keys(folder: Path) -> tuple[Path, ...]:
    """Return the files of the private keys there are."""
    return tuple(sorted(path for path in folder.iterdir() if _PRIVATE.fullmatch(path.name)))


def check_key_at(path: str, option: str) -> CheckKey:
    """Return the key of the check values: a file of 64 hex digits that its owner alone can read."""
    text = private_bytes(path, option).decode("ascii", "replace")
    if _HEX.fullmatch(text) is None:
        raise UnusableError(path, "", f"expected {2 * SECRET} hex digits and nothing else")
    return CheckKey(bytes.fromhex(text))


def write_keys(folder: Path, keys: KeySet, new: ec.EllipticCurvePrivateKey, now: int) -> None:
    """Add a private key and publish the set that has it; then forget the private keys that sign no more.

    In this order, so that a kill leaves at worst a key that nobody uses.
    """
    pem = new.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_private(folder / f"{SigningKey(new).id.hex()}.pem", pem)
    with replacing(str(folder / PUBLISHED)) as stream:
        stream.write(json.dumps(document_of(keys), indent=2).encode() + b"\n")
    signs = {f"{key.id.hex()}.pem" for key in keys.keys.values() if key.until is None or key.until > now}
    for path in private_keys(folder):
        if path.name not in signs:
            with suppress(FileNotFoundError):
                path.unlink()
