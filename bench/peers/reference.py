"""What every peer must emit, worked out from the columns without any of them.

A phone's state is its last hex and the quarters of an hour of the last fourteen days in which it was seen; a
change between two hexes of which one is a risk hex is emitted with the number of these quarters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numba
import numpy as np

if TYPE_CHECKING:
    from bench.peers.load import Load

SLOT_MS: Final = 900_000
SLOTS: Final = 1344
MULTIPLIERS: Final = (31, 0x9E37_79B9_7F4A_7C15)
"""What `seen_at` and the number of slots are multiplied by in the checksum."""
MASK: Final = (1 << 64) - 1


class Expected(NamedTuple):
    """How many outputs, and the XOR of their checksums."""

    outputs: int
    checksum: int


def checksum(phone: bytes, seen_ms: int, slots: int) -> int:
    """Return an output's checksum, 64 bits."""
    by_time, by_slots = MULTIPLIERS
    return (int.from_bytes(phone[:8], "big") ^ seen_ms * by_time ^ slots * by_slots) & MASK


def expected(load: Load, events: int) -> Expected:
    """Return what the first so many events of a load imply."""
    high = np.ascontiguousarray(load.phones[:, :8]).view(">u8")[:, 0].astype(np.uint64)
    risky = np.isin(load.hexes, load.risk)
    count, found = _folded(
        load.phone[:events],
        load.tower[:events],
        load.seen_ms[:events],
        load.hexes,
        risky,
        high,
        np.zeros((len(high), SLOTS), np.bool_),
    )
    return Expected(int(count), int(found))


@numba.njit
def _folded(
    phone: Any, tower: Any, seen_ms: Any, hexes: Any, risky: Any, high: Any, slots: Any
) -> tuple[int, int]:
    """Return the count and the XOR of checksums; `slots` are a phone's quarters, a ring a row."""
    last = np.full(len(high), -1, np.int64)
    known = np.zeros(len(high), np.int32)
    at = np.full(len(high), -1, np.int32)
    count, total = 0, np.uint64(0)
    for i in range(len(phone)):
        who, where, slot = phone[i], tower[i], seen_ms[i] // SLOT_MS
        if at[who] < 0:
            last[who] = slot - SLOTS
        for gone in range(max(last[who] + 1, slot - SLOTS + 1), slot + 1):
            known[who] -= slots[who, gone % SLOTS]
            slots[who, gone % SLOTS] = False
        last[who] = max(last[who], slot)
        if slot > last[who] - SLOTS and not slots[who, slot % SLOTS]:
            slots[who, slot % SLOTS] = True
            known[who] += 1
        before = at[who]
        at[who] = where
        moved = before < 0 or hexes[before] != hexes[where]
        if moved and (risky[where] or (before >= 0 and risky[before])):
            count += 1
            total ^= (
                high[who]
                ^ np.uint64(seen_ms[i]) * np.uint64(MULTIPLIERS[0])
                ^ np.uint64(known[who]) * np.uint64(MULTIPLIERS[1])
            )
    return count, int(total)


@numba.njit
def wander(phone: Any, tower: Any, stays: Any, last: Any) -> None:
    """Let a phone that stays be seen where it was last; `last` begins with -1 for each phone."""
    for i in range(len(phone)):
        who = phone[i]
        if stays[i] and last[who] >= 0:
            tower[i] = last[who]
        last[who] = tower[i]
