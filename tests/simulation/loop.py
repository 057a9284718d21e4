"""An event loop without a machine: virtual time, seeded order, processes that can be killed or stopped.

Callbacks of one process run in the order in which they became ready, as asyncio promises; which process
comes next is the seed's choice. So every order that real processes could show may occur, and occurs again.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from contextvars import ContextVar, copy_context
from typing import TYPE_CHECKING, Any, TypeVarTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Context
    from random import Random

_Ts = TypeVarTuple("_Ts")


class Process:
    """Everything that dies, or stands still, together."""

    __slots__ = ("alive", "burnt", "cut_until", "dreaded", "fuse", "name", "paused", "ready")

    def __init__(self, name: str) -> None:
        self.name = name
        self.alive = True
        self.paused = False
        self.ready: deque[tuple[asyncio.Handle, Context, Callable[..., object], tuple[Any, ...]]] = deque()
        self.fuse = 0
        """Steps until `burnt` is called, none where it is 0: so a fault may come between any two awaits."""
        self.dreaded = ""
        """What a request begins with after which `burnt` is called at once, nothing where it is empty."""
        self.burnt: Callable[[], None] = lambda: None
        self.cut_until = 0.0
        """Until then neither its requests nor their answers get through."""

    def kill(self) -> None:
        """Let nothing of it run any more."""
        self.alive = False
        self.ready.clear()

    def run(self, work: Callable[..., Any], *args: Any) -> Any:
        """Call `work` as if this process did."""
        context = copy_context()
        context.run(RUNNING.set, self)
        return context.run(work, *args)


RUNNING: ContextVar[Process] = ContextVar("RUNNING")


class StuckError(Exception):
    """Nothing is ready and nothing is due: everybody waits for somebody."""


class Loop(asyncio.BaseEventLoop):
    """Runs what is ready, else moves the time to what is due next."""

    def __init__(self, random: Random) -> None:
        super().__init__()
        self._random = random
        self._now = 0.0
        self._due: list[
            tuple[float, int, asyncio.TimerHandle, Context, Callable[..., object], tuple[Any, ...]]
        ]
        self._due = []
        self._count = 0
        self._processes: list[Process] = []
        self.steps = 0

    def process(self, name: str) -> Process:
        """Return a new process."""
        self._processes = [one for one in self._processes if one.alive]
        made = Process(name)
        self._processes.append(made)
        return made

    def time(self) -> float:
        """Return the virtual seconds since the beginning."""
        return self._now

    def call_soon(
        self, callback: Callable[[*_Ts], object], *args: *_Ts, context: Context | None = None
    ) -> asyncio.Handle:
        """Put a callback behind those of the process in whose context it runs."""
        context = copy_context() if context is None else context
        handle = asyncio.Handle(callback, args, self, context)
        process = context[RUNNING]
        if process.alive:
            process.ready.append((handle, context, callback, args))
        return handle

    def call_at(
        self, when: float, callback: Callable[[*_Ts], object], *args: *_Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Put a callback off until a virtual time."""
        context = copy_context() if context is None else context
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        self._count += 1
        heapq.heappush(self._due, (max(when, self._now), self._count, handle, context, callback, args))
        return handle

    def call_later(
        self, delay: float, callback: Callable[[*_Ts], object], *args: *_Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Put a callback off for virtual seconds."""
        return self.call_at(self._now + delay, callback, *args, context=context)

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Say nothing of what dead processes left: an error that matters ends a process, or the history."""

    def run_until(self, over: Callable[[], bool]) -> None:
        """Run until `over`, which is asked after each step."""
        asyncio._set_running_loop(self)  # noqa: SLF001 - what asyncio has for those who make a loop
        try:
            while not over():
                self._step()
        finally:
            asyncio._set_running_loop(None)  # noqa: SLF001 - as above

    def _step(self) -> None:
        able = [one for one in self._processes if one.ready and not one.paused]
        if not able:
            self._advance()
            return
        process = able[int(self._random.random() * len(able))] if len(able) > 1 else able[0]
        handle, context, callback, args = process.ready.popleft()
        if handle.cancelled():
            return
        self.steps += 1
        context.run(callback, *args)
        if process.fuse:
            process.fuse -= 1
            if not process.fuse:
                process.burnt()

    def _advance(self) -> None:
        """Go to the next time at which anything is due, and make all of that ready."""
        if not self._due:
            raise StuckError
        self._now = self._due[0][0]
        while self._due and self._due[0][0] <= self._now:
            _, _, handle, context, callback, args = heapq.heappop(self._due)
            process = context[RUNNING]
            if process.alive and not handle.cancelled():
                process.ready.append((handle, context, callback, args))
