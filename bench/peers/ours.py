"""Ours in the contest: a worker with its rules on the topic the others read, and what it must come to.

Others keep a bitmap and emit steps into and out of risk hexes; ours joins towers, writes the journal, judges
by all rules and commits colour changes. Its changes are held against two references: folding the journal it
wrote gives the same bytes, and folding the load's columns in memory gives each phone the same last colour.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bench.peers.ground import PREFIX, committed
from bench.peers.load import PARTITIONS, RESOLUTION
from streams import codecs, settings
from streams.bench.folding import folded, total
from streams.bench.working import Working
from streams.domain.policy import Deployment, Policy
from streams.domain.records import TimeAdvanced
from streams.kafka import admin
from streams.kafka.errors import EngineError
from streams.topics import topics
from streams.window.columns import SightingColumns
from streams.window.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.peers.contenders import Contender
    from bench.peers.ground import Ground
    from bench.peers.load import Load
    from streams.settings import Settings

SLOT_SECONDS: Final = 900
SETTLE_SECONDS: Final = 60.0
MOST: Final = 10_000

Colours = dict[str, tuple[str, tuple[tuple[str, str | None], ...]]]
"""By phone: its last colour, and each reason's code and area."""


def deployment(broker: str, carrier: str, run: str, prefix: str = PREFIX) -> Settings:
    """Return the settings of a worker that reads one carrier and was never started before."""
    return replace(
        settings.load({}),
        kafka_brokers=broker,
        topic_prefix=prefix,
        carriers=carrier,
        app_id=run,
        partitions=PARTITIONS,
        resolution=RESOLUTION,
        agents="engine",
        clock="events",
    )


def create(chosen: Settings) -> None:
    """Make what topics a deployment lacks."""
    with admin.admin(chosen.kafka_brokers) as client:
        admin.create(client, topics(chosen, [chosen.carriers]), 1)


def run(ground: Ground, contender: Contender, name: str, seconds: float) -> dict[str, Any]:
    """Run workers over a carrier's topic; return what was measured and whether all is as it must be."""
    load = ground.load
    chosen = replace(
        deployment(ground.broker, contender.carrier, name), checkpoint_seconds=contender.checkpoint_seconds
    )
    create(chosen)
    with ExitStack() as stack:
        workers = [stack.enter_context(Working(chosen)) for _ in range(contender.workers)]
        found = folded(chosen, workers, len(load), seconds)
        peak = sum(worker.peak_bytes() for worker in workers)
        last = int(load.seen_ms[-1]) // 1000 // SLOT_SECONDS

        def settled() -> bool:
            clocks = [at for worker in workers for at in worker.values("shendeng_clock_seconds{")]
            return len(clocks) == PARTITIONS and min(clocks) // SLOT_SECONDS >= last

        workers[0].until(settled, "at the last slot", SETTLE_SECONDS)
        folded(chosen, workers, len(load), SETTLE_SECONDS)
        whole = total(workers, "process_cpu_seconds_total")
    count, right = _checked(ground, chosen)
    figures = {"seconds": found.seconds, "second_half": found.second_half, "cpu": found.cpu}
    return figures | {"cpu_whole": whole, "peak_bytes": peak, "outputs": count, "right": right}


def _checked(ground: Ground, chosen: Settings) -> tuple[int, bool]:
    """Return how many changes were committed, and whether both references agree with them."""
    path = ground.folder / "journal.ndjson"
    _replay(path, chosen)
    count, same, colours = 0, True, Colours()
    with path.open(encoding="utf-8") as lines:
        for message in committed(ground.broker, ground.names.colour_changes):
            line = codecs.change_json(codecs.decode_change(message.value()))
            same = same and next(lines, "").rstrip("\n") == line
            count += 1
            data = json.loads(line)["data"]
            reasons = tuple((reason["code"], reason["area"]) for reason in data["reasons"])
            colours[data["phone"]] = data["colour"], reasons
        same = same and next(lines, None) is None
    path.unlink()
    return count, same and colours == reference(ground.load)


def _replay(out: Path, chosen: Settings) -> None:
    """Fold the journal as `shendeng replay --journal` does."""
    named = {
        f"{settings.PREFIX}{key.upper()}": str(getattr(chosen, key))
        for key in ("kafka_brokers", "topic_prefix")
    }
    done = subprocess.run(  # noqa: S603 - the project's own command
        [sys.executable, "-m", "streams", "replay", "--journal", "-o", str(out)],
        env=dict(os.environ) | named,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise EngineError(f"the journal cannot be folded: {done.stderr.strip()[-300:]}")


def reference(load: Load) -> Colours:
    """Return each phone's last colour and reasons by folding the columns, without Kafka or codecs."""
    window, found = Window(Deployment(), Policy(), load.areas()), Colours()
    end: list[SightingColumns | TimeAdvanced] = [TimeAdvanced(int(load.seen_ms[-1]) // 1000)]
    for record in chain(records(load), end):
        for change in window.apply(record, None).changes:
            reasons = tuple((reason.code, reason.area) for reason in change.reasons)
            found[change.phone.hex()] = change.colour, reasons
    return found


def records(load: Load) -> Iterator[SightingColumns]:
    """Yield the load as journal records: none goes over the end of a slot."""
    halves = np.ascontiguousarray(load.phones).view(">i8").astype(np.int64)
    slots = load.seen_ms // (SLOT_SECONDS * 1000)
    for slot in range(int(slots[0]), int(slots[-1]) + 1):
        first, end = np.searchsorted(slots, [slot, slot + 1])
        for begin in range(int(first), int(end), MOST):
            rows = slice(begin, min(begin + MOST, int(end)))
            high, low = halves[load.phone[rows]].T
            yield SightingColumns(
                int(load.seen_ms[rows][-1]) // 1000,
                np.ascontiguousarray(high),
                np.ascontiguousarray(low),
                load.hexes[load.tower[rows]],
                slots[rows],
                np.zeros(len(high), np.int64),
            )
