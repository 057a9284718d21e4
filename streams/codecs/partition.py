"""Kafka's default partition of a 16-byte key: murmur2, many keys at once (D1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

SEED: Final = 0x9747B28C ^ 16
MULTIPLIER: Final = np.uint32(0x5BD1E995)


def partitions_of(phones: Sequence[bytes], partitions: int) -> list[int]:
    """Return each phone's partition as Kafka's default partitioner does (`Utils.murmur2` of its 16 bytes)."""
    numbers: list[int] = _numbers(np.frombuffer(b"".join(phones), np.uint8), partitions).tolist()
    return numbers


def partitions_of_halves(high: Any, low: Any, partitions: int) -> Any:
    """Return the same (uint32) of pseudonyms whose halves stand in columns."""
    return _numbers(np.stack((high, low), 1).astype(">i8"), partitions)


def _numbers(phones: Any, partitions: int) -> Any:
    words = phones.view("<u4").reshape(-1, 4)
    found = np.full(len(words), SEED, dtype=np.uint32)
    for column in range(4):
        word = words[:, column] * MULTIPLIER
        word ^= word >> np.uint32(24)
        found = found * MULTIPLIER ^ word * MULTIPLIER
    found ^= found >> np.uint32(13)
    found *= MULTIPLIER
    found ^= found >> np.uint32(15)
    return (found & np.uint32(0x7FFFFFFF)) % np.uint32(partitions)
