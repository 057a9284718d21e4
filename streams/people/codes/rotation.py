"""Keys changed with an overlap: verifiers have the next key before anything is signed with it (rule 13.1)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from streams.people.codes.keys import KeySetError, PublicKey, key_set

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec

    from streams.people.codes.keys import KeySet
    from streams.people.codes.limits import Limits


def rotated(
    known: KeySet | None, new: ec.EllipticCurvePublicKey, now: int, lead: int, limits: Limits
) -> KeySet:
    """Return the set with a key that begins `lead` seconds from now, when the one in force ends.

    Where none is in force it begins at once. An ended key stays while a pass by it may be shown.
    KeySetError where a key is waiting to begin already.
    """
    kept = [] if known is None else [key for key in known.keys.values() if _is_needed(key, now, limits)]
    waiting = [key for key in kept if key.since > now]
    if waiting:
        raise KeySetError(f"key {waiting[0].id.hex()} is waiting to begin already: rotate once it has begun")
    begins = now + lead if any(key.signs_at(now) for key in kept) else now
    ending = [replace(key, until=begins) if key.signs_at(now) else key for key in kept]
    return key_set(now, *ending, PublicKey(new, begins))


def without(known: KeySet, key_id: bytes, now: int) -> KeySet:
    """Return the set without a key that others may have, and without one that waits to begin.

    No code by it is good any more.
    """
    if key_id not in known.keys:
        raise KeySetError(f"there is no key {key_id.hex()}")
    return key_set(now, *(key for key in known.keys.values() if key.id != key_id and key.since <= now))


def _is_needed(key: PublicKey, now: int, limits: Limits) -> bool:
    """Say whether a code by a key may still be good."""
    return key.until is None or now < key.until + limits.paper + limits.clock_leeway
