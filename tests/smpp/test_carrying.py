"""Answers carried to a centre that has no room for some of them (rule 14.4)."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from streams.cli.sms._carrying import Carrying
from streams.kafka.exchange import Exchange
from streams.people.codes.digits import CheckKey
from streams.people.pseudonyms import Key, Keys
from streams.people.sms.dialogue import DIALOGUE
from streams.people.sms.grammar import GRAMMARS
from streams.people.sms.switchboard import Sending, Switchboard
from tests.agents.stage import until
from tests.smpp.centre import a_centre

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

NOW: Final = 1_600_000_000
NUMBER, NO_ROOM = "8613800138000", "8613800138097"
BOARD: Final = Switchboard(GRAMMARS["mobile"], Keys(Key(1, bytes(range(32)))), CheckKey(bytes(range(1, 33))))


class Given(Exchange):
    """Kafka's end: answers as the test has them."""

    def __init__(self) -> None:
        self.some: asyncio.Queue[Sending] = asyncio.Queue()

    def answer(self, number: str, text: str, until: int) -> None:
        self.some.put_nowait(Sending(f"+{number}", (text,), until))

    async def answers(self) -> AsyncGenerator[Sending, None]:
        while True:
            yield await self.some.get()


def test_an_answer_without_room_holds_up_no_other_and_is_given_up_once_it_is_too_late() -> None:
    async def work() -> None:
        time, given = [NOW], Given()
        carrying = Carrying(given, BOARD, centre.centre, lambda: time[0])
        running = asyncio.create_task(carrying.run())
        given.answer(NO_ROOM, "no room", NOW + DIALOGUE)
        given.answer(NUMBER, "room", NOW + DIALOGUE)
        await until(lambda: centre.submitted() == [(NUMBER, "room")])
        assert tried() > 0
        time[0] += DIALOGUE
        await until(lambda: carrying.told() == "1 answers too late, 1 texts back")
        before = tried()
        given.answer(NUMBER, "later", time[0] + DIALOGUE)
        await until(lambda: centre.submitted()[1:] == [(NUMBER, "later")])
        assert tried() == before
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    def tried() -> int:
        return centre.said.count(f"throttled\t{NO_ROOM}")

    with a_centre() as centre:
        asyncio.run(work())
