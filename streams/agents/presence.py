"""A worker whose topics are gone ends: nothing would tell it otherwise, and it would wait for ever (19.1)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from streams.kafka.errors import EngineError, UnusableError

if TYPE_CHECKING:
    from streams.kafka.engine import Engine

LOOK_SECONDS: Final = 4.0
MISSED: Final = 3
"""Looks in a row at which a topic is not there: a broker that has just come back may not know it yet."""


def attach(engine: Engine) -> None:
    """Look for the topic without which no worker has anything to do."""
    topic = engine.names.commands if engine.settings.agents == "people" else engine.names.journal

    async def follow() -> None:
        missed = 0
        while missed < MISSED:
            await asyncio.sleep(LOOK_SECONDS)
            missed = missed + 1 if await _is_gone(engine, topic) else 0
        raise UnusableError(f"topic {topic!r} is gone: the deployment was purged, or its topics deleted")

    engine.run(follow)


async def _is_gone(engine: Engine, topic: str) -> bool:
    """Say whether the cluster answers, and has no such topic."""
    try:
        return not await engine.producing.exists(topic)
    except EngineError:
        return False
