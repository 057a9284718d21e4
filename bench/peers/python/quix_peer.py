# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["quixstreams==3.28.1"]
# ///
"""Quix Streams with its default state: RocksDB and a changelog. Argument: at-least-once or exactly-once."""

from __future__ import annotations

import os
import sys
from typing import Any

from quixstreams import Application
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

CLOCK = Clock()
APP = Application(
    broker_address=BROKER,
    consumer_group=RUN,
    auto_offset_reset="earliest",
    state_dir=SCRATCH,
    processing_guarantee=sys.argv[1],
    loglevel="WARNING",
)


def work(value: bytes, _key: bytes, _timestamp: int, _headers: Any, state: Any) -> bytes | None:
    """Work on one event."""
    found = None
    here, seen = decode(value)
    if here is not None:
        before, old = 0, state.get_bytes("s")
        known = None
        if old is not None:
            before, *rest = unpacked(old)
            known = (rest[0], rest[1])
        last, bits = step(known, seen // SLOT_MS)
        state.set_bytes("s", packed(here, last, bits))
        if told(before, here):
            found = output(value, before, here, seen, bits)
    if CLOCK.tick():
        APP.stop()  # run(count=…) did not return at the count
    return found


def main() -> None:
    """Run until the last event, then end: the state and the offsets are committed by `run`."""
    source = APP.topic(TOPIC, key_deserializer="bytes", value_deserializer="bytes")
    target = APP.topic(OUT, key_serializer="bytes", value_serializer="bytes")
    frame = APP.dataframe(source).apply(work, stateful=True, metadata=True)
    frame.filter(lambda found: found is not None).to_topic(target)
    APP.run()
    CLOCK.report()
    os._exit(0)


main()
