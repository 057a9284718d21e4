"""Confluent's framing made single-object's, and back: the body behind either header is the same Avro (D7).

Confluent's header is a zero byte and a registry's schema id (4 bytes, big-endian).
"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import fastavro

from streams.codecs import schemas
from streams.codecs.errors import CodecError

if TYPE_CHECKING:
    from streams.codecs.schemas import Schema

ZERO: Final = 0
HEAD: Final = 5
"""Bytes of Confluent's header."""
SINGLE_HEAD: Final = 10
"""Bytes of single-object's."""


class Writer(NamedTuple):
    """The schema a value was written with, and ours of the same name by which it is read."""

    parsed: Any
    ours: Schema
    same: bool
    """Both write the same bytes: only the header differs."""


def schema_id(value: bytes | None) -> int | None:
    """Return the schema id in a value's Confluent header, None where it has no such header."""
    if value is None or len(value) < HEAD or value[0] != ZERO:
        return None
    return int.from_bytes(value[1:HEAD], "big")


def writer_of(definition: str) -> Writer | None:
    """Return what a registry's schema text stands for here, None if it is no record that we have."""
    try:
        parsed: Any = fastavro.parse_schema(schemas.plain(json.loads(definition)))
        name = parsed["name"].rpartition(".")[2]
    except Exception:  # noqa: BLE001 - whatever else stands in the registry is none of our records
        return None
    ours = schemas.load().get(name)
    return None if ours is None else Writer(parsed, ours, schemas.header_of(parsed) == ours.header)


def single(value: bytes, writer: Writer) -> bytes:
    """Return a value in Confluent's framing as a single-object one; CodecError says why not."""
    if writer.same:
        return writer.ours.header + value[HEAD:]
    stream = io.BytesIO(value)
    stream.seek(HEAD)
    try:
        fields: Any = fastavro.schemaless_reader(stream, writer.parsed, writer.ours.parsed)
    except Exception as error:  # fastavro raises whatever its C code meets in hostile bytes
        raise CodecError("truncated") from error
    if stream.tell() != len(value):
        raise CodecError("truncated")
    return schemas.encode(writer.ours.name, fields)


def framed(value: bytes, number: int) -> bytes:
    """Return a single-object value in Confluent's framing, its schema being the registry's `number`."""
    return bytes((ZERO, *number.to_bytes(HEAD - 1, "big"))) + value[SINGLE_HEAD:]
