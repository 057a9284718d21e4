"""Sightings of several chunks go into the journal together, and nobody hears of it before they are there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import numpy as np
import pytest

from streams.agents.joining import Joining
from streams.columns.placed import Placed
from streams.kafka.ending import Ending

if TYPE_CHECKING:
    from collections.abc import Sequence


def placed(number: int) -> Placed:
    return Placed(*[np.array([number], np.int64) for _ in Placed._fields])


def numbers(several: Sequence[Placed]) -> list[int]:
    return [int(one.high[0]) for one in several]


class Journal:
    """Takes what is written when it is let."""

    def __init__(self) -> None:
        self.written: list[list[int]] = []
        self.let = asyncio.Event()

    async def write(self, several: list[Placed]) -> None:
        await self.let.wait()
        self.let.clear()
        self.written.append(numbers(several))


async def turns() -> None:
    """Let everything run that can."""
    for _ in range(10):
        await asyncio.sleep(0)


def test_what_comes_while_others_are_on_their_way_goes_with_the_next() -> None:
    async def work() -> None:
        journal, ending = Journal(), Ending()
        joining = Joining(journal.write, ending.guard)
        puts = [asyncio.ensure_future(joining.put([placed(0)]))]
        await turns()
        puts += [asyncio.ensure_future(joining.put([placed(number)])) for number in (1, 2, 3)]
        await turns()
        assert [put.done() for put in puts] == [False, False, False, False]
        journal.let.set()
        await turns()
        assert [put.done() for put in puts] == [True, False, False, False]
        journal.let.set()
        await asyncio.gather(*puts)
        assert journal.written == [[0], [1, 2, 3]]

    asyncio.run(work())


def test_who_waits_for_a_write_that_fails_is_never_told_that_it_was_made() -> None:
    """Else a chunk would be acknowledged whose sightings the journal does not have."""

    async def fail(_: object) -> None:
        raise OSError("the broker is gone")

    async def work() -> None:
        ending = Ending()
        joining = Joining(fail, ending.guard)
        puts = [asyncio.ensure_future(joining.put([placed(number)])) for number in (1, 2)]
        await turns()
        assert isinstance(ending.fault, OSError)
        assert [put.done() for put in puts] == [False, False]
        for put in puts:
            put.cancel()

    asyncio.run(work())


def test_a_wait_given_up_takes_no_sightings_with_it() -> None:
    async def work() -> None:
        journal, ending = Journal(), Ending()
        joining = Joining(journal.write, ending.guard)
        one, other = (asyncio.ensure_future(joining.put([placed(number)])) for number in (1, 2))
        await turns()
        one.cancel()
        journal.let.set()
        await other
        with pytest.raises(asyncio.CancelledError):
            await one
        assert journal.written == [[1, 2]]

    asyncio.run(work())
