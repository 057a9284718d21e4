"""Counts of phones by hex in Avro: what is published, and partitions' exact ones before it (rule 17.3)."""

from __future__ import annotations

from streams.codecs import schemas
from streams.codecs.bodies import plainly
from streams.codecs.errors import CodecError
from streams.codecs.writing import write
from streams.columns.hex_counts import HexPartial, kind_of
from streams.people.disclosure import HexCount


def hex_key(cell: int) -> bytes:
    """Return what a hex's counts are keyed by: its 15 digits."""
    return f"{cell:015x}".encode()


def encode_hex_count(count: HexCount) -> bytes:
    """Return a HexCount."""
    return write(count)


def decode_hex_count(value: bytes | None) -> HexCount:
    """Read a HexCount; CodecError says why not."""
    _, fields = schemas.decode(value, "HexCount")
    found: HexCount = plainly(HexCount)(fields)
    return found


def encode_hex_partial(partial: HexPartial) -> bytes:
    """Return a HexPartial."""
    return write(partial)


def decode_hex_partial(value: bytes | None) -> HexPartial:
    """Read a HexPartial; CodecError says why not."""
    _, fields = schemas.decode(value, "HexPartial")
    found: HexPartial = plainly(HexPartial)(fields)
    if found.partition < 0 or kind_of(found.hexes, found.phones) is None:
        raise CodecError("bad_value")
    return found
