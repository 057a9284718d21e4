"""The record that makes a checkpoint: the journal position it stands for, and where each segment is (D5)."""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from streams.window.segments import SCHEMA, Account, Kind, Segment

if TYPE_CHECKING:
    from collections.abc import Mapping

GENERATIONS: Final = "ab"
"""A segment is written under the one of its two keys that the checkpoint in force does not name."""
_HEAD: Final = struct.Struct(">2sBI")
_MAGIC: Final = b"SM"
_PIECE: Final = struct.Struct(">BBIII")


class ManifestError(ValueError):
    """A manifest's bytes are not what they should be; the message says in what."""


class Piece(NamedTuple):
    """A segment as it stands in the topic: under which of its keys, its bytes and their checksum."""

    generation: int
    length: int
    checksum: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """A checkpoint: the state after folding the journal up to `position` (exclusive)."""

    position: int
    taken_at: float
    """Wall time, seconds."""
    partitions: int
    """Journal partitions of the deployment: with another number phones would have moved."""
    account: Account
    pieces: Mapping[Segment, Piece]


def key(partition: int) -> bytes:
    """Return the key of a partition's manifest."""
    return f"checkpoint/{partition}".encode()


def segment_key(partition: int, segment: Segment, generation: int) -> bytes:
    """Return one of a segment's two keys."""
    kind = segment.kind.name.lower()
    return f"segment/{partition}/{kind}/{segment.number}/{GENERATIONS[generation]}".encode()


def segment_of(given: bytes, partition: int) -> tuple[Segment, int] | None:
    """Return which segment and generation a key names, None where it is another record's."""
    words = given.decode(errors="replace").split("/")
    if len(words) != 5 or words[:2] != ["segment", str(partition)]:  # noqa: PLR2004 - as segment_key has it
        return None
    return Segment(Kind[words[2].upper()], int(words[3])), GENERATIONS.index(words[4])


def encode(manifest: Manifest) -> bytes:
    """Return a manifest's bytes."""
    told = {
        "position": manifest.position,
        "taken_at": manifest.taken_at,
        "partitions": manifest.partitions,
        "account": manifest.account._asdict(),
    }
    head = json.dumps(told).encode()
    rows = b"".join(
        _PIECE.pack(segment.kind, piece.generation, segment.number, piece.length, piece.checksum)
        for segment, piece in sorted(manifest.pieces.items())
    )
    body = _HEAD.pack(_MAGIC, SCHEMA, len(head)) + head + rows
    return body + zlib.crc32(body).to_bytes(4, "big")


def decode(value: bytes) -> Manifest:
    """Read a manifest; ManifestError says what is wrong with it."""
    if len(value) < _HEAD.size + 4 or value[:2] != _MAGIC:
        raise ManifestError("expected a manifest, found other bytes")
    _, schema, size = _HEAD.unpack_from(value)
    if schema != SCHEMA:
        raise ManifestError(f"expected schema version {SCHEMA}, found {schema}")
    if zlib.crc32(value[:-4]) != int.from_bytes(value[-4:], "big"):
        raise ManifestError("expected its checksum to hold, found other bytes")
    told: dict[str, Any] = json.loads(value[_HEAD.size : _HEAD.size + size])
    pieces = {
        Segment(Kind(kind), number): Piece(generation, length, checksum)
        for kind, generation, number, length, checksum in _PIECE.iter_unpack(value[_HEAD.size + size : -4])
    }
    account = Account(**told["account"])
    return Manifest(told["position"], told["taken_at"], told["partitions"], account, pieces)
