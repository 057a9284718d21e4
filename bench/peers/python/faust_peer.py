# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["faust-streaming==0.15.3", "aiokafka==0.14.0", "click<8.4", "setuptools<81"]
# ///
"""Plain Faust: an agent and a table in memory with its changelog."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

import faust
from work import (
    BROKER,
    OUT,
    RUN,
    SCRATCH,
    SLOT_MS,
    TOPIC,
    Clock,
    decode,
    output,
    packed,
    step,
    told,
    unpacked,
)

FLUSH_SECONDS = 3
"""How long outputs have to leave; `app.stop()` from within an agent hangs."""
RAW: Any = {"key_type": bytes, "value_type": bytes, "key_serializer": "raw", "value_serializer": "raw"}
APP = faust.App(
    RUN,
    broker=f"kafka://{BROKER}",
    store="memory://",
    topic_partitions=4,
    topic_replication_factor=1,
    datadir=SCRATCH,
    web_enabled=False,
    stream_wait_empty=False,
)
SOURCE, TARGET = APP.topic(TOPIC, **RAW), APP.topic(OUT, **RAW)
TABLE = APP.Table("states", schema=faust.Schema(**RAW), partitions=4)


@APP.agent(SOURCE)
async def work(stream: Any) -> None:
    """Work on every event, then end the process."""
    clock = Clock()
    async for event in stream.events():
        value, key = event.value, event.key
        here, seen = decode(value)
        if here is not None:
            before, known, old = 0, None, TABLE.get(key)
            if old is not None:
                before, *rest = unpacked(old)
                known = (rest[0], rest[1])
            last, bits = step(known, seen // SLOT_MS)
            TABLE[key] = packed(here, last, bits)
            if told(before, here):
                found = output(value, before, here, seen, bits)
                await TARGET.send(key=key, value=found, partition=event.message.partition)
        if clock.tick():
            clock.report()
            asyncio.get_running_loop().call_later(FLUSH_SECONDS, lambda: os._exit(0))


sys.argv = [sys.argv[0], "worker", "-l", "warn", "--without-web"]
APP.main()
