"""The receipt of a purge: what was deleted, what a later look found, signed before the key goes (19.1)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from streams.people.codes.cbor import CborError, canonical, plain
from streams.people.codes.cose import opened, signed
from streams.people.codes.refusals import Refusal, RefusedError
from streams.people.commands import Refused
from streams.people.sunset import sunset

if TYPE_CHECKING:
    from streams.people.codes.keys import KeySet, SigningKey

TYP: Final = "application/shendeng-purge-receipt+cose"
"""Stands in the protected header, so that no code is ever a receipt, and no receipt a code."""
NAMES: Final = 2
"""Whoever purges before the sunset are two."""


@dataclass(frozen=True, slots=True)
class Purged:
    """A topic that was deleted: its partitions, and how many records' offsets it held."""

    name: str
    partitions: int
    records: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a purge did; times in unix seconds. `found` is what was left at the later look."""

    begun: int
    sunset: int | None
    by: tuple[str, ...]
    """Who had it done before the sunset; nobody where it was over."""
    brokers: str
    prefix: str
    topics: tuple[Purged, ...]
    groups: tuple[str, ...]
    """Consumer groups, and how far they had read."""
    stores: tuple[str, ...]
    keys: tuple[str, ...]
    """What keys there were: which one each was, and nothing of it."""
    looked_at: int
    looked: tuple[str, ...]
    """Where a later look was taken."""
    found: tuple[str, ...]
    signed_at: int


def refusal(at: int | None, now: int, by: tuple[str, ...]) -> Refused | None:
    """Return why a deployment may not be purged at `now`, given its sunset; None where it may (seconds).

    Before the sunset, or without one, two who are named may have it done.
    """
    if sunset(at, now) is not None:
        return None
    names = {name.strip().casefold() for name in by} - {""}
    if len(names) >= NAMES:
        return None
    return Refused(
        "before_sunset", "the sunset is not over: two who answer for it are named with --by, twice"
    )


def sealed(receipt: Receipt, key: SigningKey) -> bytes:
    """Return a receipt signed."""
    return signed(_payload(receipt), key, TYP)


def read_receipt(data: bytes, keys: KeySet) -> Receipt:
    """Return what a receipt says; RefusedError unless it is one and a key signed it while in force."""
    found = opened(data, keys, TYP)
    read = _read(found.payload)
    if not found.key.signs_at(read.signed_at):
        raise RefusedError(Refusal.KEY_OUT_OF_TIME)
    return read


def _payload(receipt: Receipt) -> bytes:
    return canonical(asdict(receipt))


def _read(payload: bytes) -> Receipt:
    try:
        said = plain(payload)
        topics = tuple(Purged(**one) for one in said["topics"])
        lists = {each.name: tuple(said[each.name]) for each in fields(Receipt) if _listed(said, each.name)}
        read = Receipt(**(said | lists | {"topics": topics}))
    except (CborError, TypeError, KeyError, AttributeError):
        raise RefusedError(Refusal.BAD_CLAIMS) from None
    if not isinstance(read.signed_at, int) or _payload(read) != payload:
        raise RefusedError(Refusal.BAD_CLAIMS)
    return read


def _listed(said: dict[str, Any], name: str) -> bool:
    return isinstance(said[name], list)
