"""A worker process, and what it says of itself."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from streams import clock, settings
from streams.kafka.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.settings import Settings

POLL: Final = 0.05
PACE: Final = 0.2
"""Seconds between two looks at a worker's counters: each costs it a millisecond or two."""
STOP_SECONDS: Final = 60.0
GIVEN: Final = (
    *("kafka_brokers", "topic_prefix", "carriers", "app_id", "agents", "clock", "partitions"),
    *("instance_id", "cities", "checkpoint_seconds"),
)
"""The settings of a bench's deployment that are not the defaults."""


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

    def until(self, holds: Callable[[], bool], what: str, seconds: float) -> None:
        """Wait for a condition; EngineError if it does not come to hold or the worker ends."""
        end = clock.monotonic() + seconds
        while not holds():
            if clock.monotonic() > end or self.process.poll() is not None:
                raise EngineError(f"the worker is not {what} in {seconds:.0f} s: {self._tail()}")
            time.sleep(POLL)

    def check(self) -> None:
        """Raise EngineError where the worker has ended."""
        if self.process.poll() is not None:
            raise EngineError(f"the worker ended: {self._tail()}")

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
        """Return the most memory that was resident so far."""
        return peak_bytes(self.process.pid)

    def _tail(self) -> str:
        return self.log.read_text()[-300:]


def peak_bytes(process: int | str = "self") -> int:
    """Return the most memory of a process that was resident so far (Linux), 0 where no system tells."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return 0
    told = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(told.get("VmHWM", "0").split()[0]) * 1024  # one that has just ended has none
