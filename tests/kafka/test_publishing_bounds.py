"""What publishing commands write with, on a real broker that stops."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from streams.kafka import publishing
from streams.kafka.errors import UnusableError
from streams.kafka.wire import Wire
from tests.agents.stage import a_stage

if TYPE_CHECKING:
    from streams.kafka.local import LocalBroker


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
            out.send(stage.names.commands, b"second", partition=0)
            with pytest.raises(UnusableError, match="not acknowledged within 1 s"):
                out.confirm()
        finally:
            os.kill(broker, signal.SIGCONT)
