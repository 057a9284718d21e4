"""How a worker ends when it must: the first fault is kept, everything else follows from it (crash-only)."""

from __future__ import annotations

import asyncio
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

log = logging.getLogger(__name__)


class Ending:
    """The one fault that ends this process; Faust would log an agent's error, acknowledge and go on."""

    def __init__(self) -> None:
        self.fault: BaseException | None = None
        self._failed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def fail(self, fault: BaseException) -> None:
        """End the process because of `fault`; later ones are consequences and only logged."""
        if self.fault is None:
            self.fault = fault
            self._failed.set()
        else:
            log.debug("a consequence: %s", type(fault).__name__)

    async def wait(self) -> BaseException:
        """Return the fault once there is one."""
        await self._failed.wait()
        assert self.fault is not None  # noqa: S101 - set before the event
        return self.fault

    @contextmanager
    def fatal(self) -> Iterator[None]:
        """Make every error inside the end of the process; for an agent's whole body.

        It goes no further: Faust would log it with the values it carries.
        """
        try:
            yield
        except Exception as fault:  # noqa: BLE001 - whatever it is, going on would lose data silently
            self.fail(fault)

    def guard(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Run `work` as a task whose failure ends the process."""
        task = asyncio.get_running_loop().create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _guarded(self, work: Coroutine[object, object, None]) -> None:
        with self.fatal():
            await work

    async def cancel(self) -> None:
        """Cancel every guarded task and wait until they are gone."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
