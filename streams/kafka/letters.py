"""Dead letters: where something stood that could not be used, and why; never the thing itself."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams import codecs
from streams.kafka.transactions import Output
from streams.kafka.watch import DEAD_LETTER

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.kafka.watch import Watch
    from streams.kafka.wire import Wire
    from streams.kafka.writers import Producing
    from streams.topics import Names

LOOK_AGAIN_SECONDS: Final = 60.0
"""How long a carrier without a topic of its own dead letters is taken to have none."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter ready to be written."""

    topic: str
    key: bytes
    value: bytes


class DeadLetters:
    """Writes dead letters to `dead-letters`, and a carrier's own to its topic too, where that exists."""

    def __init__(
        self,
        producing: Producing,
        wire: Wire,
        names: Names,
        watch: Watch,
        monotonic: Callable[[], float],
    ) -> None:
        self._producing, self._wire, self._names = producing, wire, names
        self._watch, self._monotonic = watch, monotonic
        self._own: set[str] = set()
        self._missing_until: dict[str, float] = {}
        self._asking = asyncio.Lock()

    def letter(self, reason: str, topic: str, partition: int, offset: int, index: int) -> Letter:
        """Return the letter for `dead-letters`; `index` counts within a record of several."""
        value = codecs.encode_dead_letter(
            codecs.DeadLetter(reason=reason, topic=topic, partition=partition, offset=offset, index=index)
        )
        return Letter(self._names.dead_letters, f"{topic}/{partition}".encode(), value)

    def output(self, reason: str, topic: str, partition: int, offset: int) -> Output:
        """Return the letter for a transaction, that of a record of one thing."""
        letter = self.letter(reason, topic, partition, offset, 0)
        return Output(letter.topic, letter.key, letter.value, about=(DEAD_LETTER, reason))

    async def bury(self, reason: str, topic: str, partition: int, offset: int, index: int) -> None:
        """Write a dead letter; it is there for good when this returns."""
        letter = self.letter(reason, topic, partition, offset, index)
        writing = [self._send(letter.topic, letter)]
        carrier = self._names.carrier(topic)
        if carrier is not None and await self._has_own(carrier):
            writing.append(self._send(self._names.dead_letters_of(carrier), letter))
        await asyncio.gather(*writing)
        self._watch.buried(reason)

    async def _send(self, topic: str, letter: Letter) -> None:
        await self._producing.send(topic, await self._wire.written(topic, letter.value), letter.key)

    async def _has_own(self, carrier: str) -> bool:
        # Letters come by the thousand, and one answer, which lists every topic there is, does for all.
        async with self._asking:
            if carrier in self._own:
                return True
            if self._monotonic() < self._missing_until.get(carrier, 0.0):
                return False
            if await self._producing.exists(self._names.dead_letters_of(carrier)):
                self._own.add(carrier)
                return True
            self._missing_until[carrier] = self._monotonic() + LOOK_AGAIN_SECONDS
            return False
