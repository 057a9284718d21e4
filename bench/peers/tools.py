"""Each contender's own environment, fetched by Maven or uv by its pins; what cannot be fetched is told."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Final

from bench.peers.contenders import HERE
from streams.kafka.jvm import find_java

if TYPE_CHECKING:
    from pathlib import Path

    from bench.peers.contenders import Contender

HEAP: Final = "-Xmx2g"
QUIET: Final = "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"
OPENED: Final = ("--add-opens=java.base/java.util=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED")
"""What Flink's serialisers reach into."""


class MissingError(Exception):
    """A tool is not there, or could not fetch what a contender needs; the message says which and why."""


def command(contender: Contender, folder: Path) -> list[str]:
    """Return the command that runs a contender of others, built in `folder` the first time."""
    built = _by_maven(contender.tool, folder) if contender.built_by_maven else _by_uv(contender.tool)
    return [*built, *contender.words]


def _by_maven(tool: str, folder: Path) -> list[str]:
    """Return a JVM's command; the poms compile the sources beside them."""
    maven, java = shutil.which("mvn"), find_java(os.environ).command
    if maven is None or shutil.which("javac") is None:
        raise MissingError("needs Maven and a JDK of Java 17")
    built = (folder / tool).absolute()
    words = [
        *(maven, "-q", "-B", "-f", str(HERE / tool / "pom.xml"), f"-Dpeers.build={built}"),
        *("compile", "dependency:copy-dependencies", f"-DoutputDirectory={built / 'jars'}"),
    ]
    _run([*words, "-DincludeScope=runtime"])
    opened = OPENED if tool == "flink" else ()
    main = f"{tool.capitalize()}Peer"
    return [java, HEAP, QUIET, *opened, "-cp", f"{built / 'classes'}:{built / 'jars'}/*", main]


def _by_uv(tool: str) -> list[str]:
    """Return an interpreter with what the script's first lines pin, and the script."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(HERE.parents[1] / ".tools" / "bin"))
    if uv is None:
        raise MissingError("needs uv: run `make setup`")
    script = str(HERE / "python" / f"{tool}.py")
    _run([uv, "sync", "-q", "--script", script])
    return [_run([uv, "python", "find", "--script", script]).strip(), script]


def _run(words: list[str]) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - pinned tools
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines() or ["it said nothing"]
        raise MissingError(f"{words[0]} ended with {done.returncode}: {said[-1]}")
    return done.stdout
