"""The short message centre of the tests: jSMPP (Apache 2.0) behind Centre.java, a process of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final

from streams.kafka.jvm import find_java
from streams.smpp.session import Centre

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE: Final = Path(__file__).parent
HOME: Final = HERE.parent.parent / ".shendeng" / "smpp"
SYSTEM, PASSWORD, SERVICE = "shendeng", "secret", "10086"


@dataclass
class Running:
    """A centre at work: what it said, line by line, and how to let it do something."""

    port: int
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    @property
    def centre(self) -> Centre:
        return Centre("127.0.0.1", self.port, SYSTEM, PASSWORD, SERVICE)

    def tell(self, *words: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\t".join(words) + "\n")
        self.process.stdin.flush()

    def listen(self) -> None:
        assert self.process.stdout is not None
        self.said.extend(line.rstrip("\n") for line in self.process.stdout)

    def submitted(self) -> list[tuple[str, str]]:
        """Return number and text of what was submitted to it."""
        rows = [line.split("\t") for line in self.said]
        return [(row[1], row[2]) for row in rows if row[0] == "submitted"]


def jars() -> Path:
    """Return the folder of jSMPP's jars, fetched by Maven the first time."""
    found = HOME / "jars-3.0.2"
    if not found.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        partial = HOME / f"jars.{os.getpid()}"
        maven = ["mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"]
        subprocess.run([*maven, "-DincludeScope=runtime", f"-DoutputDirectory={partial}"], check=True)
        if found.exists():
            shutil.rmtree(partial)
        else:
            partial.rename(found)
    return found


@contextmanager
def a_centre() -> Iterator[Running]:
    """Yield a centre that listens on a free port, once it does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [find_java(os.environ).command, "-cp", f"{jars()}/*", str(HERE / "Centre.java")]
    process = subprocess.Popen(
        [*words, str(port), SYSTEM, PASSWORD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    running = Running(port, process, [process.stdout.readline().rstrip("\n")])
    listening = Thread(target=running.listen, daemon=True)
    listening.start()
    try:
        assert running.said == ["listening"], "the centre did not start"
        yield running
    finally:
        process.kill()
        process.wait()
        listening.join()
