"""Texts of look-ups of people who were erased, looked for beside the desks (rules 17.1, 19.2).

Desks do not keep them: there is one for each look-up of 400 days. What is found goes to the person's desk as
a command, so that it is erased in a transaction of its own; a worker that dies meanwhile looks again.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from streams import codecs
from streams.kafka.clients import bounds, read_range
from streams.people.erasure import texts_found

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from streams.agents.erasing import Erasures
    from streams.kafka.engine import Engine

LOOK_SECONDS: Final = 0.5
AT_ONCE: Final = 1_000
"""Texts that one command names."""


async def follow(engine: Engine, erasing: Callable[[], Mapping[int, Erasures]]) -> None:
    """Look for texts, once for each person whom a desk here has erased, for ever."""
    searched: dict[int, tuple[Erasures, set[tuple[str, int]]]] = {}
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        for partition, kind in erasing().items():
            before, done = searched.get(partition, (kind, set()))
            wanted = set(kind.without_texts().items())
            new = wanted - done if before is kind else wanted
            if new:
                await _search(engine, partition, dict(new))
            searched[partition] = (kind, wanted)


async def _search(engine: Engine, partition: int, wanted: Mapping[str, int]) -> None:
    """Send each one's texts to their desk, the last command of them saying so."""
    found = await _texts(engine, partition, wanted)
    for name, at in wanted.items():
        texts = found[name]
        several = [texts[begin : begin + AT_ONCE] for begin in range(0, len(texts), AT_ONCE)]
        commands = [texts_found(name, at, some, last=False) for some in several]
        for command in (*commands, texts_found(name, at, (), last=True)):
            value = codecs.encode_command(command)
            await engine.producing.send(engine.names.commands, value, bytes.fromhex(name), partition)


async def _texts(engine: Engine, partition: int, wanted: Collection[str]) -> dict[str, list[str]]:
    """Return the keys of the texts that stand of each, in order."""
    topic = engine.names.lookups
    found: dict[bytes, dict[bytes, None]] = {name.encode(): {} for name in wanted}
    [(first, end)] = (await bounds(engine.brokers, topic, [partition])).values()
    async with aclosing(read_range(engine.brokers, topic, partition, first, end, committed=True)) as fetched:
        async for records in fetched:
            for record in records:
                key = record.key or b""
                of = found.get(key.partition(b"/")[0])
                if of is None:
                    continue
                if record.value is None:
                    of.pop(key, None)
                else:
                    of[key] = None
            await asyncio.sleep(0)
    return {name.decode(): [key.decode() for key in keys] for name, keys in found.items()}
