"""Checkpoints on a real broker: what is written, and what a worker does that begins with them (D5)."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from kafka.admin import KafkaAdminClient
from kafka.structs import TopicPartition

from streams.agents.colours import fresh_window
from streams.agents.hex_counts import note_key
from streams.clock import now_precise
from streams.domain.records import AreaPublished, AreaVersion, Record, Sightings
from streams.kafka import manifests, positions, recovery
from streams.kafka.errors import Fenced, UnusableError
from streams.kafka.store import KafkaStore
from streams.kafka.wire import Wire
from streams.window.segments import Kind, Segment
from tests.agents.stage import HEXED, PARTITIONS, Stage, a_stage, a_worker, run, until

if TYPE_CHECKING:
    from typing import Any

    from streams.app import App
    from streams.kafka.local import LocalBroker
    from streams.kafka.manifests import Manifest

GOLDEN = Path(__file__).parent.parent / "golden" / "checkpoints" / "refusals.txt"
NOW = int(time.time()) // 900 * 900
PHONES = [b"\x01" + bytes(14) + bytes([n]) for n in range(5)]
RING = ((116.3, 39.8), (116.5, 39.8), (116.5, 40.0), (116.3, 40.0), (116.3, 39.8))
AREA = AreaPublished(NOW - 86_400, AreaVersion("a", 1, ((RING,),), NOW - 30 * 86_400))


def seen(first: int, slots: int, phones: list[bytes] = PHONES) -> list[Record]:
    """Each phone at one tower of the area, slot by slot from `first` on."""
    hexed, coarse = HEXED.placed(8, 5000)
    many = len(phones)
    return [
        Sightings(slot * 900, phones, [hexed] * many, [slot] * many, [coarse] * many)
        for slot in range(first, first + slots)
    ]


DAY_AGO = NOW // 900 - 96
EARLY, LATE = [AREA, *seen(DAY_AGO, 8)], seen(DAY_AGO + 8, 14, PHONES[:3])
"""What is folded before the checkpoint, and what after: a stay goes on over it, another ends."""


def staged(broker: LocalBroker, prefix: str, **changed: Any) -> Stage:
    made = a_stage(broker.address, prefix, agents="engine", checkpoint_seconds=1, clock="events", **changed)
    made.make_topics()
    return made


def store(stage: Stage) -> KafkaStore:
    return KafkaStore.of(stage.settings, stage.brokers, 0, Wire(None), now_precise)


def taken(app: App, position: int) -> bool:
    """Tell whether a checkpoint stands that has folded so far."""
    life = app.lives.of(0)
    manifest = None if life is None else life.checkpoints.in_force
    return manifest is not None and manifest.position == position


def cut(stage: Stage, before: int) -> None:
    """Let the journal's beginning go."""
    admin = KafkaAdminClient(bootstrap_servers=stage.brokers)
    admin.delete_records({TopicPartition(stage.names.journal, 0): before})
    admin.close()


def changes(stage: Stage) -> list[tuple[bytes, bytes]]:
    return [(one.key, one.value) for one in stage.read(stage.names.colour_changes, 0)]


async def manifest(stage: Stage) -> Manifest:
    found = (await recovery.find(store(stage))).manifest
    assert found is not None
    return found


def test_a_worker_goes_on_from_a_checkpoint_without_the_journal_before_it(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage, whole = staged(broker, topic_prefix), staged(broker, f"whole.{topic_prefix}")

    async def work() -> None:
        stage.send_journal(0, *EARLY)
        async with a_worker(stage) as app:
            await until(lambda: taken(app, len(EARLY)))
        cut(stage, len(EARLY))
        for one in (stage, whole):
            one.send_journal(0, *(EARLY if one is whole else []), *LATE)
            async with a_worker(one) as app:
                await until(lambda: taken(app, len(EARLY) + len(LATE)))

    run(work)
    assert changes(stage) == changes(whole)
    assert len(changes(stage)) > len(PHONES)


def alter(stage: Stage, key: bytes, value: bytes | None) -> None:
    """Put something else under a key of `checkpoints`."""
    stage.send(stage.names.checkpoints, [(key, value)], partition=0)


async def checkpointed(stage: Stage) -> Manifest:
    """Fold EARLY, and stop once a checkpoint of it stands."""
    stage.send_journal(0, *EARLY)
    async with a_worker(stage) as app:
        await until(lambda: taken(app, len(EARLY)))
    return await manifest(stage)


async def refusal(stage: Stage) -> str:
    """Return why a worker does not start."""
    with pytest.raises(UnusableError) as caught:
        async with a_worker(stage) as app:
            await until(lambda: app.engine.ending.fault or app.lives.of(0))
    return str(caught.value).replace(stage.settings.topic_prefix, "")


def torn(value: bytes) -> bytes:
    return value[:20] + bytes([value[20] ^ 1]) + value[21:]


def with_piece(made: Manifest, segment: Segment, **changed: int) -> bytes:
    """Return a manifest that says something else of a segment, or names one that there is not."""
    piece = made.pieces.get(segment, manifests.Piece(0, 1, 1))
    return manifests.encode(replace(made, pieces={**made.pieces, segment: piece._replace(**changed)}))


def refusals(broker: LocalBroker, prefix: str) -> list[str]:
    """Provoke each refusal of a checkpoint once; return what it says."""
    found: list[str] = []

    async def work() -> None:
        stage = staged(broker, prefix)
        made = await checkpointed(stage)
        segment = min(made.pieces)
        name = manifests.segment_key(0, segment, made.pieces[segment].generation)
        [value] = [one.value for one in stage.read(stage.names.checkpoints, 0) if one.key == name][-1:]
        alter(stage, manifests.segment_key(0, segment, 1), torn(value))
        whole = manifests.encode(made)
        for other in (
            with_piece(made, segment, generation=1),
            with_piece(made, segment, checksum=7),
            with_piece(made, Segment(Kind.ENTRIES, 5), generation=1),
            torn(whole),
            whole[:2] + b"\x09" + whole[3:],
            b"rubbish",
            manifests.encode(replace(made, partitions=7)),
            manifests.encode(replace(made, account=made.account._replace(slot_minutes=30))),
            manifests.encode(replace(made, account=made.account._replace(retention_days=7))),
            manifests.encode(replace(made, account=made.account._replace(partition=1))),
            manifests.encode(replace(made, account=made.account._replace(phones=99))),
        ):
            alter(stage, manifests.key(0), other)
            found.append(await refusal(stage))
        alter(stage, manifests.key(0), whole)
        stage.send_journal(0, *LATE)
        cut(stage, len(EARLY) + 1)
        found.append(await refusal(stage))
        alter(stage, manifests.key(0), None)
        found.append(await refusal(stage))
        alter(stage, positions.key(0), None)
        found.append(await refusal(stage))

    run(work)
    return found


def test_a_checkpoint_that_cannot_be_used_is_refused_with_the_way_out(
    broker: LocalBroker, topic_prefix: str
) -> None:
    assert refusals(broker, topic_prefix) == GOLDEN.read_text().splitlines()


def standing(stage: Stage) -> set[bytes]:
    """Return the keys of what stands on `checkpoints`."""
    last = {one.key: one.value for one in stage.read(stage.names.checkpoints, 0)}
    return {key for key, value in last.items() if value is not None}


def test_what_no_checkpoint_names_any_more_is_taken_back(broker: LocalBroker, topic_prefix: str) -> None:
    stage = staged(broker, topic_prefix)

    async def work() -> None:
        await checkpointed(stage)
        stage.send_journal(0, *LATE)
        async with a_worker(stage) as app:
            await until(lambda: taken(app, len(EARLY) + len(LATE)))
            pieces = (await manifest(stage)).pieces
            named = {manifests.segment_key(0, segment, piece.generation) for segment, piece in pieces.items()}
            notes = {manifests.key(0), positions.key(0), note_key(stage.names)}
            # This stands as soon as anything is committed after requests were looked up, if anything is.
            asked = positions.key_of(stage.names.itinerary_requests, 0)
            await until(lambda: standing(stage) - {asked} == named | notes)

    run(work)


def test_a_checkpoint_that_goes_while_it_is_loaded_is_not_torn(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = staged(broker, topic_prefix)

    async def work() -> None:
        made = await checkpointed(stage)
        compacted = manifests.decode(with_piece(made, min(made.pieces), checksum=7))
        with pytest.raises(Fenced, match="taken over while it was loaded"):
            await recovery.load(
                store(stage), compacted, fresh_window(stage.settings, 0), PARTITIONS, asyncio.to_thread
            )

    run(work)


def test_a_position_that_comes_while_it_is_looked_for_is_a_newer_owners(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = staged(broker, topic_prefix)

    class HeldUp(KafkaStore):
        """An owner's store, who is held up until a newer one has told of something."""

        async def emitted(self) -> bool:
            alter(stage, positions.key(0), positions.encode(3))
            return True

    held_up = HeldUp.of(stage.settings, stage.brokers, 0, Wire(None), now_precise)

    async def work() -> None:
        with pytest.raises(Fenced, match="taken over while it was looked at"):
            await recovery.find(held_up)

    run(work)
