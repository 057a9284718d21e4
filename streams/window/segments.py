"""What a checkpoint is made of: segments, each with its schema version and checksum, and one account of them.

Phones go in slices of 4096, entries in groups of 8 blocks (16,384), places in slices of 65,536; the rest,
rules, areas, cases and sets of reasons, is text in pieces. Any of them stays under 1 MB.
"""

from __future__ import annotations

import struct
import zlib
from enum import IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from streams.domain.policy import Deployment, Policy

SCHEMA: Final = 1
"""The version of all that is written here; another one is not read."""
GROUP: Final = 8
"""Blocks of entries in a segment."""
CELLS: Final = 1 << 16
"""Places in a segment."""
PIECE: Final = 1 << 19
"""Bytes of text in a segment."""
_HEAD: Final = struct.Struct(">2sBBI")
_SUM: Final = struct.Struct(">I")
_MAGIC: Final = b"SD"


class Kind(IntEnum):
    """What a segment holds."""

    PHONES = 0
    ENTRIES = 1
    PLACES = 2
    FACTS = 3


class Segment(NamedTuple):
    """One piece of a state: its kind, and which of its kind it is."""

    kind: Kind
    number: int


class SegmentError(ValueError):
    """A segment's bytes are not what they should be; the message says in what."""


class Account(NamedTuple):
    """What a state was when it was written: enough to tell whether it fits, and what must be there."""

    partition: int
    retention_days: int
    slot_minutes: int
    resolution: int
    coarse_range_m: int
    clock: int | None
    """Seconds (rule 1.2)."""
    last: int | None
    """The latest UTC day that began."""
    phones: int
    blocks: int
    places: int

    def differs(self, partition: int, deployment: Deployment, policy: Policy) -> str | None:
        """Say in what it is of another deployment, None where it is of this one (rule 1.5)."""
        for name, mine in (
            ("partition", partition),
            ("slot_minutes", policy.slot_minutes),
            ("resolution", policy.resolution),
            ("coarse_range_m", policy.coarse_range_m),
            ("retention_days", deployment.retention_days),
        ):
            if getattr(self, name) != mine:
                return f"expected {name} {mine}, found {getattr(self, name)}"
        return None


def framed(segment: Segment, payload: bytes) -> bytes:
    """Return a segment's bytes as they are kept."""
    body = _HEAD.pack(_MAGIC, SCHEMA, segment.kind, segment.number) + payload
    return body + _SUM.pack(zlib.crc32(body))


def checksum(kept: bytes) -> int:
    """Return the checksum that a segment's bytes end with."""
    return int.from_bytes(kept[-_SUM.size :], "big")


def payload_of(segment: Segment, kept: bytes) -> bytes:
    """Return what a segment holds; SegmentError where its bytes are torn or not its own."""
    if len(kept) < _HEAD.size + _SUM.size:
        raise SegmentError(f"expected {_HEAD.size + _SUM.size} bytes or more, found {len(kept)}")
    magic, schema, kind, number = _HEAD.unpack_from(kept)
    if magic != _MAGIC or schema != SCHEMA:
        raise SegmentError(f"expected schema version {SCHEMA}, found {schema if magic == _MAGIC else 'none'}")
    if zlib.crc32(memoryview(kept)[: -_SUM.size]) != checksum(kept):
        raise SegmentError("expected its checksum to hold, found other bytes")
    if (kind, number) != segment:
        raise SegmentError(f"expected segment {segment.number} of kind {segment.kind}, found another's bytes")
    return kept[_HEAD.size : -_SUM.size]
