"""docs/tutorial.md, followed by the letter in a fresh copy: its commands run, and what it says comes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from tests.e2e.clone import REPOSITORY, clean, fresh_copy, lay_jars
from tests.e2e.processes import until

if TYPE_CHECKING:
    from pathlib import Path

TUTORIAL = REPOSITORY / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(sh|sh demo|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ADDRESS = "127.0.0.1:9092"
"""Where the tutorial has Kafka; the demo takes another port if this one is taken, and says so."""
END = "end of the block, status"


@dataclass
class Step:
    """A block of commands and what is said to be printed."""

    kind: str
    commands: str
    expected: list[str] = field(default_factory=list)


def steps() -> list[Step]:
    found: list[Step] = []
    for kind, text in BLOCK.findall(TUTORIAL.read_text(encoding="utf-8")):
        if kind == "text":
            found[-1].expected += text.splitlines()
        else:
            found.append(Step(kind, text))
    return found


def check(expected: list[str], printed: str) -> None:
    """Assert that the lines come in this order, others between them or not; … is anything."""
    lines = iter(printed.splitlines())
    for wanted in expected:
        pattern = re.escape(wanted.rstrip()).replace("…", ".*")
        assert any(re.fullmatch(pattern, line.rstrip()) for line in lines), (wanted, printed)


class Terminal:
    """A shell that runs one block after the other, and ends at the first command that fails."""

    def __init__(self, folder: Path) -> None:
        self._shell = subprocess.Popen(
            ["bash", "-e"],
            env=clean(),
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._shell.kill()
        self._shell.communicate()

    def run(self, commands: str) -> str:
        """Run a block; return all that it printed."""
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        self._shell.stdin.write(f"{commands}\necho {END} $?\n")
        self._shell.stdin.flush()
        printed: list[str] = []
        for line in self._shell.stdout:
            if line == f"{END} 0\n":
                return "".join(printed)
            printed.append(line)
        raise AssertionError((commands, "".join(printed)))


@dataclass
class Demo:
    """The second terminal: a demo that runs until Ctrl-C."""

    folder: Path
    command: str
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        lay_jars(self.folder / ".shendeng")
        self._out = self.folder.parent / "demo.txt"
        with self._out.open("wb") as stream:
            self.process = subprocess.Popen(
                ["bash", "-c", f"exec {self.command}"],
                env=clean(),
                cwd=self.folder,
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )

    def told(self) -> str:
        return self._out.read_text(encoding="utf-8")

    def live(self) -> str:
        """Wait until it is live and publishes no more; return Kafka's address."""
        until(lambda: "publishes no more" in self.told() or self.process.poll() is not None, "live")
        found = re.search(r"^Kafka: local, ([0-9.:]+)", self.told(), re.MULTILINE)
        assert found is not None, self.told()
        return found[1]

    def end(self) -> None:
        """End it as Ctrl-C does; whatever happens nothing of it stays."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGINT)
        try:
            self.process.wait(60)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def test_the_tutorial_can_be_followed_by_the_letter(tmp_path: Path) -> None:
    found = steps()
    assert [step.kind for step in found].count("sh demo") == 1
    clone = fresh_copy(tmp_path / "clone")
    demo: Demo | None = None
    address = ADDRESS
    try:
        with Terminal(clone) as terminal:
            for step in found:
                if step.kind == "sh demo":
                    demo = Demo(clone, step.commands)
                    address = demo.live()
                else:
                    check(step.expected, terminal.run(step.commands.replace(ADDRESS, address)))
        assert demo is not None
        shown = demo.told
        until(lambda: "▶ area 'mine' version 1 published" in shown(), "announced at the demo's terminal")
    finally:
        if demo is not None:
            demo.end()
