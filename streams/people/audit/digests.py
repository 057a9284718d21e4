"""What is hashed and signed: a domain and parts, each behind its length, so that no two lists are one."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

DIGEST: Final = 32
"""Bytes of a digest (SHA-256)."""
ZERO: Final = bytes(DIGEST)
"""What the first link of a chain has before it."""
NUMBER: Final = 8
"""Bytes of a number or a time, big-endian, and of a length."""


def framed(domain: str, *parts: bytes) -> bytes:
    """Return the domain and the parts in one, each behind its length in 8 bytes."""
    return b"".join(number(len(part)) + part for part in (domain.encode(), *parts))


def digest(domain: str, *parts: bytes) -> bytes:
    """Return the SHA-256 of what `framed` gives: a digest of one domain is none of another."""
    return sha256(framed(domain, *parts)).digest()


def number(value: int) -> bytes:
    """Return a number that is not negative in 8 bytes, big-endian."""
    return value.to_bytes(NUMBER, "big")
