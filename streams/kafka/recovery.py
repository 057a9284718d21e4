"""A partition's state out of the `checkpoints` topic: the newest whole checkpoint and the position (D5).

It is read only after fencing: before, a predecessor could still write.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from streams.kafka import manifests, positions
from streams.kafka.errors import Fenced, UnusableError
from streams.kafka.manifests import ManifestError, Piece, segment_of
from streams.window.loading import Loading
from streams.window.segments import Segment, SegmentError, checksum

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from streams.kafka.manifests import Manifest
    from streams.kafka.store import Store
    from streams.window.window import Window

    Aside = Callable[..., Coroutine[Any, Any, Any]]

NEAR: Final = 256
"""How far from the end of the topic the newest records are looked for at first; then eight times as far."""


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in `checkpoints` of a partition."""

    position: int | None
    """The offset of the next journal record to fold, None where nothing was ever committed."""
    manifest: Manifest | None


@dataclass(slots=True)
class Loaded:
    """A window that was loaded, and what keys stand in the topic that its checkpoint does not name."""

    window: Window
    stale: set[bytes] = field(default_factory=set)


async def position_of(store: Store) -> int | None:
    """Return the position alone."""
    found = await newest(store, positions.key(store.partition))
    return next(map(positions.decode, found.values()), None)


async def find(store: Store) -> Found:
    """Return position and manifest.

    UnusableError where the manifest cannot be read, or the position is missing though something was emitted:
    that state must not be taken for empty. Fenced where it came meanwhile, which only a newer owner does.
    """
    last = await newest(store, positions.key(store.partition), manifests.key(store.partition))
    position, manifest = (last.get(key(store.partition)) for key in (positions.key, manifests.key))
    if position is None and (manifest is not None or await store.emitted()):
        if await position_of(store) is not None:
            raise Fenced(f"journal partition {store.partition} was taken over while it was looked at")
        raise UnusableError(
            f"{store.names.checkpoints} holds no position of journal partition {store.partition}, but "
            f"{store.names.colour_changes} holds its changes; {way_out(store)}"
        )
    try:
        return Found(
            None if position is None else positions.decode(position),
            None if manifest is None else manifests.decode(manifest),
        )
    except ManifestError as error:
        raise refused(store, None, str(error)) from None


async def newest(store: Store, *keys: bytes) -> dict[bytes, bytes]:
    """Return the last value of each key, as far as it has one, reading from the end backwards."""
    first, end = await store.checkpoint_bounds()
    back, found = NEAR, dict[bytes, bytes]()
    while True:
        since = max(first, end - back)
        met: dict[bytes, bytes | None] = {}
        async for records in store.checkpoints(since):
            met.update((record.key, record.value) for record in records if record.key in keys)
        found = {key: value for key, value in met.items() if value is not None}
        if since == first or len(met) == len(keys):
            return found
        back *= 8


async def standing(store: Store) -> tuple[Manifest | None, set[bytes]]:
    """Return the manifest, None where there is none that can be read, and the keys of all segments."""
    keys = dict[bytes, bool]()
    async for records in store.checkpoints():
        for record in records:
            if segment_of(record.key or b"", store.partition) is not None:
                keys[record.key] = record.value is not None
    return await _in_force(store), {key for key, stands in keys.items() if stands}


async def _in_force(store: Store) -> Manifest | None:
    """Return the manifest, None where there is none that can be read."""
    value = (await newest(store, manifests.key(store.partition))).values()
    try:
        return next(map(manifests.decode, value), None)
    except ManifestError:
        return None


async def load(store: Store, manifest: Manifest, window: Window, partitions: int, aside: Aside) -> Loaded:
    """Load a checkpoint into a fresh window.

    UnusableError where it is torn, or another deployment's; Fenced where a newer one stands, whose owner has
    taken segments of this one back.
    """
    differs = manifest.account.differs(store.partition, window.deployment, window.rules.policy)
    if manifest.partitions != partitions:
        differs = f"expected {partitions} partitions, found {manifest.partitions}"
    if differs is not None:
        raise refused(store, manifest, differs)
    try:
        return await _loaded(store, manifest, Loading(window, manifest.account), aside)
    except SegmentError as error:
        if await _in_force(store) not in (None, manifest):
            raise Fenced(f"journal partition {store.partition} was taken over while it was loaded") from None
        raise refused(store, manifest, str(error)) from None


async def _loaded(store: Store, manifest: Manifest, loading: Loading, aside: Aside) -> Loaded:
    """Take each segment from what was fetched while the next is being fetched."""
    due, standing = dict(manifest.pieces), dict[bytes, bool]()
    taking: asyncio.Future[None] | None = None
    async for records in store.checkpoints():
        some = _due(records, store.partition, manifest, due, standing)
        if taking is not None:
            await taking
        taking = asyncio.ensure_future(aside(_take, loading, some))
    if taking is not None:
        await taking
    if due:
        segment = min(due)
        name = f"{segment.kind.name.lower()}/{segment.number}"
        raise SegmentError(f"segment {name}: expected it in the topic, found it missing or other bytes")
    return Loaded(await aside(loading.window), {key for key, stands in standing.items() if stands})


def _due(
    records: Sequence[Any],
    partition: int,
    manifest: Manifest,
    due: dict[Segment, Piece],
    standing: dict[bytes, bool],
) -> list[tuple[Segment, bytes]]:
    """Return the segments among records that the manifest names, each once; note what else stands there."""
    found = []
    for record in records:
        named = segment_of(record.key or b"", partition)
        if named is None:
            continue
        segment, generation = named
        piece = manifest.pieces.get(segment)
        if piece is None or piece.generation != generation:
            standing[record.key] = record.value is not None
        elif segment in due and _is(piece, record.value):
            del due[segment]
            found.append((segment, record.value))
    return found


def _is(piece: Piece, value: bytes | None) -> bool:
    return value is not None and (len(value), checksum(value)) == piece[1:]


def _take(loading: Loading, segments: list[tuple[Segment, bytes]]) -> None:
    for segment, value in segments:
        try:
            loading.take(segment, value)
        except SegmentError as error:
            raise SegmentError(f"segment {segment.kind.name.lower()}/{segment.number}: {error}") from None


def refused(store: Store, manifest: Manifest | None, why: str) -> UnusableError:
    """Return the error of a checkpoint that cannot be used, with the way out."""
    at = "" if manifest is None else f" at journal offset {manifest.position}"
    return UnusableError(
        f"{store.names.checkpoints}-{store.partition}: checkpoint{at}: {why}; {way_out(store)}"
    )


def way_out(store: Store) -> str:
    """Say what to do where no checkpoint can be used."""
    return f"stop the workers and make a checkpoint with: shendeng rebuild --partition {store.partition}"
