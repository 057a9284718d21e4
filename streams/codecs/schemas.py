"""The Avro schemas: one record a file, parsed by avro-python3 at start-up, used by fastavro (D7)."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import avro.schema
import fastavro

from streams.codecs.errors import CodecError

MAGIC: Final = b"\xc3\x01"
"""Avro's single-object marker."""
MOST_BYTES: Final = 1 << 20
"""The largest value read."""


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema's text, parsed, and its single-object header: marker and CRC-64-AVRO, little-endian."""

    name: str
    text: str
    parsed: Any
    header: bytes


def folder() -> Path:
    """Return where the schemas lie: in the installed package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    installed = package / "schemas"
    return installed if installed.is_dir() else package.parent / "schemas"


@cache
def load() -> dict[str, Schema]:
    """Parse every schema with avro-python3 and fastavro; a bad file ends the process, named."""
    found: dict[str, Schema] = {}
    for path in sorted(folder().glob("*.avsc")):
        text = path.read_text(encoding="utf-8")
        try:
            avro.schema.parse(text)
            definition = json.loads(text)
            parsed = fastavro.parse_schema(plain(definition))
        except Exception as error:
            raise RuntimeError(f"{path.name}: not an Avro schema: {error}") from error
        if definition["name"] != path.stem:
            raise RuntimeError(f"{path.name}: names the record {definition['name']!r}")
        found[path.stem] = Schema(path.stem, text, parsed, header_of(parsed))
    return found


def header_of(parsed: Any) -> bytes:
    """Return the single-object header of a parsed schema."""
    canonical = fastavro.schema.to_parsing_canonical_form(parsed)
    return MAGIC + bytes.fromhex(fastavro.schema.fingerprint(canonical, "CRC-64-AVRO"))


def plain(definition: Any) -> Any:
    """Return a schema without logical types: times stay numbers, which is what the rules count in."""
    if isinstance(definition, dict):
        return {key: plain(value) for key, value in definition.items() if key != "logicalType"}
    if isinstance(definition, list):
        return [plain(part) for part in definition]
    return definition


@cache
def by_header() -> dict[bytes, Schema]:
    """Return the schemas by their single-object header."""
    return {schema.header: schema for schema in load().values()}


def encode(name: str, value: dict[str, Any]) -> bytes:
    """Return a record's bytes: single-object header and body."""
    schema = load()[name]
    stream = io.BytesIO()
    stream.write(schema.header)
    fastavro.schemaless_writer(stream, schema.parsed, value)
    return stream.getvalue()


def decode(value: bytes | None, *names: str) -> tuple[str, dict[str, Any]]:
    """Return a value's schema name, one of `names`, and its fields; CodecError for anything else."""
    if value is None:
        raise CodecError("bad_framing")
    if len(value) > MOST_BYTES:
        raise CodecError("oversized")
    schema = by_header().get(value[:10])
    if schema is None:
        raise CodecError("unknown_fingerprint" if value[:2] == MAGIC and len(value) > 9 else "bad_framing")  # noqa: PLR2004 - header's length
    if schema.name not in names:
        raise CodecError("unknown_fingerprint")
    stream = io.BytesIO(value)
    stream.seek(10)
    try:
        fields = fastavro.schemaless_reader(stream, schema.parsed, None)
    except Exception as error:  # fastavro raises whatever its C code meets in hostile bytes
        raise CodecError("truncated") from error
    if stream.tell() != len(value):
        raise CodecError("truncated")
    if not isinstance(fields, dict):
        raise CodecError("bad_value")
    return schema.name, fields
