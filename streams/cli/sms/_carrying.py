"""Texts carried from a centre to Kafka and answers back, over connections that come and go (rule 14.4)."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import Counter, deque
from typing import TYPE_CHECKING, Final

from streams.kafka.beside import beside
from streams.people.sms.switchboard import NumberError
from streams.smpp.session import CentreError, Submitted, session

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from streams.kafka.exchange import Exchange
    from streams.people.sms.switchboard import Sending, Switchboard
    from streams.smpp.pdus import Delivered
    from streams.smpp.session import Centre, Session

log = logging.getLogger("shendeng.sms.bridge")

PAUSE: Final = 2.0
"""Seconds until a lost connection to the centre is made again, and between two looks for what is old."""
AGAIN: Final = 1.0
"""Seconds until something is handed over again after the centre had no room."""


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
        await beside(self._answers(), self._forget(), self._connect_for_ever())

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
        """Submit answers in order, but for those that the centre has no room for: they let others pass."""
        while True:
            await self._some.wait()
            while self._waiting:
                await self._submit(bound, self._waiting.popleft())
            self._some.clear()

    async def _submit(self, bound: Session, sending: Sending) -> None:
        """Submit an answer's next part; what a lost connection interrupts is tried again over the next."""
        if self._too_late(sending):
            return
        try:
            became = await bound.submit(sending.number, sending.parts[0])
        except (CentreError, asyncio.CancelledError):
            self._waiting.appendleft(sending)
            raise
        if became is Submitted.NO_ROOM:
            self._waiting.append(sending)
            await asyncio.sleep(AGAIN)
            return
        self._counts["texts back" if became is Submitted.TAKEN else "texts back refused"] += 1
        if len(sending.parts) > 1:
            self._waiting.appendleft(sending._replace(parts=sending.parts[1:]))

    async def _forget(self) -> None:
        """Forget numbers in time, those of answers that wait for the centre too."""
        while True:
            await asyncio.sleep(PAUSE)
            self._board.forget(self._now())
            self._waiting = deque(one for one in self._waiting if not self._too_late(one))

    def _too_late(self, sending: Sending) -> bool:
        """Say whether an answer is to be sent no more, and count it; whoever asks drops it then."""
        if self._now() < sending.until:
            return False
        self._counts["answers too late"] += 1
        return True


async def _nothing() -> None:
    return
