"""Texts carried from a centre to Kafka and answers back, over connections that come and go (rule 14.4)."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import Counter, deque
from typing import TYPE_CHECKING, Final

from streams.people.sms.switchboard import NumberError
from streams.smpp.session import CentreError, session

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from streams.kafka.exchange import Exchange
    from streams.people.sms.switchboard import Sending, Switchboard
    from streams.smpp.pdus import Delivered
    from streams.smpp.session import Centre, Session

log = logging.getLogger("shendeng.sms.bridge")

PAUSE: Final = 2.0
"""Seconds until a lost connection to the centre is made again, and between two looks for what is old."""


class Carrying:
    """One bridge at work; `now` are unix seconds."""

    def __init__(self, kafka: Exchange, board: Switchboard, centre: Centre, now: Callable[[], int]) -> None:
        self._kafka, self._board, self._centre, self._now = kafka, board, centre, now
        self._waiting: deque[Sending] = deque()
        self._some = asyncio.Event()
        self._counts: Counter[str] = Counter()

    def told(self) -> str:
        """Return what was carried, in words."""
        return ", ".join(f"{count} {what}" for what, count in sorted(self._counts.items())) or "nothing"

    async def run(self) -> None:
        """Carry, connecting again when the centre goes away; errors of Kafka end it."""
        tasks = [
            asyncio.create_task(work) for work in (self._answers(), self._forget(), self._connect_for_ever())
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _connect_for_ever(self) -> None:
        while True:
            try:
                async with session(self._centre, self._put) as (bound, listening):
                    log.info("bound to the centre at %s:%d", self._centre.host, self._centre.port)
                    sending = asyncio.create_task(self._send(bound))
                    await asyncio.wait([sending, listening], return_when=asyncio.FIRST_COMPLETED)
                    sending.cancel()
                    await asyncio.gather(sending, return_exceptions=True)
                    await listening
            except CentreError as error:
                log.warning("%s; again in %.0f s", error, PAUSE)
                await asyncio.sleep(PAUSE)

    async def _put(self, text: Delivered) -> Awaitable[object]:
        """Hand a text over; what says nothing, or comes from no number, is acknowledged and forgotten."""
        message = secrets.token_hex(8) if text.reference is None else f"{text.reference}"
        try:
            done = await self._kafka.put(message, text.number, text.text)
        except NumberError:
            self._counts["from no number"] += 1
            return _nothing()
        self._counts["texts" if done is not None else "texts that say nothing"] += 1
        return _nothing() if done is None else done

    async def _answers(self) -> None:
        async for sending in self._kafka.answers():
            self._waiting.append(sending)
            self._some.set()

    async def _send(self, bound: Session) -> None:
        """Submit answers in order; what a lost connection interrupts is tried again over the next."""
        while True:
            await self._some.wait()
            while self._waiting:
                sending = self._waiting.popleft()
                while sending.parts and self._now() < sending.until:
                    try:
                        accepted = await bound.submit(sending.number, sending.parts[0])
                    except (CentreError, asyncio.CancelledError):
                        self._waiting.appendleft(sending)
                        raise
                    self._counts["texts back" if accepted else "texts back refused"] += 1
                    sending = sending._replace(parts=sending.parts[1:])
            self._some.clear()

    async def _forget(self) -> None:
        """Forget numbers in time, those of answers that wait for the centre too."""
        while True:
            await asyncio.sleep(PAUSE)
            self._board.forget(self._now())
            while self._waiting and self._now() >= self._waiting[0].until:
                self._counts["answers too late"] += 1
                self._waiting.popleft()


async def _nothing() -> None:
    return
