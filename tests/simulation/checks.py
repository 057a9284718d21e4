"""What must hold after a history: just what folding the journal implies was written, and nothing was lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streams import codecs
from streams.agents.refold import fresh_fold
from streams.domain.records import Sightings
from streams.kafka import positions
from streams.kafka.journal import Refused, admit
from streams.window.columns import record_of

if TYPE_CHECKING:
    from streams.domain.records import Record
    from tests.simulation.world import World

MILLISECONDS = 1000


@dataclass
class Expected:
    """What one partition's journal implies."""

    changes: list[tuple[bytes, bytes, list[tuple[str, bytes]]]] = field(default_factory=list)
    letters: list[tuple[str, int]] = field(default_factory=list)
    sightings: set[tuple[bytes, int, int, bool]] = field(default_factory=set)


def expected(world: World) -> list[Expected]:
    """Fold each journal by the reference."""
    return [_folded(world, partition) for partition in range(world.settings.partitions)]


def _folded(world: World, partition: int) -> Expected:
    fold, found, settings = fresh_fold(world.settings, partition), Expected(), world.settings
    for one in world.broker.logs[world.names.journal, partition].committed():
        admitted = admit(one.value, one.timestamp, settings.max_skew, settings.resolution)
        if isinstance(admitted, Refused):
            found.letters.append((admitted.reason, one.offset))
            continue
        record = record_of(admitted)
        _note(record, found)
        outcome = fold.apply(record, one.offset)
        found.changes.extend(
            (change.phone, codecs.encode_change(change), codecs.change_headers(change))
            for change in outcome.changes
        )
        if outcome.refused is not None:
            found.letters.append(("refused", one.offset))
    return found


def _note(record: Record, found: Expected) -> None:
    if isinstance(record, Sightings):
        found.sightings.update(zip(record.phones, record.hexes, record.slots, record.coarse, strict=True))


def problems(world: World, found: list[Expected]) -> list[str]:
    """Return what does not hold, in words."""
    said = [*_lost(world, found), *_letters(world, found)]
    for partition, one in enumerate(found):
        said += _changes(world, partition, one)
        said += _positions(world, partition)
    return said


def _changes(world: World, partition: int, one: Expected) -> list[str]:
    log = world.broker.logs[world.names.colour_changes, partition]
    written = [(record.key, record.value, list(record.headers)) for record in log.committed()]
    if written == one.changes:
        return []
    first = next(
        (n for n, pair in enumerate(zip(written, one.changes, strict=False)) if pair[0] != pair[1]),
        min(len(written), len(one.changes)),
    )
    return [
        f"colour-changes-{partition}: {len(written)} changes, {len(one.changes)} implied, differ at {first}"
    ]


def _letters(world: World, found: list[Expected]) -> list[str]:
    written = []
    for record in world.broker.logs[world.names.dead_letters, 0].committed():
        letter = codecs.decode_dead_letter(record.value)
        written.append((letter.topic, letter.partition, letter.offset, letter.reason))
    implied = [
        (world.names.journal, partition, offset, reason)
        for partition, one in enumerate(found)
        for reason, offset in one.letters
    ]
    own = sorted(one for one in written if one[0] == world.names.journal)
    return [] if own == sorted(implied) else [f"dead-letters: {own} where the journal implies {implied}"]


def _lost(world: World, found: list[Expected]) -> list[str]:
    """Every sighting that a carrier has sent stands in the journal."""
    entered = set().union(*(one.sightings for one in found))
    lost = 0
    for told in world.told:
        for phone, cell, seen_ms in told.events:
            hexed, coarse = world.places[cell]
            slot = seen_ms // MILLISECONDS // (60 * world.settings.slot_minutes)
            lost += (phone, hexed, slot, coarse) not in entered
    return [f"journal: {lost} sightings are missing"] if lost else []


def _positions(world: World, partition: int) -> list[str]:
    found = _position_values(world, partition)
    return [] if found == sorted(found) else [f"checkpoints-{partition}: the position went back: {found}"]


def _position_values(world: World, partition: int) -> list[int]:
    log = world.broker.logs[world.names.checkpoints, partition]
    key = positions.key(partition)
    return [int.from_bytes(one.value or b"", "big") for one in log.committed() if one.key == key]


def standing(world: World) -> list[tuple[int, int]]:
    """Return position and end of each journal partition."""
    return [
        (
            max(_position_values(world, partition), default=0),
            world.broker.logs[world.names.journal, partition].end,
        )
        for partition in range(world.settings.partitions)
    ]


def at_rest(world: World) -> bool:
    """Tell whether everything sent was ingested, folded and committed."""
    partitions = range(world.settings.partitions)
    read = all(
        world.broker.group.offsets.get((world.source, n), 0) == world.broker.logs[world.source, n].end
        for n in partitions
    )
    marked = all(log.stable == log.end for log in world.broker.logs.values())
    return read and marked and all(position == end for position, end in standing(world))
