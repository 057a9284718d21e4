"""How far a journal partition has been folded: a record in `checkpoints`, written with what was emitted (D4).

It is read only after fencing: before, a predecessor could still move it.
"""

from __future__ import annotations


def encode(offset: int) -> bytes:
    """Return a position's value: the offset of the next journal record to fold, 8 bytes big-endian."""
    return offset.to_bytes(8, "big")


def key(partition: int) -> bytes:
    """Return the key under which compaction keeps one position a journal partition."""
    return f"position/{partition}".encode()


def key_of(topic: str, partition: int) -> bytes:
    """Return the key of a desk's position in a partition of a topic (`streams.kafka.desk`)."""
    return f"position/{topic}/{partition}".encode()


def decode(value: bytes) -> int:
    """Read a position's value."""
    return int.from_bytes(value, "big")
