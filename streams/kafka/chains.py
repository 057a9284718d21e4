"""Where a desk's chain of denied attempts stands: a record in `checkpoints`, written with its links (17.1).

It spares a desk that opens the search through all look-ups that are kept.
"""

from __future__ import annotations

import struct
from typing import Final

from streams.people.audit.chain import End

_END: Final = struct.Struct(">QQ32s")


def writer_of(partition: int) -> str:
    """Return the name under which a partition's desk records; not every app's id could be in it."""
    return f"people-{partition}"


def key(partition: int) -> bytes:
    """Return the key under which compaction keeps one end a partition."""
    return f"chain/{writer_of(partition)}".encode()


def encode(end: End) -> bytes:
    """Return an end's value: sequence and time (ms), 8 bytes each, big-endian, and the hash."""
    return _END.pack(end.sequence, end.at, end.hash)


def decode(value: bytes, partition: int) -> End:
    """Read an end's value."""
    sequence, at, digest = _END.unpack(value)
    return End(writer_of(partition), sequence, digest, at)
