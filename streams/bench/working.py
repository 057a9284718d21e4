"""A worker process on topics already filled: how long it takes, and what it takes for it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from streams import clock, settings
from streams.kafka import recovery
from streams.kafka.clients import bounds
from streams.kafka.errors import EngineError
from streams.kafka.store import KafkaStore
from streams.kafka.wire import wire_of
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.settings import Settings

POLL: Final = 0.05
STOP_SECONDS: Final = 60.0
GIVEN: Final = ("kafka_brokers", "topic_prefix", "carriers", "app_id", "clock", "partitions")
"""The settings of a bench's deployment that are not the defaults."""


class Figures(NamedTuple):
    """From before the first sighting entered the journal to the last change committed."""

    seconds: float
    second_half: float
    """Seconds since half of the sightings had entered the journal."""
    cpu: float
    """CPU seconds."""


class Working:
    """A worker process, by its settings; within `with`."""

    def __init__(self, chosen: Settings) -> None:
        self._chosen = chosen
        self._folder = tempfile.TemporaryDirectory()
        self.log = Path(self._folder.name) / "worker.log"

    def __enter__(self) -> Self:
        named = {f"{settings.PREFIX}{key.upper()}": str(getattr(self._chosen, key)) for key in GIVEN}
        with self.log.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streams", "worker"],
                env=dict(os.environ) | named,
                stdout=stream,
                stderr=stream,
            )
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._folder.cleanup()

    def folded(self, wanted: int, seconds: float) -> Figures:
        """Wait until so many sightings are folded and all they changed is committed; EngineError if never."""
        begun = half = cpu = 0.0
        end = clock.monotonic() + seconds
        while clock.monotonic() < end and self.process.poll() is None:
            asked = clock.monotonic()
            done, spent = self.total("shendeng_sightings_total"), self.total("process_cpu_seconds_total")
            if not done:
                begun = half = asked
                cpu = spent
            elif done * 2 < wanted:
                half = asked
            elif done == wanted and asyncio.run(self._committed()):
                now = clock.monotonic()
                return Figures(now - begun, now - half, self.total("process_cpu_seconds_total") - cpu)
            time.sleep(POLL)
        raise EngineError(f"the worker did not fold {wanted} sightings in {seconds:.0f} s: {self._tail()}")

    def until(self, holds: Callable[[], bool], what: str, seconds: float) -> None:
        """Wait for a condition; EngineError if it does not come to hold or the worker ends."""
        end = clock.monotonic() + seconds
        while not holds():
            if clock.monotonic() > end or self.process.poll() is not None:
                raise EngineError(f"the worker is not {what} in {seconds:.0f} s: {self._tail()}")
            time.sleep(POLL)

    def values(self, name: str) -> list[float]:
        """Return a metric's values, one a label; none where the worker does not answer yet."""
        lines = self.asked("/metrics").splitlines()
        return [float(line.split()[-1]) for line in lines if line.startswith(name)]

    def total(self, name: str) -> float:
        """Return a metric summed over its labels."""
        return sum(self.values(name))

    def ready(self) -> bool:
        """Say whether the worker says so."""
        return self.asked("/readyz") == "ready\n"

    def asked(self, path: str) -> str:
        """Return what the worker answers; nothing where it does not, or not with 200."""
        found = [line.split()[-1] for line in self.log.read_text().splitlines() if "metrics at" in line]
        if not found:
            return ""
        try:
            with urllib.request.urlopen(found[0].replace("/metrics", path), timeout=5) as answer:  # noqa: S310 - ours
                return str(answer.read().decode())
        except OSError:
            return ""

    def peak_bytes(self) -> int:
        """Return the most memory that was resident so far (Linux), 0 where the system does not tell."""
        status = Path(f"/proc/{self.process.pid}/status")
        if not status.exists():
            return 0
        told = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(told["VmHWM"].split()[0]) * 1024

    async def _committed(self) -> bool:
        """Say whether everything in the journal is folded and its changes committed."""
        names, numbers = Names(self._chosen.topic_prefix), range(self._chosen.partitions)
        ends = await bounds(self._chosen.kafka_brokers, names.journal, numbers)
        wire, brokers = wire_of(self._chosen), self._chosen.kafka_brokers
        stores = [KafkaStore.of(self._chosen, brokers, number, wire) for number in numbers]
        found = [await recovery.position_of(store) for store in stores]
        return [ends[number][1] for number in numbers] == found

    def _tail(self) -> str:
        return self.log.read_text()[-300:]
