"""The demo's worker: a process of its own, ended with the demo."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from streams import settings
from streams.kafka.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.settings import Settings

STOP_SECONDS: Final = 20


class Worker:
    """A worker that runs, and where its log is."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process, self.log = process, log

    def check(self) -> None:
        """Raise EngineError if it has ended."""
        if self.process.poll() is not None:
            status = self.process.returncode
            raise EngineError(f"the worker ended with status {status}; see {self.log}")


@contextmanager
def working(chosen: Settings) -> Iterator[Worker]:
    """Run a worker with these settings; its log is in the home folder."""
    log = Path(chosen.home) / "demo-worker.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    named = {
        f"{settings.PREFIX}{name.upper()}": str(getattr(chosen, name))
        for name in ("kafka_brokers", "clock", "topic_prefix", "home", "agents")
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "streams", "worker"],
            env=dict(os.environ) | named,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        yield Worker(process, log)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
