"""Values as they stand on topics, to and from the single-object ones that the codecs know (D7).

Without a registry nothing is changed. With one, values in Confluent's framing are read beside single-object
ones, and what others read (changes, dead letters, what is published) is written in Confluent's. The journal
is ours alone: it stays single-object, so that folding it needs no registry, and so do look-ups.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from streams import codecs
from streams.kafka.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.settings import Settings


class Wire:
    """Remembers what the registry answered; asking it blocks, so `met` and `written` do so in a thread."""

    def __init__(self, registry: Registry | None) -> None:
        self._registry = registry
        self._writers: dict[int, codecs.Writer] = {}
        self._ids: dict[tuple[str, str], int] = {}
        self._heads = codecs.heads_of({})

    def learn(self, values: Iterable[bytes | None]) -> None:
        """Ask the registry for the schemas of these values that are not known yet."""
        self._ask(self._missing(values))

    async def met(self, values: Iterable[bytes | None] | codecs.Values) -> None:
        """Do as `learn`, without keeping anybody waiting."""
        if missing := self._missing(values):
            await asyncio.to_thread(self._ask, missing)

    @property
    def heads(self) -> codecs.Heads:
        """What sightings may begin with, by all schemas learnt."""
        return self._heads

    def _missing(self, values: Iterable[bytes | None] | codecs.Values) -> set[int]:
        if self._registry is None:
            return set()
        if isinstance(values, codecs.Values):
            return codecs.schema_ids(values) - self._writers.keys()
        numbers = {number for value in values if (number := codecs.schema_id(value)) is not None}
        return numbers - self._writers.keys()

    def _ask(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            definition = self._registry.schema(number) if self._registry is not None else None
            writer = codecs.writer_of(definition) if definition is not None else None
            if writer is not None:
                self._writers[number] = writer
        self._heads = codecs.heads_of(dict(self._writers))

    def read(self, value: bytes | None) -> bytes | None:
        """Return a value whose schema was learnt as the codecs know it; CodecError says why not."""
        number = codecs.schema_id(value) if self._registry is not None else None
        if value is None or number is None or len(value) > codecs.MOST_BYTES:
            return value
        writer = self._writers.get(number)
        if writer is None:
            raise codecs.CodecError("unknown_schema")
        return codecs.single(value, writer)

    def learnt(self, value: bytes | None) -> bytes | None:
        """Do as `learn` and `read` with one value, for those who may wait."""
        self.learn([value])
        return self.read(value)

    def framed(self, topic: str, value: bytes) -> bytes:
        """Return a value as it is written to a topic; the first with its schema asks the registry."""
        schema = codecs.by_header().get(value[:10])
        if self._registry is None or schema is None or schema.name in codecs.LOOKUPS:
            return value
        if (topic, schema.name) not in self._ids:
            self._ids[topic, schema.name] = self._registry.register(f"{topic}-value", schema.text)
        return codecs.framed(value, self._ids[topic, schema.name])

    async def written(self, topic: str, value: bytes) -> bytes:
        """Do as `framed`, without keeping anybody waiting."""
        schema = codecs.by_header().get(value[:10]) if self._registry is not None else None
        if schema is None or (topic, schema.name) in self._ids:
            return self.framed(topic, value)
        return await asyncio.to_thread(self.framed, topic, value)


def wire_of(settings: Settings) -> Wire:
    """Return the wire of a deployment."""
    url = settings.schema_registry_url
    return Wire(Registry(url, time.sleep) if url else None)
