"""The transport `chunked://`: Faust's aiokafka transport with the chunk-fed consumer (D3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from faust.exceptions import ConsumerNotStarted
from faust.transport.drivers import aiokafka as driver

from streams.kafka.consumer import Consumer as ChunkConsumer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from faust.types import TP

    Departure = Callable[[set[TP]], Awaitable[None]]


class Transport(driver.Transport):
    """Registered by the entry point `faust.transports`; agents reach it as `app.transport`."""

    Consumer = ChunkConsumer
    driver_version = f"chunked {driver.Transport.driver_version}"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.held: set[str] = set()
        """Topics whose partitions wait, after each assignment, until an agent releases them."""
        self._departures: list[Departure] = []

    def before_leaving(self, departure: Departure) -> None:
        """Call `departure` with the partitions before they are given away or the worker stops."""
        self._departures.append(departure)

    async def depart(self, leaving: set[TP]) -> None:
        """Let everybody finish what concerns these partitions."""
        for departure in self._departures:
            await departure(leaving)

    def waiting_bytes(self) -> int:
        """Return the memory of what was fetched and no agent has begun with."""
        consumer: Any = self.app.consumer
        return int(consumer.waiting_bytes())

    async def leave(self) -> None:
        """Finish and commit everything this worker holds; Faust's own stop tells nobody."""
        consumer = self.app.consumer
        try:
            assignment = consumer.assignment()
        except ConsumerNotStarted:
            return
        consumer.stop_flow()
        self.app.flow_control.suspend()
        await self.depart(assignment)
        await consumer.commit()
