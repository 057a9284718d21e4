"""What publishing commands write with, on a real broker that stops."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from streams.kafka import publishing
from streams.kafka.errors import UnusableError
from streams.kafka.wire import Wire
from tests.agents.stage import a_stage
from tests.e2e.processes import until

if TYPE_CHECKING:
    from streams.kafka.local import LocalBroker


def halted(process: int) -> bool:
    """Tell whether every thread of a process is stopped; kill returns before they are."""
    stats = [task / "stat" for task in Path(f"/proc/{process}/task").iterdir()]
    return all(stat.read_text().rpartition(")")[2].split()[0] == "T" for stat in stats)


def test_what_is_not_acknowledged_in_time_is_said_so_and_not_waited_for_for_ever(
    own_broker: LocalBroker, topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = a_stage(own_broker.address, topic_prefix)
    stage.make_topics()
    monkeypatch.setattr(publishing, "ACKNOWLEDGED_SECONDS", 1.0)
    broker = int((own_broker.folder / "pid").read_text())
    with publishing.publisher(own_broker.address, Wire(None)) as out:
        out.send(stage.names.commands, b"first", partition=0)
        out.confirm()
        os.kill(broker, signal.SIGSTOP)
        try:
            until(lambda: halted(broker), "a thread of the broker that was running may still answer")
            out.send(stage.names.commands, b"second", partition=0)
            with pytest.raises(UnusableError, match="not acknowledged within 1 s"):
                out.confirm()
        finally:
            os.kill(broker, signal.SIGCONT)
