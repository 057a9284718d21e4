"""What is done to workers, broker, network and clocks while sightings are coming in."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from tests.e2e.deployment import PARTITIONS, SESSION_MS
from tests.e2e.processes import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.chaos.field import Field
    from tests.e2e.processes import Worker

BEYOND = 1.5 * SESSION_MS / 1000
"""Seconds after which a silent worker's session is over."""
AN_HOUR = 3600


def kill(field: Field) -> None:
    """Kill -9 a worker."""
    field.one().kill()


def stop_beyond_the_session(field: Field) -> None:
    """SIGSTOP a worker until the others own everything, then let it go on."""
    stopped = field.one()
    os.kill(stopped.process.pid, signal.SIGSTOP)
    try:
        until(lambda: field.owned_without(stopped) == PARTITIONS, "others have taken over")
    finally:
        os.kill(stopped.process.pid, signal.SIGCONT)


def join(field: Field) -> None:
    """Start a third worker."""
    field.wanted = 3
    field.supervise()
    until(field.all_ready, "the new one is ready")


def leave(field: Field) -> None:
    """End a worker in good order; two remain."""
    field.wanted = 2
    leaving = field.one()
    assert leaving.stop() == 0, leaving.log.read_text()[-2000:]


def kill_the_broker(field: Field) -> None:
    """Kill -9 the broker and start it again."""
    field.broker.kill()
    field.broker.start()


def restart_the_broker(field: Field) -> None:
    """Stop the broker in good order and start it again."""
    field.broker.restart()


def fill_the_disk(field: Field) -> None:
    """Let the broker's disk be full until it gives up; then there is room again."""
    field.broker.fill()
    until(lambda: not field.broker.runs(), "the broker has ended itself")
    field.broker.start()


def cut_the_network(field: Field) -> None:
    """Cut off the workers behind the proxy beyond their session."""
    field.broker.proxy.cut()
    field.during(BEYOND + field.rnd.random() * BEYOND)
    field.broker.proxy.mend()


def slow_the_network(field: Field) -> None:
    """Delay every piece between the broker and the workers behind the proxy."""
    field.broker.proxy.slow(0.05 + field.rnd.random() * 0.4)
    field.during(BEYOND)
    field.broker.proxy.mend()


def step_a_clock(field: Field) -> None:
    """Put a worker's wall clock hours ahead or back; it stays there."""
    ahead = field.rnd.choice([-24, -1, 1, 24]) * AN_HOUR + field.rnd.randrange(60)
    field.clock_of(field.one()).write_text(str(ahead))


ALL: tuple[Callable[[Field], None], ...] = (
    kill,
    stop_beyond_the_session,
    join,
    leave,
    kill_the_broker,
    restart_the_broker,
    fill_the_disk,
    cut_the_network,
    slow_the_network,
    step_a_clock,
)


def name_of(disturbance: Callable[[Field], None]) -> str:
    """Return its name as the tables have it."""
    return disturbance.__name__.replace("_", " ")


def owned(worker: Worker) -> int:
    """Return how many journal partitions are live at a worker, by its metrics."""
    lines = worker.get("/metrics").splitlines()
    return sum(line.startswith("shendeng_journal_offset{") for line in lines)
