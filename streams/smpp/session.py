"""A session with a carrier's short message centre: bound, taking texts, submitting answers (SMPP 3.4)."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import count
from typing import TYPE_CHECKING, Final

from streams.smpp import pdus
from streams.smpp.pdus import HEADER, Command, Delivered, Pdu, PduError, decoded, delivered, length_of

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    Take = Callable[[Delivered], Awaitable[Awaitable[object]]]
    """Takes a text; it is acknowledged once what this returns is done, unless that fails."""

PATIENCE: Final = 10.0
"""Seconds that a response may take."""
ENQUIRE: Final = 30.0
"""Seconds between two enquiries whether the other side is there."""
_SEQUENCES: Final = 0x7FFF_FFFF


class Submitted(Enum):
    """What became of a text that was handed over."""

    TAKEN = auto()
    REFUSED = auto()
    NO_ROOM = auto()
    """The centre has no room for it now: it may be handed over again a little later."""


class CentreError(Exception):
    """The centre refused, went away or spoke no SMPP; the message names neither number nor text."""


@dataclass(frozen=True, slots=True)
class Centre:
    """Where the centre is and as whom it knows us; `service` is the short number that answers come from."""

    host: str
    port: int
    system: str
    password: str = field(repr=False)
    service: str


class Session:
    """One connection; after a CentreError it is not used again."""

    def __init__(self, centre: Centre, reader: StreamReader, writer: StreamWriter, take: Take) -> None:
        self._centre, self._reader, self._writer, self._take = centre, reader, writer, take
        self._sequence = _numbers()
        self._open: dict[int, asyncio.Future[Pdu]] = {}
        self._taken: set[asyncio.Task[None]] = set()

    async def bind(self) -> None:
        """Become the system's transceiver."""
        asked = pdus.bind(next(self._sequence), self._centre.system, self._centre.password)
        await self._asked(asked, "bind_transceiver")

    async def submit(self, number: str, text: str) -> Submitted:
        """Hand a text over; say what became of it."""
        answer = await self._response(pdus.submit(next(self._sequence), self._centre.service, number, text))
        match answer.status:
            case pdus.OK:
                return Submitted.TAKEN
            case pdus.FULL | pdus.THROTTLED:
                return Submitted.NO_ROOM
            case _:
                return Submitted.REFUSED

    async def enquire_for_ever(self) -> None:
        """Ask now and then whether the other side is there; CentreError once it is not."""
        while True:
            await asyncio.sleep(ENQUIRE)
            await self._asked(Pdu(Command.ENQUIRE_LINK, next(self._sequence)), "enquire_link")

    async def listen(self) -> None:
        """Take what comes in until the connection ends: CentreError says how."""
        try:
            while True:
                header = await self._reader.readexactly(HEADER.size)
                await self._came(decoded(header, await self._reader.readexactly(length_of(header))))
        except (OSError, EOFError, PduError) as error:
            raise CentreError(f"the centre's connection ended: {type(error).__name__}: {error}") from None
        finally:
            for waiting in self._open.values():
                waiting.cancel()

    async def _came(self, pdu: Pdu) -> None:
        if pdu.response:
            waiting = self._open.pop(pdu.sequence, None)
            if waiting is not None and not waiting.done():
                waiting.set_result(pdu)
            return
        match pdu.command:
            case Command.DELIVER:
                text = delivered(pdu.body)
                done = None if text is None else await self._take(text)
                task = asyncio.create_task(self._acknowledge(pdu, done))
                self._taken.add(task)
                task.add_done_callback(self._taken.discard)
            case Command.ENQUIRE_LINK:
                await self._send(Pdu(pdu.command, pdu.sequence, response=True))
            case Command.UNBIND:
                await self._send(Pdu(pdu.command, pdu.sequence, response=True))
                raise CentreError("the centre unbound us")
            case _:
                await self._send(Pdu(0, pdu.sequence, status=pdus.UNKNOWN, response=True))

    async def _acknowledge(self, pdu: Pdu, done: Awaitable[object] | None) -> None:
        """Acknowledge a text that is safe; where it is not, end, and the centre sends it again."""
        try:
            if done is not None:
                await done
        except Exception:  # noqa: BLE001 - whatever it was, nothing is acknowledged
            self._writer.close()
            return
        await self._send(Pdu(pdu.command, pdu.sequence, b"\0", response=True))

    async def _asked(self, pdu: Pdu, name: str) -> None:
        _check(await self._response(pdu), name)

    async def _response(self, pdu: Pdu) -> Pdu:
        waiting: asyncio.Future[Pdu] = asyncio.get_running_loop().create_future()
        self._open[pdu.sequence] = waiting
        await self._send(pdu)
        try:
            async with asyncio.timeout(PATIENCE):
                return await waiting
        except TimeoutError:
            raise CentreError(f"no response in {PATIENCE:.0f} s") from None

    async def _send(self, pdu: Pdu) -> None:
        try:
            self._writer.write(pdu.encoded())
            await self._writer.drain()
        except OSError as error:
            raise CentreError(f"the centre's connection ended: {type(error).__name__}") from None


@asynccontextmanager
async def session(centre: Centre, take: Take) -> AsyncIterator[tuple[Session, asyncio.Task[None]]]:
    """Give a bound session, and the task that listens: it ends by CentreError, and the session with it."""
    try:
        reader, writer = await asyncio.open_connection(centre.host, centre.port)
    except OSError as error:
        raise CentreError(f"no centre at {centre.host}:{centre.port}: {error.strerror}") from None
    found = Session(centre, reader, writer, take)
    listening = asyncio.create_task(found.listen())
    enquiring = asyncio.create_task(found.enquire_for_ever())
    try:
        await found.bind()
        yield found, listening
    finally:
        for task in (listening, enquiring):
            task.cancel()
        await asyncio.gather(listening, enquiring, return_exceptions=True)
        writer.close()


def _check(answer: Pdu, name: str) -> None:
    if answer.status != pdus.OK:
        raise CentreError(f"{name} was refused with status 0x{answer.status:08x}")


def _numbers() -> Iterator[int]:
    return (number % _SEQUENCES + 1 for number in count())
