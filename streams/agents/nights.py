"""The agent `nights`: where a phone was most observed at night, from the diary that is here (rule 15.1).

Requests are partitioned as the journal is, so they come to the worker that has the phone's diary. One that
comes while that is being rebuilt waits; a crash reads it again, and the same answer twice changes nothing.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from streams import codecs
from streams.agents.errand import Errand
from streams.agents.late import refuse_late
from streams.kafka.chunks import chunks
from streams.people.nights import NightsAsked, spent
from streams.window.diary import observed

if TYPE_CHECKING:
    from streams.kafka.chunks import Chunk
    from streams.kafka.engine import Engine
    from streams.kafka.life import Life
    from streams.kafka.lives import Lives

LOOK_SECONDS: Final = 0.2


def attach(app: Any, engine: Engine, lives: Lives[Life]) -> None:
    """Add the agent to the app."""
    nights = Nights(engine, lives)
    engine.run(nights.answer_for_ever)
    app.transport.before_leaving(nights.leave)

    @app.agent(engine.chunked(engine.names.night_requests), name="nights")  # type: ignore[untyped-decorator]
    async def agent(stream: Any) -> None:
        with engine.ending.fatal():
            async for chunk in chunks(stream):
                await nights.take(chunk)


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """A question, the partition of the journal that has the diary, and the errand of its chunk."""

    partition: int
    question: NightsAsked
    errand: Errand


class Nights:
    """What is asked, until the partition it is asked of is live here."""

    def __init__(self, engine: Engine, lives: Lives[Life]) -> None:
        self._engine, self._lives = engine, lives
        self._waiting: list[Waiting] = []
        self._some = asyncio.Event()

    async def take(self, chunk: Chunk) -> None:
        """Take questions; they are acknowledged once each is answered, or is buried."""
        errand, wire = Errand(chunk), self._engine.wire
        records = list(chunk.rows.each())
        chunk.let_go()
        await wire.met(record.value for record in records)
        for record in records:
            try:
                refuse_late(self._engine.settings.sunset_at, record)
                question = codecs.decode_nights_asked(wire.read(record.value))
            except codecs.CodecError as error:
                bury = self._engine.dead_letters.bury
                await bury(error.reason, chunk.topic, chunk.partition, record.offset, 0)
                continue
            errand.more()
            self._waiting.append(Waiting(chunk.partition, question, errand))
        errand.done()
        self._some.set()

    async def answer_for_ever(self) -> None:
        """Answer what can be answered, again and again."""
        while True:
            await self._some.wait()
            self._some.clear()
            for one in tuple(self._waiting):
                life = self._lives.of(one.partition)
                if life is not None:
                    await self._answer(life, one.question)
                    self._done(one)
            if self._waiting:
                await asyncio.sleep(LOOK_SECONDS)
                self._some.set()

    async def _answer(self, life: Life, question: NightsAsked) -> None:
        window = life.folding.window
        policy = window.rules.policy
        found = spent(question, observed(window, question.phone), policy.slot_minutes, policy.timezone)
        [place] = codecs.partitions_of([question.person], self._engine.settings.partitions)
        value = codecs.encode_nights_spent(found)
        await self._engine.producing.send(self._engine.names.nights, value, question.person, place)

    def _done(self, one: Waiting) -> None:
        if one in self._waiting:  # else its partition was given away meanwhile
            self._waiting.remove(one)
            one.errand.done()

    async def leave(self, leaving: object) -> None:
        """Forget what waits: it was never acknowledged, and whoever comes next reads it again."""
        del leaving
        self._waiting.clear()
