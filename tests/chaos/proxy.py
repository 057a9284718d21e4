"""A proxy between workers and the broker: open, slow, cut, or holding back some kinds of requests."""

from __future__ import annotations

import asyncio
import struct
from contextlib import suppress
from threading import Event, Thread
from typing import Self

from streams.kafka.local import free_port

CHUNK = 1 << 16
LOOK = 0.05
HEAD = struct.Struct(">ih")
"""How a request begins: its size without this number, then which API it is for."""
ADD_PARTITIONS_TO_TXN, END_TXN = 24, 26


class Proxy(Thread):
    """Passes bytes on between its port and another; runs in a thread of its own."""

    def __init__(self, target: int) -> None:
        super().__init__(daemon=True)
        self.port, self._target = free_port(0), target
        self._up = Event()
        self._open = True
        self._delay = 0.0
        self._held: tuple[int, ...] = ()
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None

    def __enter__(self) -> Self:
        self.start()
        self._up.wait()
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop is not None and self._over is not None:
            self._loop.call_soon_threadsafe(self._over.set)
        self.join()

    def slow(self, seconds: float) -> None:
        """Let every piece, either way, wait so long."""
        self._delay = seconds

    def hold(self, *apis: int) -> None:
        """Let no request for these APIs through, nor what comes after it on its connection."""
        self._held = apis

    def cut(self) -> None:
        """End all connections and let no new one through."""
        self._open = False
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._end)

    def mend(self) -> None:
        """Let everything through again, at once."""
        self._open, self._delay, self._held = True, 0.0, ()

    def run(self) -> None:
        """Serve until the block ends."""
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self._up.set()
        await self._over.wait()
        server.close()
        self._end()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._open:
            writer.transport.abort()
            return
        try:
            further, back = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        await asyncio.gather(self._ask(reader, back), self._pass(further, writer))

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readexactly(HEAD.size)
                size, api = HEAD.unpack(head)
                request = head + await reader.readexactly(size - 2)
                await asyncio.sleep(self._delay)
                while api in self._held:  # noqa: ASYNC110 - another thread lets go
                    await asyncio.sleep(LOOK)
                writer.write(request)
                await writer.drain()
        self._writers.discard(writer)
        writer.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                await asyncio.sleep(self._delay)
                writer.write(data)
                await writer.drain()
        self._writers.discard(writer)
        writer.transport.abort()

    def _end(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()
