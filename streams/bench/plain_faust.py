"""A plain Faust agent doing the same kind of work: decode, a table, emit. Prints seconds and CPU seconds.

Run as `python -m streams.bench.plain_faust BROKERS TOPIC OUT RECORDS`. A phone's state is its last tower and
the slots in which it was seen; a change of tower is emitted for one phone in a hundred.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import faust

from streams import codecs
from streams.bench.spent import Spent

SLOT_MS = 900_000
EMIT_ONE_IN = 100
MOST = 4000
"""Characters of the slots kept: what a window of some hundred sightings needs."""


def main(brokers: str, topic: str, out: str, wanted: int) -> None:
    """Run until `wanted` records are done, then end the process."""
    app = faust.App(
        f"plain-{out}",
        broker=f"kafka://{brokers}",
        store="memory://",
        topic_partitions=4,
        topic_replication_factor=1,
        web_enabled=False,
        stream_wait_empty=False,
    )
    raw: Any = {"key_type": bytes, "value_type": bytes, "key_serializer": "raw", "value_serializer": "raw"}
    source, target = app.topic(topic, **raw), app.topic(out, **raw)
    table = app.Table("state", schema=faust.Schema(**raw), partitions=4)

    @app.agent(source)
    async def work(stream: Any) -> None:
        spent, count = Spent(), 0
        async for event in stream.events():
            spent = spent if count else Spent()
            events = codecs.decode_events(event.value)
            key, cell, slot = event.key, events.cells[0], events.seen_at[0] // SLOT_MS
            before = table.get(key)
            last, _, slots = before.decode().partition("|") if before else ("", "", "")
            table[key] = f"{cell}|{slots[-MOST:]},{slot}".encode()
            if cell != last and key[-1] % EMIT_ONE_IN == 0:
                await target.send(key=key, value=event.value)
            count += 1
            if count == wanted:
                print(spent.told(), flush=True, file=sys.__stdout__)
                os._exit(0)

    app.finalize()
    faust.Worker(app, loglevel="ERROR", quiet=True, redirect_stdouts=False).execute_from_commandline()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
