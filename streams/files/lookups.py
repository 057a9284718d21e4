"""The topic of look-ups as a file, for where there is no Kafka: one record a line, its value as it is."""

from __future__ import annotations

import binascii
import json
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any, Final, TypeVar

from streams import codecs
from streams.files.doors import opened, text_of
from streams.files.unusable import UnusableError
from streams.people.audit.chain import End
from streams.people.audit.keys import KeyFileError, PublicKeys, public_keys_of, signer_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streams.people.audit.keys import FileSigner
    from streams.people.audit.verify import Stood

T = TypeVar("T")
EXPECTED: Final = (
    "expected a record with partition, offset, key and value, as shendeng audit export writes it"
)
REMEMBERED: Final = "expected what shendeng audit verify --json has printed"


def exported(partition: int, offset: int, key: bytes | None, value: bytes | None) -> str:
    """Return a record's line."""
    told = {
        "partition": partition,
        "offset": offset,
        "key": None if key is None else key.decode("utf-8", "replace"),
        "value": None if value is None else b64encode(value).decode(),
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"


def read_export(path: str) -> Iterator[Stood]:
    """Yield the records of an export; UnusableError names the line that is none."""
    with opened(path) as stream:
        for number, line in enumerate(stream, 1):
            yield _record(path, number, line)


def _record(path: str, number: int, line: bytes) -> Stood:
    try:
        told: dict[str, Any] = json.loads(line)
        value = None if told["value"] is None else b64decode(told["value"], validate=True)
        key = None if told["key"] is None else told["key"].encode()
        return codecs.stood(int(told["partition"]), int(told["offset"]), key, value)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise UnusableError(path, f"line {number}", EXPECTED) from None


def remembered(path: str) -> list[End]:
    """Return the chains' ends as an earlier verification printed them; UnusableError says why not."""
    try:
        chains = json.loads(text_of(path))["chains"]
        return [
            End(one["writer"], int(one["last"]), bytes.fromhex(one["hash"]), int(one["at_ms"]))
            for one in chains
        ]
    except (ValueError, KeyError, TypeError):
        raise UnusableError(path, "", REMEMBERED) from None


def public_keys(path: str | None) -> PublicKeys:
    """Return the keys of a file of public keys, none without a file; UnusableError says why not."""
    return PublicKeys() if path is None else _keys(path, public_keys_of)


def signer(path: str) -> FileSigner:
    """Return the private key of a file; UnusableError says why not."""
    return _keys(path, signer_of)


def _keys(path: str, read: Callable[[bytes], T]) -> T:
    try:
        return read(text_of(path).encode())
    except KeyFileError as error:
        raise UnusableError(path, "", str(error)) from None
