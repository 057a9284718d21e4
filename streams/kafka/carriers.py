"""Which carriers' topics are read: named ones and patterns, new topics included.

Faust cannot subscribe to a pattern, so the cluster is asked now and then and the subscription extended.
"""

from __future__ import annotations

import asyncio
import logging
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from aiokafka.errors import KafkaError

from streams.kafka.clients import reader
from streams.kafka.errors import UnusableError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.topics import Names

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 10.0
RESUBSCRIBE_SECONDS: Final = 1.0
"""Faust waits 45 s after a change for others to follow; new carriers are seldom and come alone."""


def matching(wanted: str, names: Names, topics: Iterable[str]) -> list[str]:
    """Return the topics of the carriers wanted: names or patterns with `*`, separated by commas."""
    patterns = [part.strip() for part in wanted.split(",") if part.strip()]
    found = []
    for topic in topics:
        carrier = names.carrier(topic)
        if carrier is not None and any(fnmatchcase(carrier, pattern) for pattern in patterns):
            found.append(topic)
    return sorted(found)


class Growing(list[str]):
    """A list that is true though empty: Faust would give each clone of a topic an empty list of its own."""

    def __bool__(self) -> bool:
        return True


class Carriers:
    """Keeps an agent's topic subscribed to every carrier's topic there is."""

    def __init__(self, app: Any, brokers: str, names: Names, wanted: str, channel: Any) -> None:
        self._app, self._brokers, self._names, self._wanted = app, brokers, names, wanted
        self._channel = channel
        channel.topics = Growing(channel.topics)
        self._told = False

    async def look(self) -> None:
        """Add the topics that exist now; before the start this is all it takes."""
        async with reader(self._brokers, committed=False) as consumer:
            there = await consumer.topics()
        for topic in matching(self._wanted, self._names, there):
            if topic not in self._channel.topics:
                self._channel.topics.append(topic)
                log.info("reading %s", topic)
        if len(self._channel.topics) == 0 and not self._told:
            self._told = True
            log.warning("no topic of the carriers %r yet; looking every %.0f s", self._wanted, LOOK_SECONDS)

    async def follow(self) -> None:
        """Look again and again; a new topic leads to a new subscription and a rebalance."""
        conductor = self._app.topics
        conductor._resubscribe_sleep_lock_seconds = RESUBSCRIBE_SECONDS  # noqa: SLF001
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            known = len(self._channel.topics)
            try:
                await self.look()
            except (KafkaError, UnusableError) as error:
                log.warning("could not look for new carriers: %s", error)
            missed = conductor._topic_contain_unsubscribed_topics(self._channel)  # noqa: SLF001
            if len(self._channel.topics) > known or missed:
                conductor._flag_changes()  # noqa: SLF001
