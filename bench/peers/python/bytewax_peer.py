# /// script
# requires-python = ">=3.11,<3.13"
# dependencies = ["bytewax[kafka]==0.21.1"]
# ///
"""Bytewax, one worker. Argument: `none`, or `recovery` for snapshots of its state every 10 seconds."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import bytewax.operators as op
from bytewax.connectors.kafka import KafkaSink, KafkaSinkMessage, KafkaSource
from bytewax.dataflow import Dataflow
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.testing import cluster_main
from work import BROKER, OUT, SCRATCH, SLOT_MS, TOPIC, Clock, decode, output, step, told

BATCH = 1000
CLOCK = Clock()


def work(state: tuple[int, int, int] | None, message: Any) -> tuple[tuple[int, int, int] | None, Any]:
    """Work on one event; the state is hex, last slot and slots."""
    found = None
    here, seen = decode(message.value)
    if here is not None:
        before = 0 if state is None else state[0]
        last, bits = step(None if state is None else state[1:], seen // SLOT_MS)
        state = (here, last, bits)
        if told(before, here):
            found = KafkaSinkMessage(message.key, output(message.value, before, here, seen, bits))
    CLOCK.tick()
    return state, found


def main() -> None:
    """Run to the topic's end."""
    flow = Dataflow("peer")
    read = op.input("in", flow, KafkaSource([BROKER], [TOPIC], tail=False, batch_size=BATCH))
    keyed = op.key_on("key", read, lambda message: message.key.hex())
    worked = op.stateful_map("work", keyed, work)
    hits = op.filter_map("told", worked, lambda pair: pair[1])
    op.output("out", hits, KafkaSink([BROKER], OUT))
    recovery = None
    if sys.argv[1] == "recovery":
        folder = Path(SCRATCH)
        init_db_dir(folder, 1)
        recovery = RecoveryConfig(folder)
    cluster_main(flow, [], 0, recovery_config=recovery, epoch_interval=timedelta(seconds=10))
    CLOCK.report()


main()
