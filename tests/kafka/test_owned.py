"""A partition that is given away while a transaction of it, or its producer's end, is on its way."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from streams.kafka.errors import EngineError
from streams.kafka.owned import Owned, Stage
from streams.kafka.transactions import Output
from streams.kafka.watch import Watch
from streams.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.kafka.transactions import Told

OUTPUT = Output("a", b"k", b"v")


class Slow:
    """A producer whose transactions and whose end go on when a test says so; closed, it refuses."""

    def __init__(self) -> None:
        self.begun, self.commits, self.closing = asyncio.Event(), 0, asyncio.Event()
        self.go_on, self.let_go = asyncio.Event(), asyncio.Event()
        self.refusal: Exception | None = None

    async def commit(self, outputs: Iterable[Output | Told]) -> None:
        del outputs
        if self.closing.is_set():
            raise EngineError("closed")
        self.commits += 1
        self.begun.set()
        await self.go_on.wait()
        if self.refusal is not None:
            raise self.refusal

    async def close(self) -> None:
        self.closing.set()
        await self.let_go.wait()


class Plain(Owned):
    """Writes what it is given."""

    what = "plain partition"

    async def open(self) -> None:
        await self._fence()
        self.stage = Stage.LIVE

    async def run(self) -> None:
        await self._commit_beside()

    def give(self) -> None:
        self._outputs.append(OUTPUT)
        self._work.set()

    async def _commit_gathered(self) -> None:
        outputs, self._outputs = self._outputs, []
        if outputs:
            await self._write(outputs)


async def begun(slow: Slow) -> tuple[Plain, asyncio.Task[None]]:
    """Return who commits by that producer, and their work, once the first transaction has begun."""

    async def fence() -> Slow:
        return slow

    store: Any = SimpleNamespace(partition=0, fence=fence)
    loop = asyncio.get_running_loop()
    plain = Plain(store, interval=0.0, monotonic=loop.time, watch=Watch(Metrics(), loop.time))
    await plain.open()
    running = asyncio.ensure_future(plain.run())
    plain.give()
    await slow.begun.wait()
    return plain, running


def test_a_transaction_that_was_broken_off_is_followed_by_no_other() -> None:
    async def work() -> None:
        slow = Slow()
        plain, running = await begun(slow)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        plain.give()
        slow.go_on.set()
        slow.let_go.set()
        await plain.close()
        assert slow.commits == 1

    asyncio.run(work())


def test_what_comes_while_the_producer_is_let_go_is_left_to_the_next_owner() -> None:
    async def work() -> None:
        slow = Slow()
        slow.go_on.set()
        plain, running = await begun(slow)
        closing = asyncio.ensure_future(plain.close())
        await slow.closing.wait()
        plain.give()
        for _ in range(10):
            await asyncio.sleep(0)
        slow.let_go.set()
        await closing
        assert not running.done()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert slow.commits == 1

    asyncio.run(work())


def test_a_transaction_that_fails_once_a_partition_is_given_away_ends_no_worker() -> None:
    async def work() -> None:
        slow = Slow()
        plain, running = await begun(slow)
        closing = asyncio.ensure_future(plain.close())
        await asyncio.sleep(0)
        slow.refusal = EngineError("refused")
        slow.go_on.set()
        slow.let_go.set()
        await asyncio.gather(closing, running)
        assert plain.stage is Stage.FENCED

    asyncio.run(work())
