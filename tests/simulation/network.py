"""Requests between a process and the broker: seeded delays, answers that are lost, cuts."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiokafka.errors import RequestTimedOutError

from tests.simulation.loop import RUNNING

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.simulation.loop import Loop, Process
    from tests.simulation.trace import Trace

PATIENCE = 1.0
"""Seconds after which a request without an answer is sent again, or given up."""
RETRY = 0.05


class AgainError(Exception):
    """The broker is busy with what was asked before: the client asks again, as Kafka's do."""


@dataclass(frozen=True)
class Weather:
    """How the network is in one history; chances are of one request."""

    delay: float
    """Seconds one way, at most."""
    lost: float
    given_up: float
    """Of those lost: the client is told so instead of asking again."""


class Network:
    """All links to the broker, which answers in a process of its own."""

    def __init__(self, loop: Loop, random: Random, weather: Weather, broker: Process, trace: Trace) -> None:
        self.loop, self.random, self.weather, self.trace = loop, random, weather, trace
        self.context = broker.run(copy_context)

    def link(self) -> Link:
        """Return a link for the process that asks."""
        return Link(self, RUNNING.get())

    def delay(self) -> float:
        return self.random.random() * self.weather.delay


class Link:
    """One client's connection: requests arrive in the order in which they were sent."""

    def __init__(self, network: Network, process: Process) -> None:
        self._network, self._process = network, process
        self._last = 0.0

    async def ask(self, what: str, operation: Callable[[], Any], *, sure: bool = False) -> Any:
        """Let the broker do something and return what it answers; RequestTimedOutError where nobody can say.

        `sure` requests are asked again for ever. What the broker does must bear being done twice.
        """
        network = self._network
        while True:
            chance = network.random.random()
            if chance >= network.weather.lost:
                try:
                    return await self._once(what, operation)
                except AgainError:
                    await asyncio.sleep(RETRY)
                    continue
            if network.random.random() < 0.7:
                asyncio.ensure_future(self._quietly(what, operation))  # noqa: RUF006 - its answer is lost
            network.trace.say(self._process.name, f"lost {what}")
            await asyncio.sleep(PATIENCE)
            if not sure and network.random.random() < network.weather.given_up:
                raise RequestTimedOutError(what)

    async def _quietly(self, what: str, operation: Callable[[], Any]) -> None:
        try:
            await self._once(what, operation)
        except Exception as error:  # noqa: BLE001 - nobody hears it
            self._network.trace.say(self._process.name, f"unheard {type(error).__name__}")

    def future(self) -> asyncio.Future[None]:
        """Return a future of the loop."""
        return self._network.loop.create_future()

    def _once(self, what: str, operation: Callable[[], Any]) -> asyncio.Future[Any]:
        network = self._network
        answer: asyncio.Future[Any] = network.loop.create_future()
        begun = max(network.loop.time(), self._process.cut_until)
        self._last = max(self._last, begun + network.delay())
        home = copy_context()

        def give(found: Any, error: BaseException | None) -> None:
            if answer.done():
                return
            if error is None:
                answer.set_result(found)
            else:
                answer.set_exception(error)

        def back(found: Any, error: BaseException | None) -> None:
            when = max(network.loop.time(), self._process.cut_until) + network.delay()
            network.loop.call_at(when, give, found, error, context=home)

        def arrive() -> None:
            network.trace.say(self._process.name, what)
            try:
                found = operation()
            except Exception as error:  # noqa: BLE001 - told to who asked
                back(None, error)
                return
            if isinstance(found, asyncio.Future):
                found.add_done_callback(lambda done: back(done.result(), None))
            else:
                back(found, None)

        network.loop.call_at(self._last, arrive, context=network.context)
        process = self._process
        if process.dreaded and what.startswith(process.dreaded):
            process.dreaded = ""
            process.burnt()
        return answer
