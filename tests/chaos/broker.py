"""A local broker with a second door, behind a proxy, and a disk that can be full."""

from __future__ import annotations

import resource
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from streams.kafka.local import LocalBroker, free_port
from tests.chaos.proxy import Proxy
from tests.conftest import jars_and_java

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FULL = 4096
"""Bytes beyond which no file of a full disk grows."""


class DisturbedBroker(LocalBroker):
    """Workers reach it at `address`, or at `proxied` through the proxy."""

    proxy: Proxy

    def _make(self, wanted: int) -> None:
        super()._make(wanted)
        inner = free_port(0)
        self.proxy = Proxy(inner)
        listeners = f"PLAINTEXT://{self.address},CONTROLLER://{self._controller()}"
        more = {
            "listeners": f"{listeners},PROXIED://127.0.0.1:{inner}",
            "advertised.listeners": f"PLAINTEXT://{self.address},PROXIED://{self.proxied}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name": "PLAINTEXT",
        }
        with (self.folder / "server.properties").open("a") as properties:
            properties.writelines(f"{key}={value}\n" for key, value in more.items())

    def _controller(self) -> str:
        lines = (self.folder / "server.properties").read_text().splitlines()
        return next(line.partition("@")[2] for line in lines if line.startswith("controller.quorum.voters="))

    @property
    def proxied(self) -> str:
        """Return the address that leads through the proxy."""
        return f"127.0.0.1:{self.proxy.port}"

    def fill(self) -> None:
        """Let the disk be full: writes fail with EFBIG, as with ENOSPC, and the broker ends itself.

        RLIMIT_FSIZE of a running process needs no root; the successor has its own limits again.
        """
        number = int((self.folder / "pid").read_text())
        _, hard = resource.prlimit(number, resource.RLIMIT_FSIZE)
        resource.prlimit(number, resource.RLIMIT_FSIZE, (FULL, hard))


@contextmanager
def a_disturbed_broker(folder: Path) -> Iterator[DisturbedBroker]:
    """Yield a broker with its proxy."""
    broker = DisturbedBroker(folder, *jars_and_java(), time.sleep)
    with broker, broker.proxy:
        yield broker
