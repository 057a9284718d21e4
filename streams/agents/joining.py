"""Sightings of several chunks that go into the journal together.

What comes while others are on their way goes with the next: a record, a request and an answer cost what they
cost, however little is in them.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence
    from typing import Any

    from streams.columns.placed import Placed

    Write = Callable[[list[Placed]], Awaitable[None]]
    Guard = Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]


class Joining:
    """Writes by turns, one at a time.

    `guard` starts a task whose failure ends the process: who waits for a write that failed waits until then.
    """

    def __init__(self, write: Write, guard: Guard) -> None:
        self._write, self._guard = write, guard
        self._gathered: list[Placed] = []
        self._next: asyncio.Future[None] | None = None
        self._writing = asyncio.Lock()

    async def put(self, placed: Sequence[Placed]) -> None:
        """Write sightings with what else has gathered; they are there for good when this returns."""
        self._gathered += placed
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
            self._guard(self._turn(self._next))
        await asyncio.shield(self._next)

    async def _turn(self, written: asyncio.Future[None]) -> None:
        async with self._writing:
            placed, self._gathered, self._next = self._gathered, [], None
            await self._write(placed)
        written.set_result(None)
