"""Dead letters: where something stood that could not be used, and why; never the thing itself."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams import codecs

if TYPE_CHECKING:
    from streams.topics import Names
    from streams.kafka.watch import Watch
    from streams.kafka.writers import Producing


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter ready to be written."""

    topic: str
    key: bytes
    value: bytes


class DeadLetters:
    """Writes dead letters to `dead-letters`, and a carrier's own to its topic too, where that exists."""

    def __init__(self, producing: Producing, names: Names, watch: Watch) -> None:
        self._producing, self._names, self._watch = producing, names, watch
        self._own: dict[str, bool] = {}

    def letter(self, reason: str, topic: str, partition: int, offset: int, index: int) -> Letter:
        """Return the letter for `dead-letters`; `index` counts within a record of several."""
        value = codecs.encode_dead_letter(
            codecs.DeadLetter(reason=reason, topic=topic, partition=partition, offset=offset, index=index)
        )
        return Letter(self._names.dead_letters, f"{topic}/{partition}".encode(), value)

    async def bury(self, reason: str, topic: str, partition: int, offset: int, index: int) -> None:
        """Write a dead letter; it is there for good when this returns."""
        letter = self.letter(reason, topic, partition, offset, index)
        writing = [self._producing.send(letter.topic, letter.value, letter.key)]
        carrier = self._names.carrier(topic)
        if carrier is not None and await self._has_own(carrier):
            own = self._names.dead_letters_of(carrier)
            writing.append(self._producing.send(own, letter.value, letter.key))
        await asyncio.gather(*writing)
        self._watch.buried(reason)

    async def _has_own(self, carrier: str) -> bool:
        if carrier not in self._own:
            self._own[carrier] = await self._producing.exists(self._names.dead_letters_of(carrier))
        return self._own[carrier]
