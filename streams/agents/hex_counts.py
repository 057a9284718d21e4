"""Counts of phones by hex: partitions' exact ones on their way, added up and released by one owner (17.3).

A partition's counts are in the transaction of the journal record that moved its clock on. Who owns journal
partition 0 adds all partitions up; what is released and how far that went are one transaction. So each count
is told once, whoever is killed, and folding the journal again tells the same.
"""

from __future__ import annotations

import struct
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from streams import codecs
from streams.columns.hex_counts import DAY, Counts, HexTotals, partial
from streams.domain.slots import start_of
from streams.kafka import recovery
from streams.kafka.journal import MILLISECONDS
from streams.kafka.life import OUTPUTS_WAITING
from streams.kafka.owned import Owned, Stage
from streams.kafka.store import KafkaStore
from streams.kafka.transactions import Output
from streams.topics import PARTIAL_DAYS, Names

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator

    from streams.columns.hex_counts import HexPartial
    from streams.kafka.engine import Engine
    from streams.people.disclosure import HexCount
    from streams.settings import Settings
    from streams.window.headcount import HexSnapshot

AT_ONCE: Final = 20_000
"""Hexes in one record, 480 kB at most."""
GATHER_SECONDS: Final = 1.0
"""Between two transactions of sums: they are of hours, and history that is played in has many a second."""
OWNER: Final = 0
"""The journal partition whose owner adds up, and the one partition of either topic."""
_NOTE: Final = struct.Struct(">qQ")
UNTOLD: Final = -1
"""In the place of a time where none was told of yet."""


def partials(partition: int, snapshot: HexSnapshot, slot_minutes: int) -> Iterator[HexPartial]:
    """Yield a partition's counts in records; one at least, which says that there are no phones."""
    at = start_of(snapshot.slot, slot_minutes) * MILLISECONDS
    for begin in range(0, max(1, len(snapshot.hexes)), AT_ONCE):
        part = slice(begin, begin + AT_ONCE)
        more = begin + AT_ONCE < len(snapshot.hexes)
        yield partial(partition, at, Counts(snapshot.hexes[part], snapshot.phones[part]), more=more)


def told(engine: Engine, partition: int, snapshot: HexSnapshot) -> list[Output]:
    """Return the records of a partition's counts, for the transaction of what they come of."""
    topic, key = engine.names.hex_partials, str(partition).encode()
    return [
        Output(topic, key, codecs.encode_hex_partial(one), OWNER)
        for one in partials(partition, snapshot, engine.settings.slot_minutes)
    ]


def note_key(names: Names) -> bytes:
    """Return the key in `checkpoints` of the note of how far counts were told of."""
    return f"told/{names.hex_counts}".encode()


def identity_of(settings: Settings) -> str:
    """Return the transactional id of sums, by which those who add up fence each other."""
    return f"{settings.app_id}-{Names(settings.topic_prefix).prefix}-hex-counts"


class HexCounts(Owned):
    """The one who adds up, for as long as the owner of journal partition 0 is live."""

    what = "hex counts of partition"
    _store: KafkaStore

    def __init__(self, engine: Engine) -> None:
        store = KafkaStore.of(engine.settings, engine.brokers, OWNER, engine.wire, engine.now)
        super().__init__(
            replace(store, identity=identity_of(engine.settings)),
            interval=GATHER_SECONDS,
            monotonic=engine.monotonic,
            watch=engine.watch,
        )
        self._engine, self._names = engine, engine.names
        self._key = note_key(engine.names)
        self._note: bytes | None = None
        """How far it is with what has gathered."""
        self._noted: bytes | None = None

    async def open(self) -> None:
        """Become the one who adds up; nothing is read yet."""
        await self._fence()

    async def run(self) -> None:
        """Add up and publish until cancelled; Fenced where another does."""
        self.stage = Stage.LIVE
        await self._commit_beside(self._follow())

    async def _follow(self) -> None:
        totals, since = await self._resumed()
        topic = self._names.hex_partials
        async with aclosing(self._store.followed({topic: since})) as fetched:
            async for _, records in fetched:
                await self._engine.wire.met(record.value for record in records)
                self._outputs += [output for record in records for output in self._taken(totals, record)]
                self._note = _note(totals, records[-1].offset + 1)
                self._work.set()
                if len(self._outputs) >= OUTPUTS_WAITING:
                    self._room.clear()
                await self._room.wait()

    async def _commit_gathered(self) -> None:
        outputs, self._outputs, note = self._outputs, [], self._note
        if outputs or note != self._noted:
            await self._write([*outputs, Output(self._names.checkpoints, self._key, note, OWNER)])
            self._noted = note
        self._room.set()

    async def _resumed(self) -> tuple[HexTotals, int]:
        """Return the totals as they were last told of, and the offset of the first partial needed."""
        self._note = self._noted = (await recovery.newest(self._store, self._key)).get(self._key)
        reached, since = (UNTOLD, 0) if self._noted is None else _NOTE.unpack(self._noted)
        first, _ = await self._store.end(self._names.hex_partials)
        shown = [one async for one in self._shown()]
        partitions = self._engine.settings.partitions
        reached = None if reached == UNTOLD else reached
        totals = HexTotals(partitions, reached, shown, lasts=PARTIAL_DAYS * DAY)
        return totals, max(first, since)

    async def _shown(self) -> AsyncIterator[HexCount]:
        async with aclosing(self._store.whole(self._names.hex_counts)) as fetched:
            async for records in fetched:
                await self._engine.wire.met(record.value for record in records)
                for record in records:
                    yield codecs.decode_hex_count(self._engine.wire.read(record.value))

    def _taken(self, totals: HexTotals, record: Any) -> Iterable[Output]:
        """Take a partition's counts; what cannot be read becomes a dead letter."""
        topic = self._names.hex_partials
        try:
            part = codecs.decode_hex_partial(self._engine.wire.read(record.value))
        except codecs.CodecError as error:
            return [self._engine.dead_letters.output(error.reason, topic, OWNER, record.offset)]
        return [self._output(count) for count in totals.take(part, record.offset, record.timestamp)]

    def _output(self, count: HexCount) -> Output:
        value = codecs.encode_hex_count(count)
        return Output(self._names.hex_counts, codecs.hex_key(count.hex), value, OWNER)


def _note(totals: HexTotals, behind: int) -> bytes:
    """Return the note of how far it went, under which a successor goes on."""
    reached = UNTOLD if totals.reached is None else totals.reached
    return _NOTE.pack(reached, behind if totals.needed is None else totals.needed)
