"""A session with a short message centre that is not ours (jSMPP): texts in, answers out (rule 14.4)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from streams.smpp.session import Centre, CentreError, Submitted, session
from tests.agents.stage import until
from tests.smpp.centre import SERVICE, SYSTEM, Running, a_centre

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator

    from streams.smpp.pdus import Delivered

NUMBER = "8613800138000"


@pytest.fixture(scope="module")
def centre() -> Iterator[Running]:
    with a_centre() as running:
        yield running


class Taking:
    """Takes texts; what was taken is done only once `safe` is set, and fails if `failing`."""

    def __init__(self) -> None:
        self.texts: list[Delivered] = []
        self.safe, self.failing = asyncio.Event(), False

    async def take(self, text: Delivered) -> Awaitable[object]:
        self.texts.append(text)
        return self._done()

    async def _done(self) -> None:
        await self.safe.wait()
        if self.failing:
            raise RuntimeError("no broker")


def test_texts_come_in_any_coding_and_are_acknowledged_once_they_are_safe_and_answers_go_out(
    centre: Running,
) -> None:
    async def work() -> None:
        taking = Taking()
        async with session(centre.centre, taking.take) as (bound, _):
            centre.tell("ascii", NUMBER, "CXMYD")
            await until(lambda: taking.texts)
            assert "acknowledged" not in centre.said
            taking.safe.set()
            centre.tell("receipt", NUMBER, "id:1 stat:DELIVRD")
            centre.tell("ucs2", NUMBER, "同意123X")
            await until(lambda: centre.said.count("acknowledged") == 3)
            assert await bound.submit(f"+{NUMBER}", "本机近14天：台州。") is Submitted.TAKEN
            assert await bound.submit("+8613800138099", "nobody") is Submitted.REFUSED
            assert await bound.submit("+8613800138098", "at once") is Submitted.NO_ROOM
            assert await bound.submit("+8613800138098", "a moment later") is Submitted.TAKEN
        assert [(one.number, one.text) for one in taking.texts] == [
            (f"+{NUMBER}", "CXMYD"),
            (f"+{NUMBER}", "同意123X"),
        ]
        sent = [(NUMBER, "本机近14天：台州。"), ("8613800138098", "a moment later")]
        await until(lambda: centre.submitted() == sent)

    asyncio.run(work())


def test_a_text_that_is_not_safe_is_not_acknowledged_and_ends_the_session(centre: Running) -> None:
    async def work() -> None:
        taking = Taking()
        taking.failing = True
        taking.safe.set()
        before = centre.said.count("acknowledged")
        async with session(centre.centre, taking.take) as (_, listening):
            centre.tell("ascii", NUMBER, "CXMYD")
            with pytest.raises(CentreError):
                await asyncio.wait_for(listening, 30)
        assert len(taking.texts) == 1
        assert centre.said.count("acknowledged") == before

    asyncio.run(work())


def test_a_wrong_password_and_an_absent_centre_are_said_and_shown_nowhere() -> None:
    async def refusal(centre: Centre) -> str:
        with pytest.raises(CentreError) as refused:
            async with session(centre, Taking().take):
                pass
        return str(refused.value)

    with a_centre() as running:
        wrong = Centre("127.0.0.1", running.port, SYSTEM, "guessed", SERVICE)
        told = asyncio.run(refusal(wrong))
    assert told == "bind_transceiver was refused with status 0x0000000e"
    assert "guessed" not in repr(wrong)
    assert "no centre at 127.0.0.1" in asyncio.run(refusal(running.centre))
